/** The end of an attempt: the mark in the plan, the clean-up, what is said of it. */
import { countStates } from '../model/plan.js';
import type { ItemState } from '../model/plan.js';
import type { Outcome, StepResult } from '../model/step-result.js';
import { cleanUp, tickKey } from './attempts.js';
import { begun, ended } from './journal.js';
import { logLine } from './log-line.js';
import type { AttemptEnd } from './position.js';
import { noteShipped } from './shipped-log.js';
import { lastResults } from './stages/check.js';
import { currentEvaluation } from './stages/evaluated.js';
import { shippedData } from './stages/shipped-data.js';
import type { StageContext } from './stage.js';

type Context = Omit<StageContext, 'round'>;

/** Marks the item, drops the worktree, closes the attempt. A person's edit of the plan wins over the mark. */
export async function finish(context: Context, end: AttemptEnd, startedAt: Date): Promise<StepResult> {
  await tick(context, end);
  if (end.kind === 'shipped') await noteShipped(context.surroundings, context.attempt.target);
  await cleanUp(context, context.journal, context.signal);
  return stepResult(context, end, startedAt);
}

async function tick(context: Context, end: AttemptEnd): Promise<void> {
  const { attempt, journal, stations, surroundings, signal } = context;
  if (ended(journal, tickKey) !== null) return;
  const wasBegun = begun(journal, tickKey) !== null;
  await journal.append(tickKey, 'begin', { end: end.kind });
  const { all: usage } = await stations.ledger.totals({ attempt: attempt.uuid });
  const evaluation = currentEvaluation(journal);
  const log = logLine({ end, shipped: shippedData(journal), evaluation, usage, at: surroundings.now() });
  const plan = attempt.plan;
  const to = markOf(end);
  const isMarkedAlready = wasBegun && (await stateOf(context)) === to;
  const marked =
    to === null || isMarkedAlready
      ? 'edited'
      : await stations.plans.mark({ plan, item: attempt.item, from: ['todo'], to, log }, signal);
  if (marked === 'edited' && !isMarkedAlready)
    await stations.plans.log({ plan, item: attempt.item, text: log }, signal);
  await journal.append(tickKey, 'end', { marked });
}

/** A kill between the mark and its record: the mark stands, log line and all. */
async function stateOf({ attempt, stations }: Context): Promise<ItemState | null> {
  const plan = await stations.plans.read();
  return plan?.items.find(({ id }) => id === attempt.item)?.state ?? null;
}

function markOf(end: AttemptEnd): ItemState | null {
  switch (end.kind) {
    case 'shipped':
      return 'done';
    case 'failed':
      return 'failed';
    case 'skipped':
      return 'skipped';
    case 'unchanged':
      return end.isAccepted ? 'done' : 'skipped';
    case 'stopped':
      return null;
  }
}

async function stepResult(context: Context, end: AttemptEnd, startedAt: Date): Promise<StepResult> {
  const { attempt, journal, stations, surroundings } = context;
  const { all: usage } = await stations.ledger.totals({ attempt: attempt.uuid });
  const plan = await stations.plans.read();
  const shipped = shippedData(journal);
  const evaluation = currentEvaluation(journal);
  return {
    mode: 'execute',
    target: attempt.target,
    item: attempt.item,
    outcome: outcomeOf(end),
    reason: end.kind === 'shipped' ? null : end.reason,
    attempt: attempt.number,
    score: evaluation?.score ?? null,
    verdict: evaluation?.verdict ?? null,
    pr: shipped.pr ?? null,
    checks: lastResults(journal).map(({ name, ok, durationMs }) => ({ name, ok, durationMs })),
    usage,
    durationMs: surroundings.now().getTime() - startedAt.getTime(),
    remaining: plan === null ? null : countStates(plan.items).todo + countStates(plan.items).waiting,
    retryAt: null,
  };
}

function outcomeOf(end: AttemptEnd): Outcome {
  return end.kind === 'stopped' ? 'skipped' : end.kind;
}
