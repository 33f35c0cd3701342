/**
 * The stages one by one, for an agent session that does the work itself (the slash command): the same stages, journal
 * and rules as a headless step; only the agent stage is the session's.
 */
import { RegenError } from '../model/errors.js';
import type { ItemRef } from '../model/attempt.js';
import { planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import type { CheckResult, Verdict } from '../model/verdict.js';
import { presentWork } from './best-work.js';
import { existingPlan } from './edit-plan.js';
import { finish } from './finish.js';
import type { Journal } from './journal.js';
import { currentLease, dropLease, isHolder, leasedError, writeLease } from './lease.js';
import type { Lease } from './lease.js';
import { reviewQuestion } from './review.js';
import { withRunLock } from './run-lock.js';
import { ensureAsChecked, noteWork } from './checked-work.js';
import { bookCaller } from './session-books.js';
import { stageKey } from './stage.js';
import type { HandedInReview, Line, StageContext } from './stage.js';
import { lastResults } from './stages/check.js';
import { lastReview, reviewBefore } from './stages/evaluated.js';
import { refreshTables } from './token-tables.js';
import { runStage, stageNames, whereIs } from './walk.js';

/** The leased item's attempt. */
export type ItemContext = Omit<StageContext, 'round'>;

/** Who calls: a session's own id and token make it the lease's holder. */
export interface Caller {
  readonly item: string | null;
  readonly token: string | null;
  readonly session: string | null;
}

/** What one stage came to; `step` is set when that ended the attempt. */
export interface ItemStageReport {
  readonly target: string;
  readonly item: string;
  readonly stage: string;
  readonly ok: boolean;
  readonly reason: string | null;
  /** Of the last review; null: nobody has reviewed what is there. */
  readonly score: number | null;
  readonly verdict: Verdict | null;
  readonly checks: readonly CheckResult[];
  readonly next: string;
  readonly step: StepResult | null;
}

/** Runs one stage of the leased item; what ends the attempt also marks it and gives the lease back. */
export async function runItemStage(
  line: Line,
  { stage, review }: StageOrder,
  caller: Caller,
  signal: AbortSignal,
): Promise<ItemStageReport> {
  return withRunLock(line.surroundings, async () => {
    const leased = await leasedContext(line, caller, signal);
    const context = review === undefined ? leased : { ...leased, review };
    await endSessionsTurn(context);
    await ensureAsChecked(context, stage);
    await runUpTo(context, stage);
    await noteWork(context);
    return stageReport(context, stage);
  });
}

/** What is to be done; `review`: what the session itself says in the judge's place. */
export interface StageOrder {
  readonly stage: string;
  readonly review?: HandedInReview;
}

/** What a reviewer of the leased item is asked; nobody is asked yet. */
export async function askedOfReviewer(
  line: Line,
  caller: Caller,
  signal: AbortSignal,
): Promise<ReviewerQuestion> {
  return withRunLock(line.surroundings, async () => {
    const context = await leasedContext(line, caller, signal);
    const position = whereIs(context);
    if (position.kind === 'over' || position.stage !== 'evaluate') {
      throw outOfOrder('evaluate', position.kind === 'over' ? 'start' : position.stage);
    }
    const inRound = { ...context, round: position.round };
    const question = await reviewQuestion(inRound, await presentWork(inRound));
    const { target, item } = context.attempt;
    if (question.kind === 'question') {
      const { prefix, message, schema } = question;
      return { target, item, prefix, message, schema };
    }
    const reason =
      question.kind === 'incomplete'
        ? question.reason
        : question.evaluation.rules.map(({ name, comment }) => `${name}: ${comment}`).join('; ');
    throw new RegenError('usage', `nobody has to be asked: ${reason}`, {
      hint: 'Run "regen item evaluate".',
    });
  });
}

export interface ReviewerQuestion extends ItemRef {
  readonly prefix: string;
  readonly message: string;
  /** The JSON Schema of what "regen item evaluate" takes on standard input. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Runs the stage, and before it those on its way that need nothing of the session. */
async function runUpTo(context: ItemContext, stage: string): Promise<void> {
  for (;;) {
    const position = whereIs(context);
    if (position.kind === 'over') return;
    const isOnTheWay = ['evaluate', 'record', 'publish'].includes(position.stage);
    const isLater = stageNames.indexOf(stage) > stageNames.indexOf(position.stage);
    if (position.stage !== stage && !(isOnTheWay && isLater)) throw outOfOrder(stage, position.stage);
    await runStage(context, position.stage, position.round);
    if (position.stage === stage || isAt(context, 'agent')) break;
  }
  const position = whereIs(context);
  // Without anything to evaluate by, there is no review to be made.
  if (context.config.evaluate === undefined && position.kind === 'at' && position.stage === 'evaluate')
    await runStage(context, position.stage, position.round);
}

function isAt(context: ItemContext, stage: string): boolean {
  const position = whereIs(context);
  return position.kind === 'at' && position.stage === stage;
}

/** Marks the leased item `[!]`. */
export async function failItem(
  line: Line,
  caller: Caller & { readonly reason: string },
  signal: AbortSignal,
): Promise<StepResult> {
  return withRunLock(line.surroundings, async () => {
    const context = await leasedContext(line, caller, signal);
    const result = await finish(context, { kind: 'failed', reason: caller.reason }, line.surroundings.now());
    await dropLease(line.surroundings);
    await refreshTables(line, context.attempt, signal);
    return result;
  });
}

/** What the stage came to; what ended the attempt marks the item, too. */
export async function stageReport(context: ItemContext, stage: string): Promise<ItemStageReport> {
  const { attempt, surroundings, journal } = context;
  const position = whereIs(context);
  const step = position.kind === 'over' ? await finish(context, position.end, surroundings.now()) : null;
  if (step !== null) {
    await dropLease(surroundings);
    // Its turns count for how those that it shares with others are split.
    await refreshTables(context, attempt, context.signal);
  }
  const review = stage === 'check' ? null : lastReview(journal);
  const checks = stage === 'check' ? lastResults(journal) : [];
  const ok = position.kind === 'over' ? position.end.kind === 'shipped' : position.stage !== 'agent';
  return {
    target: attempt.target,
    item: attempt.item,
    stage,
    ok,
    reason: step?.reason ?? whatToImprove(context),
    score: review?.score ?? null,
    verdict: review?.verdict ?? null,
    checks,
    next: position.kind === 'over' ? 'regen' : nextCommand(position.stage),
    step,
  };
}

/** What a review that sent the work back asks for. */
function whatToImprove(context: ItemContext): string | null {
  const position = whereIs(context);
  const isSentBack = position.kind === 'at' && position.stage === 'agent';
  const review = isSentBack ? reviewBefore({ ...context, round: position.round }) : null;
  return review === null ? null : context.stations.prompts.improve(review);
}

/** The session's turn ends with its call of `item check`. */
async function endSessionsTurn(context: ItemContext): Promise<void> {
  const position = whereIs(context);
  if (position.kind === 'over' || position.stage !== 'agent') return;
  const key = stageKey('agent', position.round);
  await context.journal.append(key, 'begin', { by: 'session' });
  await context.journal.append(key, 'end', { by: 'session', result: { kind: 'next' } });
}

async function leasedContext(line: Line, caller: Caller, signal: AbortSignal): Promise<ItemContext> {
  const lease = await currentLease(line.surroundings);
  if (lease === null) {
    throw new RegenError('usage', 'no item was started, or its lease ran out', {
      hint: 'Run "regen item start" first.',
    });
  }
  if (!isHolder(lease, caller.token, caller.session)) throw leasedError(lease);
  if (caller.item !== null && caller.item !== lease.item) {
    throw new RegenError('usage', `"${caller.item}" wasn't started; ${lease.item} is`, {
      hint: `Finish ${lease.item} first, or give it up with "regen item fail".`,
    });
  }
  const plan = await existingPlan(line.stations.plans);
  const journal = await openJournal(line, plan, lease);
  await writeLease(line.surroundings, lease);
  await bookCaller(line, journal.attempt, 'item');
  return { ...line, attempt: journal.attempt, journal, signal };
}

async function openJournal(line: Line, plan: Plan, lease: Lease): Promise<Journal> {
  const ref = { target: lease.target, item: lease.item };
  const open = (await line.journals.unfinished()).find(
    ({ attempt }) =>
      attempt.plan === planKey(plan) && attempt.target === ref.target && attempt.item === ref.item,
  );
  if (open !== undefined) return open;
  await dropLease(line.surroundings);
  throw new RegenError('usage', `${lease.item} has no open attempt any more`, {
    hint: 'Run "regen item start" again.',
  });
}

function nextCommand(stage: string): string {
  if (stage === 'agent') return 'mend it, then run: regen item check';
  return `regen item ${stage}`;
}

function outOfOrder(asked: string, due: string): RegenError {
  const order = stageNames.filter((name) => name !== 'agent').join(', ');
  return new RegenError('usage', `"regen item ${asked}" is out of order: ${due} is due`, {
    hint: `The order is ${order}. Run "${nextCommand(due)}".`,
  });
}
