/** Takes a batch's results by their packs' ids, in whatever order they come, each booked before anything is made of it. */
import { RegenError } from '../../model/errors.js';
import { formatInstant } from '../../model/instant.js';
import { planKey } from '../../model/plan.js';
import type { PlanMarks } from '../../model/plan.js';
import type { PackPrompt } from '../../model/prompt.js';
import type { PackedItem } from '../../model/step-result.js';
import { ended } from '../journal.js';
import type { EffectKey } from '../journal.js';
import type { BatchResult } from '../../model/batch.js';
import type { PackReply } from './ask.js';
import { batchId, closeBatch, collectKey } from './batch-journals.js';
import type { BatchJournal } from './batch-journals.js';
import { bookAnswer, bookUnreadable } from './book-answer.js';
import { onBaseOf, packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import { historyOf, settledOf } from './history.js';
import type { SettledPack } from './history.js';
import { closePack } from './pack-journals.js';
import type { PackJournal } from './pack-journals.js';
import { markSettled, settlePack } from './settle.js';
import { packsIn } from './submit.js';
import { noteMarked } from './tell.js';
import { questionOf, settleAs } from './work.js';

/** What a batch came to, in requests. */
interface Counts {
  readonly succeeded: number;
  readonly errored: number;
  readonly expired: number;
  readonly canceled: number;
}

interface CollectedPack {
  readonly pack: PackJournal;
  readonly settled: SettledPack;
  /** Items that it has marked, apart from setting them back. */
  readonly marked: readonly PackedItem[];
}

export interface Collected extends Counts {
  /** Every pack of the batch, and what its answer came to. */
  readonly ends: readonly CollectedPack[];
}

/** Settles every pack of an ended batch; its items are `[ ]` again, with or without an answer, or marked. */
export async function collectBatch(
  packLine: PackLine,
  batch: BatchJournal,
  own: ReadonlySet<string>,
): Promise<Collected> {
  const { line, worker, signal } = packLine;
  const id = batchId(batch) ?? '';
  const packs = new Map((await packsIn(packLine, batch)).map((pack) => [pack.attempt.uuid, pack]));
  const counts = { succeeded: 0, errored: 0, expired: 0, canceled: 0 };
  if (ended(batch, collectKey) === null) {
    const settle = async (result: BatchResult): Promise<void> => {
      counts[result.kind === 'unreadable' ? 'errored' : result.kind] += 1;
      const pack = packs.get(result.customId);
      if (pack !== undefined) await settleResult({ ...packLine, own }, pack, result);
    };
    await worker.batches.results(id, settle, signal);
    const without = [...packs.values()].filter((pack) => settledOf(pack) === null);
    if (without.length > 0) await ensureWhole(batch, { id, without: without.length, all: packs.size });
    for (const pack of without) await settleAs(pack, { lost: 'the batch has no result for it' });
    await batch.append(collectKey, 'end', { ...counts });
  }
  const ends: CollectedPack[] = [];
  for (const pack of packs.values()) {
    const marked = await markBack({ ...packLine, own }, pack);
    const settled = settledOf(pack);
    if (settled !== null) ends.push({ pack, settled, marked });
  }
  await closeBatch(line.surroundings, batch);
  return { ...counts, ends };
}

const downloadKey: EffectKey = { stage: 'batch', round: 0, effect: 'download' };

/** So often what an ended batch has no results for is looked for again, before it is believed. */
const mostDownloads = 3;

/** @throws RegenError `wait` when the results may have ended too early: what was paid for can be fetched once more. */
async function ensureWhole(
  batch: BatchJournal,
  { id, without, all }: { readonly id: string; readonly without: number; readonly all: number },
): Promise<void> {
  await batch.append(downloadKey, 'end', { without });
  const tries = batch.records().filter(({ effect }) => effect === downloadKey.effect).length;
  if (tries >= mostDownloads) return;
  throw new RegenError('wait', `batch ${id} has ended, and its results lack ${without} of ${all} requests`, {
    hint: 'Nothing is lost; a later invocation fetches them again.',
    waitsFor: 'network',
  });
}

/** The API has nothing of the batch any more: items without a result are failed, and a retry asks anew. */
export async function giveUp(
  packLine: PackLine,
  batch: BatchJournal,
  own: ReadonlySet<string>,
): Promise<readonly PackedItem[]> {
  const { line, plan, signal } = packLine;
  const reason = `batch ${batchId(batch) ?? ''} is gone, and its results with it`;
  const failed: string[] = [];
  for (const pack of await packsIn(packLine, batch)) {
    // What had come before it went is used.
    if (settledOf(pack) !== null) await markBack({ ...packLine, own }, pack);
    else {
      const members = pack.attempt.members.filter((id) => own.has(id));
      const now = line.surroundings.now();
      const marks = members.map((item) => markOf(item, 'failed', `FAILED: ${reason}`, now));
      failed.push(...(await line.stations.plans.markAll({ plan: planKey(plan), marks }, signal)));
      await settleAs(pack, { lost: 'gone' });
      await closePack(line.surroundings, pack);
    }
  }
  await batch.append(collectKey, 'end', {});
  await closeBatch(line.surroundings, batch);
  return failed.map((id) => ({ id, outcome: 'failed', reason, pr: null }));
}

interface Collecting extends PackLine {
  /** The batch's items that are no later batch's. */
  readonly own: ReadonlySet<string>;
}

async function settleResult(packLine: Collecting, pack: PackJournal, result: BatchResult): Promise<void> {
  if (settledOf(pack) !== null) return;
  switch (result.kind) {
    case 'succeeded': {
      const { message, hasUsage } = result;
      const estimate = hasUsage ? null : await promptOf(packLine, pack);
      await settleReply(packLine, pack, await bookAnswer(packLine, pack, { message, estimate }));
      return;
    }
    case 'unreadable':
      await bookUnreadable(packLine, pack, await promptOf(packLine, pack));
      await settleAs(pack, { lost: `the API failed: ${result.reason}` });
      return;
    case 'errored':
      if (result.isRequestsFault) await settleReply(packLine, pack, failedReply(result));
      else await settleAs(pack, { lost: `the API failed: ${result.reason}` });
      return;
    case 'expired':
      await settleAs(pack, { lost: 'the batch expired before its turn came' });
      return;
    case 'canceled':
      await settleAs(pack, { lost: 'canceled', isCanceled: true });
  }
}

async function promptOf(now: Collecting, pack: PackJournal): Promise<PackPrompt> {
  const packLine = await onBaseOf(now, pack);
  return (await questionOf(packLine, pack, historyOf(await packsOfPlan(packLine)))).prompt;
}

function failedReply({ reason, isTooLong }: Extract<BatchResult, { kind: 'errored' }>): PackReply {
  const failure = isTooLong ? 'prompt_too_long' : 'api_error';
  return { outcome: { kind: 'failed', failure, detail: reason }, messages: [], characters: 0 };
}

async function settleReply(now: Collecting, pack: PackJournal, reply: PackReply): Promise<void> {
  // The base may have moved since it was asked.
  const packLine = await onBaseOf(now, pack);
  const { worker, signal } = packLine;
  const history = historyOf(await packsOfPlan(packLine));
  const { items, prompt } = await questionOf(packLine, pack, history);
  const waiting = await waitingItems(packLine);
  const counted = await worker.countPrefix({ model: pack.attempt.model, parts: prompt.parts }, signal);
  const prefix = { characters: prompt.prefix.length, tokens: counted };
  const whole = { ...reply, prefix, characters: prompt.message.length };
  // One that a person has set to [ ] meanwhile begins afresh: the answer isn't for it.
  const own = items.filter(({ item }) => waiting.has(item.id) && now.own.has(item.id));
  await settlePack(packLine, pack, { items: own, reply: whole, history });
}

async function waitingItems({ line }: PackLine): Promise<ReadonlySet<string>> {
  const plan = await line.stations.plans.read();
  return new Set(plan?.items.filter(({ state }) => state === 'waiting').map(({ id }) => id));
}

/** `[~]` becomes what the pack makes of it; an item that a person has set to something else is left alone. */
async function markBack(packLine: Collecting, pack: PackJournal): Promise<readonly PackedItem[]> {
  const { line, plan, signal } = packLine;
  const settled = settledOf(pack);
  if (settled === null) return [];
  const marked = await markSettled(packLine, pack, settled);
  const record = pack.records().findLast(({ effect, event }) => effect === 'settle' && event === 'end');
  const isCanceled = record?.data['isCanceled'] === true;
  const now = line.surroundings.now();
  const mine = pack.attempt.members.filter((id) => packLine.own.has(id));
  const marks = mine.map((item) =>
    isCanceled
      ? markOf(item, 'skipped', 'skipped: its batch was canceled', now)
      : { item, from: ['waiting'] as const, to: 'todo' as const, log: null },
  );
  const done = await line.stations.plans.markAll({ plan: planKey(plan), marks }, signal);
  if (isCanceled && done.length > 0) await noteMarked(pack, done.map(asCanceled));
  if (settled.good.length === 0) await closePack(line.surroundings, pack);
  return marked;
}

function asCanceled(id: string): PackedItem {
  return { id, outcome: 'skipped', reason: 'its batch was canceled', pr: null };
}

function markOf(item: string, to: 'failed' | 'skipped', text: string, now: Date): PlanMarks['marks'][number] {
  return { item, from: ['waiting'], to, log: `${text} (${formatInstant(now)})` };
}
