/** One headless run of the coding agent: the work itself, or the mending of what checks or a review found. */
import path from 'node:path';
import type { AgentReport } from '../../model/agent.js';
import { hashOf } from '../../system/content-hash.js';
import { formatUsd } from '../../model/format.js';
import { resultOf, runBooked } from '../agent-run.js';
import type { BookedRun, RunOrder } from '../agent-run.js';
import { dearestUsd, factorOf, isCutShort, isOutOfMoney } from '../binary-limit.js';
import { modelOf, withRoutedModel } from '../attempt-model.js';
import { orFallBack } from '../best-work.js';
import { grantUsd, moneyUsedUp, remainingUsd } from '../budget.js';
import type { Grant } from '../budget.js';
import { ended as endOf } from '../journal.js';
import { completedRun, runsOf } from '../run-records.js';
import { fail, next, stop } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { whatAPersonDid } from '../still-wanted.js';
import { agentFailures, failureText } from '../taxonomy.js';
import { touchedReason, watched } from '../watch.js';
import { roundsBefore } from './check.js';
import { reviewBefore } from './evaluated.js';
import { prepared } from './prepare.js';
import { promptFacts } from './prompt-facts.js';
import { promptOverWindow } from './window.js';

export const agent: Stage = { name: 'agent', run };

async function run(context: StageContext): Promise<StageEnd> {
  const edited = await whatAPersonDid(context);
  if (edited !== null) return stop(edited);
  const done = completedRun(context.journal, context.round);
  const over = done === null ? await promptOverWindow(context) : null;
  if (over !== null) {
    const reason = failureText({ failure: 'context_full', detail: over });
    return fail(`agent: ${reason}`, { next: agentFailures.context_full.next });
  }
  const ended = await watched(context, async () => done ?? (await runOnGrants(context)));
  const facts = ended.result === null ? {} : factsOf(ended.result);
  if (ended.touched.length > 0) return fail(touchedReason('the agent', ended.touched), facts);
  if (ended.result === null) {
    const { next: mend } = agentFailures.max_budget;
    return orFallBack(context, fail(moneyUsedUp, { failure: 'max_budget', next: mend }));
  }
  const result = resultOf(withRoutedModel(ended.result.outcome, context.journal));
  if (result.kind === 'completed')
    return next({ ...facts, isSilent: done === null && result.text.trim() === '' });
  const detail = isOutOfMoney(result) ? await spendingText(context, result.detail) : result.detail;
  const reason = failureText({ failure: result.failure, detail });
  return orFallBack(
    context,
    fail(`agent: ${reason}`, {
      ...facts,
      failure: result.failure,
      next: agentFailures[result.failure].next,
    }),
  );
}

/** In our prices: what the binary was told may be another sum. */
async function spendingText(context: StageContext, otherwise: string): Promise<string> {
  const { itemUsd } = context.config.budget;
  const left = await remainingUsd(context);
  if (itemUsd === undefined || left === null) return otherwise;
  return `${formatUsd(itemUsd - left)} of ${formatUsd(itemUsd)} are spent (budget.itemUsd)`;
}

function factsOf({ sessionId, turns, durationMs }: Pick<AgentReport, 'sessionId' | 'turns' | 'durationMs'>) {
  return { sessionId, turns, durationMs };
}

/**
 * What target and day allow may be used up before the work is done, or what the binary takes its answers' price for: then
 * the run goes on with another share, or with what is left. null: the item's own money is used up.
 */
async function runOnGrants(context: StageContext): Promise<AgentReport | null> {
  const { stations, surroundings } = context;
  let atLeast = 0;
  let factor = 1;
  for (;;) {
    await using grant = await grantUsd(context, { atMost: null, atLeast });
    if (grant === null) return null;
    const report = await runAgent(context, grant, factor);
    const now = surroundings.now();
    atLeast = dearestUsd(report.messages, (model, tokens) => stations.ledger.price(model, tokens, now));
    if (!mayGoOn(report, grant, atLeast)) return report;
    factor = factorOf(report);
  }
}

function mayGoOn(report: BookedRun, grant: Grant, dearest: number): boolean {
  const { booked, outcome, maxUsd } = report;
  if (!isOutOfMoney(outcome) || maxUsd === null) return false;
  // Without a price there is no next grant: whoever asks for it is told the model.
  if (booked.costUsd === null) return true;
  return (grant.isShare && booked.costUsd > 0) || isCutShort(report, dearest);
}

async function runAgent(context: StageContext, grant: Grant, factor: number): Promise<BookedRun> {
  const { config, stations, surroundings, signal } = context;
  const cwd = path.resolve(surroundings.root, prepared(context).worktree);
  const prompt = await stations.prompts.build(await promptFacts(context, cwd), signal);
  const start = (turn: Turn): Promise<BookedRun> =>
    runBooked(context, {
      stage: 'agent',
      effect: 'run',
      ...turn,
      cwd,
      prefix: prompt.prefix,
      prefixHash: prompt.prefixHash,
      messageHash: hashOf(prompt.message),
      model: modelOf(context.journal) ?? config.agent.model,
      grant,
      factor,
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
  const told = [message, whatToMend(context, true)].filter((text) => text !== null).join('\n\n');
  return { sessionId: context.surroundings.newId(), resume: false, message: told };
}

/** What the round before this one came to; null when there was none. A new session knows nothing of earlier ones. */
function whatToMend(context: StageContext, isNew = false): string | null {
  const { prompts } = context.stations;
  const rounds = roundsBefore(context);
  if (rounds !== null) return prompts.repair(isNew ? { ...rounds, before: [] } : rounds);
  const review = reviewBefore(context);
  return review === null ? null : prompts.improve(review);
}

function sessionBefore({ journal, round }: StageContext): string | null {
  const before = round === 0 ? null : endOf(journal, { stage: 'agent', round: round - 1, effect: 'stage' });
  const earlier = before?.['sessionId'];
  return typeof earlier === 'string' ? earlier : null;
}
