/** One headless run of the coding agent: the work itself, or the mending of what checks or a review found. */
import path from 'node:path';
import type { AgentReport } from '../../model/agent.js';
import { failureText, resultOf, runBooked } from '../agent-run.js';
import { remainingUsd } from '../budget.js';
import { ended } from '../journal.js';
import { fail, next, stop } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { whatAPersonDid } from '../still-wanted.js';
import { failuresBefore } from './check.js';
import { reviewBefore } from './evaluated.js';
import { prepared } from './prepare.js';
import { promptFacts } from './prompt-facts.js';

export const agent: Stage = { name: 'agent', run };

async function run(context: StageContext): Promise<StageEnd> {
  const edited = await whatAPersonDid(context);
  if (edited !== null) return stop(edited);
  const budget = await remainingUsd(context);
  if (budget !== null && budget <= 0) return fail('the item’s money is used up (budget.itemUsd)');

  const before = await context.stations.workspace.fingerprint(context.signal);
  const report = await runAgent(context, budget);
  const after = await context.stations.workspace.fingerprint(context.signal);
  const facts = { sessionId: report.sessionId, turns: report.turns, durationMs: report.durationMs };
  if (before !== after) return fail('the agent changed the repository’s git config, hooks or info/', facts);
  const result = resultOf(report.outcome);
  return result.kind === 'completed' ? next(facts) : fail(`agent: ${failureText(result)}`, facts);
}

async function runAgent(context: StageContext, maxUsd: number | null): Promise<AgentReport> {
  const { config, stations, surroundings, signal } = context;
  const cwd = path.resolve(surroundings.root, prepared(context).worktree);
  const { prefix, prefixHash, message } = await stations.prompts.build(
    await promptFacts(context, cwd),
    signal,
  );
  const session = sessionOf(context);
  return runBooked(context, {
    stage: 'agent',
    effect: 'run',
    sessionId: session.id,
    resume: session.resume,
    cwd,
    prefix,
    prefixHash,
    message: whatToMend(context) ?? message,
    model: config.agent.model,
    maxUsd,
  });
}

/** What the round before this one came to; null when there was none. */
function whatToMend(context: StageContext): string | null {
  const { prompts } = context.stations;
  const failures = failuresBefore(context);
  if (failures.length > 0) return prompts.repair(failures);
  const review = reviewBefore(context);
  return review === null ? null : prompts.improve(review);
}

/** A repair goes on in the session of the round before. A run that was interrupted makes a new attempt, see attempts.ts. */
function sessionOf({ attempt, journal, round }: StageContext): {
  readonly id: string;
  readonly resume: boolean;
} {
  const before = round === 0 ? null : ended(journal, { stage: 'agent', round: round - 1, effect: 'stage' });
  const earlier = before?.['sessionId'];
  return typeof earlier === 'string'
    ? { id: earlier, resume: true }
    : { id: attempt.sessionId, resume: false };
}
