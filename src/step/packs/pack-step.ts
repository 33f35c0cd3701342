/** One invocation of the worker: the next pack, from its call to the last of its shipments. */
import { RegenError } from '../../model/errors.js';
import { formatInstant } from '../../model/instant.js';
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import type { PackedItem, StepResult } from '../../model/step-result.js';
import { addUsage } from '../../model/usage.js';
import { moneyUsedUp, overspentItems } from '../budget.js';
import { strayRequests } from '../change-requests.js';
import { heldError } from '../item-lock.js';
import type { Line } from '../stage.js';
import { endWaiting } from '../waiting.js';
import { baseFor } from './base.js';
import { batchId } from './batch-journals.js';
import { isByBatch, pendingWait, pollBatches } from './batch-step.js';
import type { PendingBatch, Polled } from './batch-step.js';
import { openPackLine, packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import { historyOf } from './history.js';
import type { ShipmentEnd } from './history.js';
import { failForeign } from './foreign-branches.js';
import { freshItems, freshPack, submitFresh } from './fresh-packs.js';
import { holdItems, wholes } from './locks.js';
import type { HeldItems } from './locks.js';
import { isPackClosed } from './pack-journals.js';
import { packsIn, submittedItems } from './submit.js';
import { packResult } from './pack-result.js';
import type { PackFacts } from './pack-result.js';
import { resumeShipment } from './resume.js';
import { nothingTold, tell } from './tell.js';
import { takenNames } from './taken-names.js';
import { waitingAnswers, workOn } from './work.js';
import type { PackEnd, PackWork } from './work.js';

export async function packStep(line: Line, plan: Plan, signal: AbortSignal): Promise<StepResult> {
  const startedAt = line.surroundings.now();
  strayRequests(plan).forEach((warning) => {
    line.surroundings.progress(warning);
  });
  await using held = holdItems(line.surroundings, plan.target);
  const unasked: PackedItem[] = [];
  let told = nothingTold;
  const tellOf = async (ends: PackFacts['ends']): Promise<StepResult> => {
    told = await tell(line, plan, held);
    return packResult(line, { plan, ends, unasked, told, startedAt });
  };
  try {
    await line.stations.workspace.ensureIgnored(signal);
    await line.stations.ledger.ensureWritable();
    if (line.config.ship.per === 'target') await holdBranch(held);
    const resumed = await resumeShipment({ line, plan, held }, signal);
    if (resumed !== null && hasCome(resumed)) return await tellOf([resumed]);
    const taken = takenNames(line, plan.target, signal);
    const bases = await baseFor(line, { plan, isShipping: true, taken }, signal);
    const packLine = await openPackLine(line, { plan, ...bases, taken }, signal);
    const isMine = (await held.take([wholes.batches])).size > 0;
    const { pending, collected, gone, doubt } = isMine ? await pollBatches(packLine) : nothingPolled;
    unasked.push(...gone.flatMap(({ failed }) => failed));
    for (const mark of [skipChanged, failForeign, failOverspent])
      unasked.push(...(await mark(packLine, held)));
    const settled = collected.flatMap(({ ends }) => ends.map((end) => ({ ...end, shipped: [] })));
    const work = await workOnNext(packLine, held, doubt);
    const result = await tellOf([...settled, ...work]);
    if (result.outcome === 'nothing' && result.remaining !== 0) throw nothingToDo(packLine, held, pending);
    return result;
  } catch (error) {
    if (!(error instanceof RegenError) || error.code !== 'wait') throw error;
    const waiting = await endWaiting(line.surroundings, plan, { error, ref: null, startedAt });
    const more = await tell(line, plan, held);
    const usage = addUsage(told.usage, more.usage);
    const marked = [...unasked, ...told.items, ...more.items];
    return { ...waiting, usage, ...(marked.length === 0 ? {} : { items: marked }) };
  }
}

/** A step beside this one asks for the batches. */
const nothingPolled: Polled = { pending: [], collected: [], gone: [], doubt: null };

/** Items whose share of what was paid has reached the limit are asked about no more. */
async function failOverspent(
  { line, plan, signal }: PackLine,
  held: HeldItems,
): Promise<readonly PackedItem[]> {
  const { stations, surroundings } = line;
  const open = plan.items.filter(({ state }) => state === 'todo').map(({ id }) => id);
  const spent: string[] = [];
  for (const id of await overspentItems(line, { key: planKey(plan), target: plan.target }, open))
    // A step beside this one may have its answer in hands.
    if ((await held.take([id])).size > 0) spent.push(id);
  // An answer that was paid for is shipped.
  const packs = spent.length === 0 ? [] : await packsOfPlan({ line, plan });
  const answered = new Set(waitingAnswers(plan, historyOf(packs)).map(({ id }) => id));
  const log = `FAILED: ${moneyUsedUp} (${formatInstant(surroundings.now())})`;
  const marks = spent
    .filter((item) => !answered.has(item))
    .map((item) => ({ item, from: ['todo'] as const, to: 'failed' as const, log }));
  if (marks.length === 0) return [];
  const failed = await stations.plans.markAll({ plan: planKey(plan), marks }, signal);
  return failed.map((id) => ({ id, outcome: 'failed', reason: moneyUsedUp, pr: null }));
}

/** What somebody has rewritten since the plan was made is another block, which the next plan has. */
async function skipChanged({ line, plan, changed, signal }: PackLine): Promise<readonly PackedItem[]> {
  const { stations, surroundings } = line;
  const reason = 'its text was changed on the base since the plan was made';
  const log = `skipped: ${reason} (${formatInstant(surroundings.now())})`;
  // Read again: what a batch has come to is to be done since a moment ago.
  const now = await stations.plans.read();
  const marks = (now?.items ?? [])
    .filter(({ id, state }) => state === 'todo' && changed.has(id))
    .map(({ id }) => ({ item: id, from: ['todo'] as const, to: 'skipped' as const, log }));
  if (marks.length === 0) return [];
  const skipped = await stations.plans.markAll({ plan: planKey(plan), marks }, signal);
  for (const id of skipped) surroundings.progress(`${id}: skipped: ${reason}`);
  return skipped.map((id) => ({ id, outcome: 'skipped', reason, pr: null }));
}

/** Each pack adds a commit to the target's one branch: side by side they would write over each other. */
async function holdBranch(held: HeldItems): Promise<void> {
  const isMine = (await held.take([wholes.branch])).size > 0;
  const holder = held.holder();
  if (!isMine && holder !== null) throw heldError('the target’s branch is being worked on', holder);
}

/** A pack whose answer was no good at all is asked for anew, in halves, until something has come of it. */
async function workOnNext(
  packLine: PackLine,
  held: HeldItems,
  doubt: RegenError | null,
): Promise<readonly PackEnd[]> {
  const ends: PackEnd[] = [];
  const tried = new Set<number>();
  for (;;) {
    packLine.signal.throwIfAborted();
    const work = await takePack(packLine, { held, doubt, tried });
    if (work === null) return ends;
    const end = await workOn(packLine, work);
    ends.push(end);
    if (hasCome(end)) return ends;
    tried.add(work.pack.attempt.number);
  }
}

function nothingToDo({ line }: PackLine, held: HeldItems, pending: readonly PendingBatch[]): RegenError {
  const holder = held.holder();
  if (holder !== null) return heldError('every open item is being worked on', holder);
  const at = { now: line.surroundings.now(), pollMs: line.config.worker.poll };
  if (pending.length > 0) return pendingWait(pending, at);
  return new RegenError('wait', 'the open items were marked meanwhile, and no other is open');
}

const unmarked: ReadonlySet<ShipmentEnd['outcome']> = new Set(['rejected', 'split', 'stale', 'outrun']);

/** Whether anything was marked. */
function hasCome({ marked, shipped }: PackEnd): boolean {
  const isMarked = shipped.some(({ end }) => !unmarked.has(end.outcome));
  return marked.length > 0 || isMarked;
}

interface Taking {
  readonly held: HeldItems;
  readonly doubt: RegenError | null;
  /** Packs that this invocation was at, and nothing came of: they are no way on. */
  readonly tried: ReadonlySet<number>;
}

/**
 * The pack to work on: one that a kill interrupted or whose answers wait to be shipped, else a new one; null: there is none.
 *
 * @throws RegenError `wait` once a batch was submitted.
 */
async function takePack(packLine: PackLine, { held, doubt, tried }: Taking): Promise<PackWork | null> {
  const begun = await begunPack(packLine, held, tried);
  if (begun !== null) return { pack: begun, callsToCome: 1, isFresh: false };
  if (doubt !== null) throw doubt;
  const candidates = await freshItems(packLine);
  if (candidates === null) return null;
  const { line } = packLine;
  if (isByBatch(line.config, packLine.plan, line.surroundings.now())) {
    const isMine = (await held.take([wholes.batches])).size > 0;
    const batch = isMine ? await submitFresh(packLine, held, candidates) : null;
    if (batch === null || batchId(batch) === null) return null;
    const members = submittedItems(await packsIn(packLine, batch)).length;
    const at = { now: line.surroundings.now(), pollMs: line.config.worker.poll };
    throw submitted(batchId(batch) ?? '', members, at);
  }
  return freshPack(packLine, held, candidates);
}

function submitted(
  id: string,
  members: number,
  { now, pollMs }: { readonly now: Date; readonly pollMs: number },
): RegenError {
  return new RegenError('wait', `batch ${id} was submitted for ${members} item${members === 1 ? '' : 's'}`, {
    hint: `It takes an hour at most as a rule, and a day at the longest; "regen batch collect ${id}" fetches it once it has ended.`,
    retryAt: new Date(now.getTime() + pollMs),
  });
}

async function begunPack(packLine: PackLine, held: HeldItems, tried: ReadonlySet<number>) {
  const plan = await packLine.line.stations.plans.read();
  if (plan === null) return null;
  const packs = await packsOfPlan(packLine);
  const waiting = new Set(waitingAnswers(plan, historyOf(packs)).map(({ pack }) => pack.attempt.number));
  const todo = new Set(plan.items.filter(({ state }) => state === 'todo').map(({ id }) => id));
  for (const pack of packs) {
    const { number, members, batch } = pack.attempt;
    // To be asked, or killed before its answer was marked.
    const isUnfinished = batch === null && !isPackClosed(pack);
    if (tried.has(number)) continue;
    if (!waiting.has(number) && !isUnfinished) continue;
    // What was asked and not answered is booked, wanted or not.
    if (!isUnfinished && !members.some((id) => todo.has(id))) continue;
    const taken = await held.take(members);
    if (taken.size === members.length) return pack;
  }
  return null;
}
