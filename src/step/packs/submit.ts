/** Sends packs off as a batch: the intent first, then the request, then `[~]`; a kill between any two is made good. */
import { formatInstant } from '../../model/instant.js';
import { RegenError } from '../../model/errors.js';
import { planKey } from '../../model/plan.js';
import { begun, ended } from '../journal.js';
import type { BatchRequest } from '../worker-station.js';
import { batchId, closeBatch, markKey, openBatch, submitKey } from './batch-journals.js';
import type { BatchJournal } from './batch-journals.js';
import { bookKilled } from './ask.js';
import { cachedRequests, ensurePaidFor, requestsFor } from './batch-requests.js';
import { packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import { findBatch } from './find-batch.js';
import { askedNow } from './good-blocks.js';
import { settledOf } from './history.js';
import type { NextPack } from './next-pack.js';
import { closePack, openPack } from './pack-journals.js';
import type { PackJournal } from './pack-journals.js';
import { markSettled } from './settle.js';
import { isNumberTaken } from './units.js';

type Call = Omit<NextPack, 'callsToCome'>;

/** Opens the packs and their batch, and submits it; null: nothing of it could be asked. */
export async function submitBatch(packLine: PackLine, calls: readonly Call[]): Promise<BatchJournal | null> {
  const { line, plan, base, rules } = packLine;
  const start = { plan: planKey(plan), target: plan.target, base };
  const all = calls.flatMap(({ items }) => items.map(({ id }) => id));
  const batch = await openBatch(line.surroundings, { ...start, members: all });
  const askedOf = await askedNow(packLine);
  for (const { items, model } of calls) {
    const members = items.map(({ id }) => id);
    const own = { members, model, rules, asked: askedOf(members), batch: batch.attempt.number };
    await openPack(line.surroundings, { ...start, ...own }, (number) =>
      isNumberTaken(packLine, members, number),
    );
  }
  const packs = await packsIn(packLine, batch);
  const requests = await affordable(packLine, batch, packs);
  if (requests.length === 0) {
    await dropBatch(packLine, batch, packs);
    return null;
  }
  await batch.append(submitKey, 'begin', { requests: requests.length });
  const { id } = await packLine.worker.batches
    .submit(requests, packLine.signal)
    .catch(async (error: unknown) => {
      // What the API refuses isn't there: the items are packed anew once regen.yaml is mended.
      if (error instanceof RegenError && error.code === 'config') await dropBatch(packLine, batch, packs);
      throw error;
    });
  await batch.append(submitKey, 'end', { id });
  await markWaiting(packLine, batch, packs);
  return batch;
}

/**
 * Brings a batch that was begun before to where it is submitted and its items are marked. One that the API knows nothing
 * of is dropped: its items are packed anew, as they and regen.yaml are by then.
 *
 * @throws RegenError `wait` while nobody can tell whether a batch that the API runs is this one.
 */
export async function finishSubmission(packLine: PackLine, batch: BatchJournal): Promise<void> {
  const packs = await packsIn(packLine, batch);
  if (batchId(batch) === null) {
    const found = begun(batch, submitKey) === null ? null : await findBatch(packLine, batch, packs);
    if (found === null) {
      await dropBatch(packLine, batch, packs);
      return;
    }
    await batch.append(submitKey, 'end', { id: found.id, found: true });
  }
  if (ended(batch, markKey) === null) await markWaiting(packLine, batch, packs);
}

/** The batch's packs, by number. */
export async function packsIn(packLine: PackLine, batch: BatchJournal): Promise<readonly PackJournal[]> {
  const packs = await packsOfPlan(packLine);
  return packs.filter(({ attempt }) => attempt.batch === batch.attempt.number);
}

/** The requests, once the money for them is there; what can't be asked is settled. A batch that can't go out leaves nothing. */
async function affordable(
  packLine: PackLine,
  batch: BatchJournal,
  packs: readonly PackJournal[],
): Promise<readonly BatchRequest[]> {
  try {
    const groups = await requestsFor(packLine, packs);
    const requests = groups.flatMap((group) => group.requests);
    await ensurePaidFor(packLine, packs, requests);
    // Last of all: the prefix is paid for here.
    return await cachedRequests(packLine, groups);
  } catch (error) {
    await dropBatch(packLine, batch, packs);
    throw error;
  }
}

/** Nothing of it was submitted. */
async function dropBatch(
  packLine: PackLine,
  batch: BatchJournal,
  packs: readonly PackJournal[],
): Promise<void> {
  const { line } = packLine;
  await markUnasked(packLine, packs);
  for (const pack of packs) {
    await bookKilled(packLine, pack);
    await closePack(line.surroundings, pack);
  }
  await closeBatch(line.surroundings, batch);
}

/** What the references say nothing about came to its end without being asked. */
function isUnasked(pack: PackJournal): boolean {
  return settledOf(pack) === null;
}

async function markWaiting(
  packLine: PackLine,
  batch: BatchJournal,
  packs: readonly PackJournal[],
): Promise<void> {
  const { line, plan, signal } = packLine;
  await markUnasked(packLine, packs);
  const asked = packs.filter(isUnasked).length;
  line.surroundings.progress(`batch ${batchId(batch) ?? ''}: ${asked} request${asked === 1 ? '' : 's'}`);
  const log = `batch ${batchId(batch) ?? ''} (${formatInstant(line.surroundings.now())})`;
  const marks = submittedItems(packs).map((item) => ({
    item,
    from: ['todo'] as const,
    to: 'waiting' as const,
    log,
  }));
  await line.stations.plans.markAll({ plan: planKey(plan), marks }, signal);
  await batch.append(markKey, 'end', {});
}

/** The items that a batch of these packs was asked for. */
export function submittedItems(packs: readonly PackJournal[]): readonly string[] {
  return packs.filter(isUnasked).flatMap(({ attempt }) => attempt.members);
}

async function markUnasked(packLine: PackLine, packs: readonly PackJournal[]): Promise<void> {
  for (const pack of packs) {
    const settled = settledOf(pack);
    if (settled !== null) await markSettled(packLine, pack, settled);
  }
}
