/** Sends packs off as a batch: the intent first, then the request, then `[~]`; a kill between any two is made good. */
import { formatInstant } from '../../model/instant.js';
import { RegenError } from '../../model/errors.js';
import { apiModel } from '../../model/model-name.js';
import { planKey } from '../../model/plan.js';
import { grantUsd, outOfShare } from '../budget.js';
import { begun, ended } from '../journal.js';
import type { SubmittedBatch } from '../../model/batch.js';
import type { BatchRequest } from '../worker-station.js';
import { batchId, closeBatch, knownBatchIds, markKey, openBatch, submitKey } from './batch-journals.js';
import type { BatchJournal } from './batch-journals.js';
import { bookKilled, ensureWithin, expectedTokens } from './ask.js';
import type { PackPrompt } from '../../model/prompt.js';
import { batchTtl } from './batch-cache.js';
import { packsOfPlan, runContextOf } from './context.js';
import type { PackLine } from './context.js';
import { askedNow } from './good-blocks.js';
import { historyOf, settledOf } from './history.js';
import type { NextPack } from './next-pack.js';
import { closePack, openPack } from './pack-journals.js';
import type { PackJournal } from './pack-journals.js';
import { markSettled } from './settle.js';
import { isNumberTaken } from './units.js';
import { failPack, questionOf } from './work.js';

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
    return await cached(packLine, groups);
  } catch (error) {
    await dropBatch(packLine, batch, packs);
    throw error;
  }
}

/**
 * What the whole batch is expected to cost, at half the price, has to be left.
 *
 * @throws RegenError `wait` when target or day leave less, `config` when one request would cost more than worker.maxUsd.
 */
async function ensurePaidFor(
  packLine: PackLine,
  packs: readonly PackJournal[],
  requests: readonly BatchRequest[],
): Promise<void> {
  const { line } = packLine;
  const { ledger } = line.stations;
  const now = line.surroundings.now();
  const costs = requests.map(({ model, parts, message }) => {
    const tokens = expectedTokens(parts.join('').length, message.length);
    return ledger.price(model, tokens, now, true) ?? 0;
  });
  ensureWithin(line.config, Math.max(0, ...costs));
  const usd = costs.reduce((sum, cost) => sum + cost, 0);
  const [first] = packs;
  if (first === undefined) return;
  const context = runContextOf(packLine, first);
  await using grant = await grantUsd(context, { atMost: usd, atLeast: usd });
  if (grant?.maxUsd !== null && grant !== null && grant.maxUsd < usd) throw await outOfShare(context, usd);
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

/**
 * The batch that a kill, or a lost answer, kept us from hearing of: made since, with as many requests, and known to no other
 * journal. Only its results say for certain that it is ours.
 */
async function findBatch(
  { line, worker, signal }: PackLine,
  batch: BatchJournal,
  packs: readonly PackJournal[],
): Promise<SubmittedBatch | null> {
  const known = await knownBatchIds(line.surroundings, batch.attempt);
  const begin = batch.records().find(({ effect, event }) => effect === 'submit' && event === 'begin');
  const since = new Date(begin?.at ?? 0);
  const counted = begin?.data['requests'];
  const requests = typeof counted === 'number' ? counted : packs.length;
  const candidates = await worker.batches.find({ since, requests }, signal);
  for (const candidate of candidates.filter(({ id }) => !known.has(id))) {
    const state = await worker.batches.state(candidate.id, signal);
    if (state.kind === 'running')
      throw undecided(candidate, line.surroundings.now(), line.config.worker.poll);
    if (state.kind === 'gone') continue;
    const answered = new Set<string>();
    const look = ({ customId }: { readonly customId: string }): Promise<void> => {
      answered.add(customId);
      return Promise.resolve();
    };
    await worker.batches.results(candidate.id, look, signal);
    if (packs.some(({ attempt }) => answered.has(attempt.uuid))) return candidate;
  }
  return null;
}

function undecided({ id }: SubmittedBatch, now: Date, pollMs: number): RegenError {
  return new RegenError('wait', `batch ${id} may be the one whose submission was interrupted`, {
    hint: 'Its results will tell; nothing is submitted twice until then.',
    retryAt: new Date(now.getTime() + pollMs),
  });
}

/**
 * Requests of one prefix to one model: packs that miss the references have them all in theirs, and each model has a cache of
 * its own.
 */
interface PrefixGroup {
  /** As the API names it. */
  readonly model: string;
  /** The first one's. */
  readonly prompt: PackPrompt;
  readonly packs: PackJournal[];
  readonly requests: BatchRequest[];
}

async function cached(packLine: PackLine, groups: readonly PrefixGroup[]): Promise<readonly BatchRequest[]> {
  const requests: BatchRequest[] = [];
  const isOneOfModels = new Set(groups.map(({ model }) => model)).size > 1;
  for (const group of groups) {
    const ttl = await batchTtl(packLine, { ...group, isOneOfModels });
    requests.push(...group.requests.map((request) => ({ ...request, ttl })));
  }
  return requests;
}

async function requestsFor(
  packLine: PackLine,
  packs: readonly PackJournal[],
): Promise<readonly PrefixGroup[]> {
  const history = historyOf(await packsOfPlan(packLine));
  const groups = new Map<string, PrefixGroup>();
  for (const pack of packs) {
    const { prompt, missed } = await questionOf(packLine, pack, history);
    if (missed !== null) {
      await failPack(pack, missed);
      continue;
    }
    const { uuid, model } = pack.attempt;
    const asked = apiModel(model);
    const key = `${asked} ${prompt.prefixHash}`;
    const group = groups.get(key) ?? { model: asked, prompt, packs: [], requests: [] };
    groups.set(key, group);
    group.packs.push(pack);
    // The group's own parts: thousands of equal texts would fill the memory.
    const { parts } = group.prompt;
    group.requests.push({ customId: uuid, model, parts, message: prompt.message, ttl: 'off' });
  }
  return [...groups.values()];
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
  line.surroundings.progress(`batch ${batchId(batch) ?? ''}: ${asked} requests`);
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
