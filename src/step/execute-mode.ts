/** Execute mode: the next open item through all stages. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ItemRef } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';
import { planKey } from '../model/plan.js';
import type { Plan, PlanItem } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import { typed } from '../model/typed.js';
import type { HeldLock, LockHolder } from '../system/lock.js';
import { firstModel, renewModel } from './attempt-model.js';
import { lostStarts, resumable } from './attempts.js';
import { budgetGate } from './budget.js';
import { finish } from './finish.js';
import { strayRequests } from './change-requests.js';
import { heldError, lockItem } from './item-lock.js';
import type { Journal } from './journal.js';
import { findKept, takeUp } from './kept-work.js';
import type { AttemptEnd } from './position.js';
import { positionOf } from './position.js';
import { batchId, openBatches } from './packs/batch-journals.js';
import { bookCaller } from './session-books.js';
import type { Line } from './stage.js';
import { ensureShippable } from './stages/prepare.js';
import { refreshTables } from './token-tables.js';
import { stageNames, walk } from './walk.js';
import { endWaiting } from './waiting.js';

/** Takes the first item that is to do and in nobody's hands, marks it, and says what became of it. */
export async function executeStep(line: Line, plan: Plan, signal: AbortSignal): Promise<StepResult> {
  const startedAt = line.surroundings.now();
  strayRequests(plan).forEach((warning) => {
    line.surroundings.progress(warning);
  });
  await ensureNoBatch(line, plan);
  const { ref, lock } = await takeItem(line, plan, signal);
  try {
    await line.stations.ledger.ensureWritable();
    const journal = await startAttempt(line, plan, ref, signal);
    const context = { ...line, attempt: journal.attempt, journal, signal };
    const booked = await bookCaller(line, journal.attempt, 'step');
    const result = await finish(context, await runToEnd(context, plan), startedAt);
    if (booked.messages > 0) await refreshTables(line, journal.attempt, signal);
    return result;
  } catch (error) {
    if (error instanceof RegenError && error.code === 'wait')
      return await endWaiting(line.surroundings, plan, { error, ref, startedAt });
    throw error;
  } finally {
    await lock.release();
  }
}

/** @throws RegenError `config` when an item waits for a batch, which only the other engine collects. */
async function ensureNoBatch({ surroundings }: Line, plan: Plan): Promise<void> {
  const waiting = new Set(plan.items.filter(({ state }) => state === 'waiting').map(({ id }) => id));
  if (waiting.size === 0) return;
  for (const batch of await openBatches(surroundings)) {
    const { plan: key, target, members } = batch.attempt;
    const item = members.find((id) => waiting.has(id));
    if (item === undefined || key !== planKey(plan) || target !== plan.target) continue;
    throw new RegenError('config', `"${item}" waits for batch ${batchId(batch) ?? '(being submitted)'}`, {
      hint: 'Its answers are collected with engine: worker: set that back in regen.yaml, until nothing is [~] any more.',
    });
  }
}

interface TakenItem {
  readonly ref: ItemRef;
  readonly lock: HeldLock;
}

/** How long, in ms, an item that a sibling only sweeps up after a kill is waited for, and how often it is looked at. */
const patienceMs = 2000;
const pollMs = 50;

/**
 * The first `[ ]` that no living process works on.
 *
 * @throws RegenError `wait` when there is none.
 */
async function takeItem(line: Line, plan: Plan, signal: AbortSignal): Promise<TakenItem> {
  const first = nextItem(plan);
  const deadline = performance.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const taken = await takeFree(line, plan);
    if (taken === null)
      throw new RegenError('wait', `${first.id} was marked meanwhile, and no other item is open`);
    if ('ref' in taken) return taken;
    if (performance.now() >= deadline) throw heldError('every open item is being worked on', taken);
    await delay(pollMs);
  }
}

/** Who holds the first of them, when all are held; null when none is open any more. */
async function takeFree(line: Line, plan: Plan): Promise<TakenItem | LockHolder | null> {
  let holder: LockHolder | null = null;
  for (const { id } of plan.items.filter(({ state }) => state === 'todo')) {
    const ref = { target: plan.target, item: id };
    const lock = await lockItem(line.surroundings, ref);
    if (lock.kind === 'busy') {
      holder ??= lock.holder;
      continue;
    }
    // Another child may have marked it between our look at the plan and the lock.
    if (await isStillTodo(line, plan, id)) return { ref, lock };
    await lock.release();
  }
  return holder;
}

async function isStillTodo(line: Line, plan: Plan, id: string): Promise<boolean> {
  const now = await line.stations.plans.read();
  if (now === null || planKey(now) !== planKey(plan) || now.target !== plan.target) return false;
  return now.items.some((item) => item.id === id && item.state === 'todo');
}

/**
 * The first `[ ]` in file order.
 *
 * @throws RegenError `plan` when an item is handed off and nothing is known of it.
 */
export function nextItem(plan: Plan): PlanItem {
  const lost = plan.items.find(({ state }) => state === 'waiting');
  if (lost !== undefined) {
    throw new RegenError(
      'plan',
      `.regen-plan.md:${lost.line}: "${lost.id}" is marked [~], but no record says where it went`,
      {
        hint: `Set it to [ ] to do it here ("regen retry ${typed(lost.id)}"), or to [-] to leave it out.`,
      },
    );
  }
  const todo = plan.items.find(({ state }) => state === 'todo');
  if (todo === undefined) throw new Error('a plan in execute mode has an open item');
  return todo;
}

/** Goes on with the open attempt, or opens one on the freshly fetched base. */
export async function startAttempt(
  line: Line,
  plan: Plan,
  ref: ItemRef,
  signal: AbortSignal,
): Promise<Journal> {
  const { workspace } = line.stations;
  await workspace.ensureIgnored(signal);
  const open = await resumable(line, plan, ref, signal);
  if (open !== null) {
    await takeUp(line, open);
    const position = positionOf(open.records(), stageNames);
    if (position.kind === 'at') await renewModel(line, plan, open);
    // Its prepare may have been with another regen.yaml, or in another environment.
    const mayPay = position.kind === 'at' && !['prepare', 'ship'].includes(position.stage);
    if (mayPay) await ensureShippable(line, signal);
    return open;
  }
  await budgetGate(line, { key: planKey(plan), target: plan.target });
  const base = await workspace.fetchBase(signal);
  await ensureOnBase(line, plan, { ref, sha: base.sha, baseRef: base.ref }, signal);
  const tree = workspace.tree(base.sha);
  await line.stations.prompts.ensureFiles({ target: ref.target, items: [ref.item], tree }, signal);
  if (line.config.evaluate !== undefined) await line.stations.judge.rubric(ref, tree, signal);
  const kept = await findKept(line, { plan, ref, base: base.sha }, signal);
  const from = kept === null ? { base: base.sha } : { base: kept.base, resumes: kept.work };
  const routed = await firstModel(line, plan, ref);
  const journal = await line.journals.open({ ...ref, plan: planKey(plan), ...from, ...routed });
  await takeUp(line, journal);
  return journal;
}

async function runToEnd(context: Parameters<typeof walk>[0], plan: Plan): Promise<AttemptEnd> {
  const cap = context.config.budget.itemAttempts;
  const lost = await lostStarts(context, plan, context.attempt);
  if (lost >= cap) {
    return {
      kind: 'failed',
      reason: `${lost} starts of the agent were killed before they ended (budget.itemAttempts)`,
    };
  }
  return walk(context);
}

interface OnBase {
  readonly ref: ItemRef;
  readonly sha: string;
  readonly baseRef: string;
}

async function ensureOnBase(
  line: Line,
  plan: Plan,
  { ref, sha, baseRef }: OnBase,
  signal: AbortSignal,
): Promise<void> {
  const ids = await line.stations.picker.ids(line.stations.workspace.tree(sha), ref.target, signal);
  if (ids.includes(ref.item)) return;
  if (ids.length === 0) {
    throw new RegenError('plan', `.regen-plan.md: ${baseRef} has no item of "${ref.target}"`, {
      hint: 'Correct the target in the plan’s header, or drop the plan with "regen abandon".',
    });
  }
  const at = plan.items.find(({ id }) => id === ref.item)?.line ?? 0;
  throw new RegenError(
    'plan',
    `.regen-plan.md:${at}: "${ref.item}" is no item of ${ref.target} on ${baseRef}`,
    { hint: 'Correct the id, take the line out, or mark it [-].' },
  );
}
