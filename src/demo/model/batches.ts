/** What can be done with message batches. They are answered by the script, and billed, when they end. */
import { parseBatchBody, type BatchRequest } from './batch-body.js';
import { endBatch, type ResultLine } from './batch-end.js';
import type { BatchOptions } from './batch-options.js';
import { pageOf, type PageQuery } from './batch-page.js';
import { archivalOf, batchObject, expiryOf, type Batch } from './batch.js';
import type { Conversation } from './conversation.js';
import { failWith, type Failure } from './reply.js';

/** What is sent. */
export type BatchReply =
  | { readonly kind: 'json'; readonly body: unknown }
  | { readonly kind: 'lines'; readonly lines: readonly ResultLine[]; readonly isCut: boolean }
  | Failure;

export interface Batches {
  readonly conversation: Conversation;
  readonly options: BatchOptions;
  /** In the order of their creation; deleted ones are gone. */
  readonly all: Map<string, Batch>;
  /** How often each was asked for, for the faults. */
  readonly asked: { create: number; retrieve: number; download: number };
  now(): Date;
  newId(): string;
}

/** A request for a batch, and where the server is reached. */
interface Asked {
  readonly id: string;
  readonly origin: string;
}

interface Creation {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly origin: string;
}

export function createBatch(batches: Batches, { headers, body, origin }: Creation): BatchReply {
  const fate = batches.options.create?.((batches.asked.create += 1)) ?? 'answer';
  if (typeof fate === 'object' && 'kind' in fate) return fate;
  const parsed = parseBatchBody(body);
  if (parsed.kind === 'refused') return failWith(400, parsed.reason);
  const batch = newBatch(batches, { headers, requests: parsed.requests });
  batches.all.set(batch.id, batch);
  if (fate === 'drop') return { kind: 'disconnect' };
  return fate === 'answer' ? shown(batches, batch, origin) : fate.madeBut;
}

export async function retrieveBatch(batches: Batches, { id, origin }: Asked): Promise<BatchReply> {
  const fate = batches.options.retrieve?.((batches.asked.retrieve += 1)) ?? 'answer';
  if (fate !== 'answer') return fate;
  const batch = await find(batches, id);
  if (batch === null) return unknown(id);
  batch.retrieves += 1;
  batch.pollsLeft -= 1;
  if (batch.pollsLeft <= 0) await finish(batches, batch);
  return shown(batches, batch, origin);
}

/** Doesn't count as asking how they stand. */
export async function listBatches(batches: Batches, query: PageQuery, origin: string): Promise<BatchReply> {
  for (const id of batches.all.keys()) await find(batches, id);
  const facts = { origin, now: batches.now() };
  const newestFirst = Array.from(batches.all.values(), (batch) => batchObject(batch, facts)).reverse();
  const page = pageOf(newestFirst, query);
  return page.kind === 'page' ? { kind: 'json', body: page.body } : failWith(400, page.reason);
}

/** From then on it takes `polls` anew until it ends. Once more is no harm. */
export async function cancelBatch(batches: Batches, { id, origin }: Asked): Promise<BatchReply> {
  const batch = await find(batches, id);
  if (batch === null) return unknown(id);
  await batch.ending;
  if (batch.ended !== null) return failWith(400, `Batch ${id} has ended: it can't be canceled any more.`);
  if (batch.canceledAt === null) {
    batch.canceledAt = batches.now();
    batch.pollsLeft = batches.options.polls ?? 1;
  }
  return shown(batches, batch, origin);
}

export async function deleteBatch(batches: Batches, id: string): Promise<BatchReply> {
  const batch = await find(batches, id);
  if (batch === null) return unknown(id);
  if (batch.ended === null) return failWith(400, `Batch ${id} is being processed: cancel it first.`);
  batches.all.delete(id);
  return { kind: 'json', body: { id, type: 'message_batch_deleted' } };
}

export async function batchResults(batches: Batches, id: string): Promise<BatchReply> {
  const fate = batches.options.download?.((batches.asked.download += 1)) ?? 'answer';
  if (typeof fate === 'object') return fate;
  const batch = await find(batches, id);
  if (batch === null) return unknown(id);
  if (batch.ended === null) return failWith(400, `Batch ${id} is being processed: it has no results yet.`);
  if (batches.now() >= archivalOf(batch)) return failWith(404, `The results of batch ${id} are gone.`);
  return { kind: 'lines', lines: batch.ended.lines, isCut: fate === 'drop' };
}

/** @throws an Error when there is no such batch. */
export async function forceEnd(batches: Batches, id: string): Promise<void> {
  const batch = await find(batches, id);
  if (batch === null) throw new Error(`There is no batch ${id}.`);
  await finish(batches, batch);
}

/** The batch as it stands now: after its 24 hours it has ended, whether anybody asked or not. */
async function find(batches: Batches, id: string): Promise<Batch | null> {
  const batch = batches.all.get(id) ?? null;
  if (batch !== null && batches.now() >= expiryOf(batch)) await finish(batches, batch);
  return batch;
}

function finish(batches: Batches, batch: Batch): Promise<void> {
  const isExpired = batches.now() >= expiryOf(batch);
  const at = isExpired ? expiryOf(batch) : batches.now();
  batch.ending ??= endBatch(batch, { ...batches, at, isExpired }).then((lines) => {
    batch.ended = { at, lines };
  });
  return batch.ending;
}

type Made = Pick<Batch, 'headers'> & { readonly requests: readonly BatchRequest[] };

function newBatch(batches: Batches, made: Made): Batch {
  return {
    ...made,
    id: `msgbatch_${batches.newId().replaceAll('-', '').slice(-24)}`,
    createdAt: batches.now(),
    canceledAt: null,
    retrieves: 0,
    pollsLeft: batches.options.polls ?? 1,
    ending: null,
    ended: null,
  };
}

function shown(batches: Batches, batch: Batch, origin: string): BatchReply {
  return { kind: 'json', body: batchObject(batch, { origin, now: batches.now() }) };
}

function unknown(id: string): BatchReply {
  return failWith(404, `There is no message batch with the id ${id}.`);
}
