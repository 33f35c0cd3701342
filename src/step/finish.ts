/** The end of an attempt: the mark in the plan, the clean-up, what is said of it. */
import { countStates } from '../model/plan.js';
import type { ItemState } from '../model/plan.js';
import type { Evidence, Outcome, StepResult } from '../model/step-result.js';
import { createMask } from '../system/mask.js';
import { cleanUp, tickKey } from './attempts.js';
import { sayDifferences } from './differences.js';
import { evidenceOf } from './evidence.js';
import { begun, ended } from './journal.js';
import { noteGood } from './good-work.js';
import { forgetWork, isTakenUp, keepWork } from './kept-work.js';
import { logLine } from './log-line.js';
import type { AttemptEnd } from './position.js';
import { noteShipped } from './shipped-log.js';
import { lastResults } from './stages/check.js';
import { currentEvaluation } from './stages/evaluated.js';
import { shippedData } from './stages/shipped-data.js';
import type { StageContext } from './stage.js';
import { attemptUsage } from './token-table.js';
import { refreshTables } from './token-tables.js';

type Context = Omit<StageContext, 'round'>;

/** Marks the item, drops the worktree, closes the attempt. A person's edit of the plan wins over the mark. */
export async function finish(context: Context, end: AttemptEnd, startedAt: Date): Promise<StepResult> {
  const evidence = end.kind === 'failed' ? await secureEvidence(context, end.reason) : null;
  await tick(context, end, evidence);
  if (end.kind === 'shipped' || (end.kind === 'unchanged' && end.isAccepted)) await noteGood(context);
  if (end.kind === 'shipped') await settleShipped(context);
  await cleanUp(context, context.journal, context.signal);
  // A pull request of an earlier attempt shows what the item has taken since.
  if (end.kind !== 'shipped') await refreshTables(context, context.attempt, context.signal, context.attempt);
  await sayDifferences(context);
  return { ...(await stepResult(context, end, startedAt)), evidence };
}

/** Keeps the work, if there is any that may be kept, and tells where to look. */
async function secureEvidence(context: Context, reason: string): Promise<Evidence> {
  const { attempt, journal, surroundings, signal } = context;
  try {
    await keepWork(context);
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    surroundings.progress(`${attempt.item}: what the agent left couldn't be kept: ${why}`);
  }
  const mask = createMask(surroundings.env);
  const { log, lines, next } = evidenceOf(journal, surroundings.root, isTakenUp(journal));
  const evidence = { log, lines: lines.map(mask), next };
  surroundings.progress(`${attempt.item}: failed: ${mask(reason)}`);
  for (const line of evidence.lines) surroundings.progress(`  ${line}`);
  surroundings.progress(`${attempt.item}: the whole log is ${log}; next: ${next}`);
  return evidence;
}

/** Nothing of the item's earlier attempts is needed any more. */
async function settleShipped(context: Context): Promise<void> {
  const { attempt, journals, surroundings, signal } = context;
  await noteShipped(surroundings, attempt.target);
  await forgetWork(context, await journals.attempts(attempt.plan, attempt), signal);
}

async function tick(context: Context, end: AttemptEnd, evidence: Evidence | null): Promise<void> {
  const { attempt, journal, stations, surroundings, signal } = context;
  if (ended(journal, tickKey) !== null) return;
  const wasBegun = begun(journal, tickKey) !== null;
  await journal.append(tickKey, 'begin', { end: end.kind });
  const sums = await stations.ledger.tokenSums(attempt);
  const usage = attemptUsage(sums, { item: attempt.item, attempt: attempt.uuid });
  const evaluation = currentEvaluation(journal);
  const at = surroundings.now();
  const log = logLine({ end, shipped: shippedData(journal), evaluation, usage, at, evidence });
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

async function stepResult(
  context: Context,
  end: AttemptEnd,
  startedAt: Date,
): Promise<Omit<StepResult, 'evidence'>> {
  const { attempt, journal, stations, surroundings } = context;
  const usage = await stations.ledger.sum({ plan: attempt.plan, attempt: attempt.uuid });
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
    checks: lastResults(journal).map(({ name, ok, durationMs, notes }) => ({
      name,
      ok,
      durationMs,
      ...(notes.length === 0 ? {} : { notes }),
    })),
    usage,
    durationMs: surroundings.now().getTime() - startedAt.getTime(),
    remaining: plan === null ? null : countStates(plan.items).todo + countStates(plan.items).waiting,
    retryAt: null,
  };
}

function outcomeOf(end: AttemptEnd): Outcome {
  return end.kind === 'stopped' ? 'skipped' : end.kind;
}
