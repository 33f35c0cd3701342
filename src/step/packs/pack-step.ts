/** One invocation of the worker: the next pack, from its call to the last of its shipments. */
import { RegenError } from '../../model/errors.js';
import type { BlockItem } from '../../model/block.js';
import { planKey } from '../../model/plan.js';
import type { Plan, PlanItem } from '../../model/plan.js';
import type { StepResult } from '../../model/step-result.js';
import { budgetGate } from '../budget.js';
import { strayRequests } from '../change-requests.js';
import { heldError } from '../item-lock.js';
import { itemModel } from '../item-model.js';
import type { Line } from '../stage.js';
import { ensureShippable } from '../stages/prepare.js';
import { endWaiting } from '../waiting.js';
import { baseFor } from './base.js';
import { batchId } from './batch-journals.js';
import type { BatchJournal } from './batch-journals.js';
import { isByBatch, pendingWait, pollBatches } from './batch-step.js';
import type { PendingBatch } from './batch-step.js';
import { openPackLine, packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import { historyOf, noHistory, samplesOf } from './history.js';
import { holdItems } from './locks.js';
import type { HeldItems } from './locks.js';
import { allPacks, nextPack, sizeOf } from './next-pack.js';
import type { Candidates } from './next-pack.js';
import { isPackClosed, openPack } from './pack-journals.js';
import { packResult } from './pack-result.js';
import { packLimitsFor } from './limits.js';
import { submitBatch } from './submit.js';
import { waitingAnswers, workOn } from './work.js';
import type { PackEnd, PackWork } from './work.js';

export async function packStep(line: Line, plan: Plan, signal: AbortSignal): Promise<StepResult> {
  const startedAt = line.surroundings.now();
  strayRequests(plan).forEach((warning) => {
    line.surroundings.progress(warning);
  });
  await using held = holdItems(line.surroundings, plan.target);
  try {
    await line.stations.workspace.ensureIgnored(signal);
    await line.stations.ledger.ensureWritable();
    const packLine = await openPackLine(line, { plan, base: await baseFor(line, plan, signal) }, signal);
    const { pending, collected } = await pollBatches(packLine);
    const settled = collected.flatMap(({ ends }) => ends.map((end) => ({ ...end, shipped: [] })));
    const work = await workOnNext(packLine, held);
    if (work.length + settled.length === 0) throw nothingToDo(packLine, held, pending);
    const ends = [...settled, ...work];
    return await packResult(line, { plan, ends, startedAt });
  } catch (error) {
    if (!(error instanceof RegenError) || error.code !== 'wait') throw error;
    return await endWaiting(line.surroundings, plan, { error, ref: null, startedAt });
  }
}

/** A pack whose answer was no good at all is asked for anew, in halves, until something has come of it. */
async function workOnNext(packLine: PackLine, held: HeldItems): Promise<readonly PackEnd[]> {
  const ends: PackEnd[] = [];
  for (;;) {
    const work = await takePack(packLine, held);
    if (work === null) return ends;
    const end = await workOn(packLine, work);
    ends.push(end);
    if (hasCome(end)) return ends;
  }
}

function nothingToDo({ line }: PackLine, held: HeldItems, pending: readonly PendingBatch[]): RegenError {
  const holder = held.holder();
  if (holder !== null) return heldError('every open item is being worked on', holder);
  const at = { now: line.surroundings.now(), pollMs: line.config.worker.poll };
  if (pending.length > 0) return pendingWait(pending, at);
  return new RegenError('wait', 'the open items were marked meanwhile, and no other is open');
}

/** Whether anything was marked. */
function hasCome({ settled, shipped }: PackEnd): boolean {
  const isMarked = shipped.some(({ end }) => !['rejected', 'split', 'stale'].includes(end.outcome));
  return settled.kept.length > 0 || settled.failed.length > 0 || isMarked;
}

/**
 * The pack to work on: one that a kill interrupted or whose answers wait to be shipped, else a new one; null: there is none.
 *
 * @throws RegenError `wait` once a batch was submitted.
 */
async function takePack(packLine: PackLine, held: HeldItems): Promise<PackWork | null> {
  const begun = await begunPack(packLine, held);
  if (begun !== null) return { pack: begun, callsToCome: 1 };
  const candidates = await freshItems(packLine);
  if (candidates === null) return null;
  const { line } = packLine;
  if (isByBatch(line.config, packLine.plan, line.surroundings.now())) {
    const batch = await submitFresh(packLine, held, candidates);
    if (batch === null) return null;
    const members = batch.attempt.members.length;
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

async function begunPack(packLine: PackLine, held: HeldItems) {
  const plan = await packLine.line.stations.plans.read();
  if (plan === null) return null;
  const packs = await packsOfPlan(packLine);
  const waiting = new Set(waitingAnswers(plan, historyOf(packs)).map(({ pack }) => pack.attempt.number));
  const todo = new Set(plan.items.filter(({ state }) => state === 'todo').map(({ id }) => id));
  for (const pack of packs) {
    const { number, members, batch } = pack.attempt;
    // To be asked, or killed before its answer was marked.
    const isUnfinished = batch === null && !isPackClosed(pack);
    if (!waiting.has(number) && !isUnfinished) continue;
    const wanted = members.filter((id) => todo.has(id));
    if (wanted.length === 0) continue;
    const taken = await held.take(members);
    if (taken.size === members.length) return pack;
  }
  return null;
}

/** What is to be done and has no answer yet; null: nothing. */
async function freshItems(packLine: PackLine): Promise<Candidates | null> {
  const { line, signal } = packLine;
  const plan = await line.stations.plans.read();
  if (plan === null) return null;
  const packs = await packsOfPlan(packLine);
  const history = historyOf(packs);
  const open = plan.items.filter(
    ({ id, state }) => state === 'todo' && (history.get(id)?.answer ?? null) === null,
  );
  if (open.length === 0) return null;
  ensureKnown(packLine, open);
  await ensureShippable(line, signal);
  await budgetGate(line, { key: planKey(plan), target: plan.target });
  const limits = await packLimitsFor(packLine);
  const settings = line.config.routing;
  const routing = await line.stations.routing();
  const byId = new Map(open.map((item) => [item.id, item]));
  return {
    history,
    items: open.flatMap(({ id }) => packLine.items.get(id) ?? []),
    modelOf: ({ id }) => {
      // What failed with others may have failed because of them.
      const failures = (history.get(id) ?? noHistory).alone;
      const item = byId.get(id);
      return itemModel({ item, failures, usual: line.config.worker.model }, { routing, settings }).model;
    },
    pack: (some, model) => {
      const scale = packLine.worker.calibrate(samplesOf(packs, model));
      const sized = some.map((item) => ({ item, ...sizeOf(item, scale) }));
      return packLine.worker.pack(sized, limits(model)).map((call) => call.map(({ item }) => item));
    },
  };
}

async function freshPack(
  packLine: PackLine,
  held: HeldItems,
  candidates: Candidates,
): Promise<PackWork | null> {
  const { line, plan, base } = packLine;
  const next = nextPack(candidates);
  if (next === null) return null;
  const members = (await takeOpen(packLine, held, next.items)).map(({ id }) => id);
  if (members.length === 0) return null;
  const start = { plan: planKey(plan), target: plan.target, base, members, model: next.model, batch: null };
  return { pack: await openPack(line.surroundings, start), callsToCome: next.callsToCome };
}

async function submitFresh(
  packLine: PackLine,
  held: HeldItems,
  candidates: Candidates,
): Promise<BatchJournal | null> {
  const calls: { readonly items: readonly BlockItem[]; readonly model: string }[] = [];
  for (const { items, model } of allPacks(candidates).slice(0, mostRequests)) {
    const taken = await takeOpen(packLine, held, items);
    if (taken.length > 0) calls.push({ items: taken, model });
  }
  return calls.length === 0 ? null : submitBatch(packLine, calls);
}

/** The API takes 100,000 requests or 256 MB; what is left over goes with the next. */
const mostRequests = 5000;

/** Those that are this process's to do now. */
async function takeOpen(
  { line }: PackLine,
  held: HeldItems,
  items: readonly BlockItem[],
): Promise<readonly BlockItem[]> {
  const taken = await held.take(items.map(({ id }) => id));
  const now = await line.stations.plans.read();
  const todo = new Set(now?.items.filter(({ state }) => state === 'todo').map(({ id }) => id));
  return items.filter(({ id }) => taken.has(id) && todo.has(id));
}

/** An item that somebody wrote into the plan must be a block of the base. */
function ensureKnown({ items, line, base }: PackLine, open: readonly PlanItem[]): void {
  const stray = open.find(({ id }) => !items.has(id));
  if (stray === undefined) return;
  throw new RegenError(
    'plan',
    `.regen-plan.md:${stray.line}: "${stray.id}" is no block of ${line.config.base} (${base.slice(0, 7)})`,
    {
      hint: 'Correct the id, take the line out, or mark it [-]; blocks move when their file changes on the base.',
    },
  );
}
