/** One headless run of the coding agent: the work itself, or the mending of what the checks found. */
import path from 'node:path';
import type { AgentOutcome, AgentReport } from '../../model/agent.js';
import { RegenError } from '../../model/errors.js';
import { runKey } from '../agent-run.js';
import type { RunIntent } from '../agent-run.js';
import { createBooker } from '../booking.js';
import { remainingUsd } from '../budget.js';
import { ended } from '../journal.js';
import { fail, next, stop } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { whatAPersonDid } from '../still-wanted.js';
import { failuresBefore } from './check.js';
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
  return endOf(report.outcome, facts);
}

async function runAgent(context: StageContext, maxUsd: number | null): Promise<AgentReport> {
  const { attempt, journal, round, stations, surroundings, signal } = context;
  const cwd = path.resolve(surroundings.root, prepared(context).worktree);
  const prompt = await stations.prompts.build(await promptFacts(context, cwd), signal);
  const failures = failuresBefore(context);
  const session = sessionOf(context);
  const { prefixHash } = prompt;
  const run: RunIntent = {
    sessionId: session.id,
    prefixHash,
    directory: `agent-${round}-${session.id.slice(0, 8)}`,
  };
  const booker = createBooker(context, { stage: 'agent', round, session: session.id, prefixHash });

  await journal.append(runKey(round), 'begin', { ...run });
  const report = await stations.agent.run(
    {
      attempt: { ...attempt, sessionId: session.id },
      cwd,
      prefix: prompt.prefix,
      message: failures.length > 0 ? stations.prompts.repair(failures) : prompt.message,
      model: context.config.agent.model,
      resume: session.resume,
      directory: path.join(attempt.directory, run.directory),
      maxUsd,
    },
    booker.onMessage,
    signal,
  );
  await booker.done();
  await journal.append(runKey(round), 'end', { outcome: report.outcome.kind });
  signal.throwIfAborted();
  return report;
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

function endOf(outcome: AgentOutcome, facts: Readonly<Record<string, unknown>>): StageEnd {
  switch (outcome.kind) {
    case 'completed':
      return next(facts);
    case 'failed':
      return fail(`agent: ${outcome.failure.replaceAll('_', ' ')}: ${outcome.detail}`, facts);
    case 'waiting':
      throw new RegenError('wait', outcome.detail, {
        hint: 'The item stays open; a later invocation goes on with it.',
        retryAt: outcome.retryAt ?? undefined,
      });
    case 'not_ready':
      throw new RegenError('environment', outcome.detail, { hint: outcome.hint });
    case 'interrupted':
      throw new RegenError('interrupted', 'the agent was interrupted');
  }
}
