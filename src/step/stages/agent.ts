/** One headless run of the coding agent: the work itself, or the mending of what checks or a review found. */
import path from 'node:path';
import type { AgentReport } from '../../model/agent.js';
import { hashOf, resultOf, runBooked, runsOf, completedRun } from '../agent-run.js';
import type { RunOrder } from '../agent-run.js';
import { moneyUsedUp, spendableUsd } from '../budget.js';
import { ended as endOf } from '../journal.js';
import { fail, next, stop } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { whatAPersonDid } from '../still-wanted.js';
import { agentFailures, failureText } from '../taxonomy.js';
import { touchedReason, watched } from '../watch.js';
import { failuresBefore } from './check.js';
import { reviewBefore } from './evaluated.js';
import { prepared } from './prepare.js';
import { promptFacts } from './prompt-facts.js';

export const agent: Stage = { name: 'agent', run };

async function run(context: StageContext): Promise<StageEnd> {
  const edited = await whatAPersonDid(context);
  if (edited !== null) return stop(edited);
  const done = completedRun(context.journal, context.round);
  const budget = done === null ? await spendableUsd(context) : null;
  if (budget !== null && budget <= 0) return fail(moneyUsedUp, { next: agentFailures.max_budget.next });

  const ended = await watched(context, async () => done ?? (await runAgent(context, budget)));
  const { sessionId, turns, durationMs, outcome } = ended.result;
  const facts = { sessionId, turns, durationMs };
  if (ended.touched.length > 0) return fail(touchedReason('the agent', ended.touched), facts);
  const result = resultOf(outcome);
  if (result.kind === 'completed')
    return next({ ...facts, isSilent: done === null && result.text.trim() === '' });
  // Stopped by a limit of the target or the day: this throws, since it isn't the item's fault.
  if (result.failure === 'max_budget') await spendableUsd(context);
  return fail(`agent: ${failureText(result)}`, { ...facts, next: agentFailures[result.failure].next });
}

async function runAgent(context: StageContext, maxUsd: number | null): Promise<AgentReport> {
  const { config, stations, surroundings, signal } = context;
  const cwd = path.resolve(surroundings.root, prepared(context).worktree);
  const prompt = await stations.prompts.build(await promptFacts(context, cwd), signal);
  const start = (turn: Turn): Promise<AgentReport> =>
    runBooked(context, {
      stage: 'agent',
      effect: 'run',
      ...turn,
      cwd,
      prefix: prompt.prefix,
      prefixHash: prompt.prefixHash,
      messageHash: hashOf(prompt.message),
      model: config.agent.model,
      maxUsd,
    });
  const turn = await nextTurn(context, cwd, prompt.message);
  const report = await start(turn);
  // Claude Code looks for a session elsewhere than we do when the repository was moved.
  const isLost = report.outcome.kind === 'failed' && report.outcome.failure === 'session_lost';
  return turn.resume && isLost ? start(anew(context, prompt.message)) : report;
}

type Turn = Pick<RunOrder, 'sessionId' | 'resume' | 'message'>;

/** A run that was interrupted is gone on with, a repair goes on in the session of the round before. */
async function nextTurn(context: StageContext, cwd: string, message: string): Promise<Turn> {
  const { attempt, journal, round, stations } = context;
  const interrupted = runsOf(journal, round).at(-1);
  const sessionId = interrupted?.sessionId ?? sessionBefore(context);
  if (sessionId === null) return { ...anew(context, message), sessionId: attempt.sessionId };
  const state = await stations.agent.session({ attempt: { ...attempt, sessionId }, cwd });
  if (state !== 'answered') return anew(context, message);

  const mend = whatToMend(context);
  if (interrupted === undefined) return { sessionId, resume: true, message: mend ?? message };
  // A person may have asked for something since.
  const task = interrupted.messageHash === hashOf(message) ? null : message;
  return { sessionId, resume: true, message: stations.prompts.goOn(mend ?? task) };
}

/** A session of its own, which has to be told everything. */
function anew(context: StageContext, message: string): Turn {
  const told = [message, whatToMend(context)].filter((text) => text !== null).join('\n\n');
  return { sessionId: context.surroundings.newId(), resume: false, message: told };
}

/** What the round before this one came to; null when there was none. */
function whatToMend(context: StageContext): string | null {
  const { prompts } = context.stations;
  const failures = failuresBefore(context);
  if (failures.length > 0) return prompts.repair(failures);
  const review = reviewBefore(context);
  return review === null ? null : prompts.improve(review);
}

function sessionBefore({ journal, round }: StageContext): string | null {
  const before = round === 0 ? null : endOf(journal, { stage: 'agent', round: round - 1, effect: 'stage' });
  const earlier = before?.['sessionId'];
  return typeof earlier === 'string' ? earlier : null;
}
