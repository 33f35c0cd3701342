/** What the API says about batches, read once and by its shape. Pure. */
import * as z from 'zod';
import type { BatchResult, BatchState, SubmittedBatch } from '../model/batch.js';
import { isOutOfCredit } from './faults.js';
import { firstIssue } from './issue-text.js';
import { readAs } from './unreadable.js';

const count = z.int().nonnegative();
const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'no date that is known');

const batchSchema = z.object({
  // It goes into journals, the plan's log and addresses.
  id: z.string().regex(/^[\w.:-]{1,128}$/, 'no id'),
  processing_status: z.enum(['in_progress', 'canceling', 'ended']),
  request_counts: z.object({
    ...{ processing: count, succeeded: count, errored: count, canceled: count, expired: count },
  }),
  created_at: instant,
  expires_at: instant.nullish(),
  archived_at: z.string().nullish(),
});

type ReadBatch = z.output<typeof batchSchema>;

/** @throws UnreadableAnswer when it is none: then nobody knows whether there is a batch. */
export function submittedOf(answer: unknown): SubmittedBatch {
  const { id, created_at: at } = readAs(batchSchema, answer, 'a batch');
  return { id, at: new Date(at) };
}

/** @throws UnreadableAnswer when it is no batch. */
export function stateOf(answer: unknown): BatchState {
  const batch = readAs(batchSchema, answer, 'a batch');
  // After 29 days the results go away.
  if ((batch.archived_at ?? null) !== null) return gone;
  return {
    kind: batch.processing_status === 'ended' ? 'ended' : 'running',
    counts: countsOf(batch),
    expiresAt: typeof batch.expires_at === 'string' ? new Date(batch.expires_at) : null,
    isCanceling: batch.processing_status === 'canceling',
  };
}

export const gone: BatchState = {
  ...{ kind: 'gone', counts: { done: 0, all: 0 }, expiresAt: null, isCanceling: false },
};

function countsOf({ request_counts: counts }: ReadBatch): BatchState['counts'] {
  const done = counts.succeeded + counts.errored + counts.canceled + counts.expired;
  return { done, all: done + counts.processing };
}

const pageSchema = z.object({
  data: z.array(batchSchema),
  has_more: z.boolean().nullish(),
  last_id: z.string().nullish(),
});

interface ListedBatches {
  readonly batches: readonly (SubmittedBatch & { readonly requests: number })[];
  /** The id behind which the next page begins; null: there is none. */
  readonly next: string | null;
}

/** @throws UnreadableAnswer when it is no list: one that is empty would say that there is no batch. */
export function pageOf(answer: unknown): ListedBatches {
  const { data, has_more: hasMore, last_id: last } = readAs(pageSchema, answer, 'a list of batches');
  const batches = data.map((batch) => ({
    ...{ id: batch.id, at: new Date(batch.created_at), requests: countsOf(batch).all },
  }));
  return { batches, next: hasMore === true ? (last ?? batches.at(-1)?.id ?? null) : null };
}

const lineSchema = z.object({ custom_id: z.string(), result: z.unknown().optional() });

const messageSchema = z.looseObject({
  id: z.string(),
  content: z.array(z.looseObject({ type: z.string() })),
  stop_reason: z.string().nullable(),
});

const usageSchema = z.looseObject({ input_tokens: count, output_tokens: count });

const resultSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('succeeded'), message: z.unknown() }),
  z.object({
    type: z.literal('errored'),
    error: z.object({ error: z.object({ type: z.string(), message: z.string() }) }),
  }),
  z.object({ type: z.literal('expired') }),
  z.object({ type: z.literal('canceled') }),
]);

/**
 * A result that can't be read is the API's error, and its items are asked for anew: it keeps nobody from the others. null: the
 * line names no request; whose result it was has none then.
 */
export function resultOf(line: unknown): BatchResult | null {
  const read = lineSchema.safeParse(line);
  if (!read.success) return null;
  const { custom_id: customId, result } = read.data;
  const parsed = resultSchema.safeParse(result);
  if (!parsed.success) {
    const reason = `its result can’t be read: ${firstIssue(parsed.error) ?? 'it has no shape that is known'}`;
    return { customId, kind: 'errored', reason, isRequestsFault: false, isTooLong: false };
  }
  switch (parsed.data.type) {
    case 'succeeded':
      return { customId, ...succeededOf(parsed.data.message) };
    case 'errored':
      return { customId, ...erroredOf(parsed.data.error.error) };
    case 'expired':
    case 'canceled':
      return { customId, kind: parsed.data.type };
  }
}

function succeededOf(answer: unknown) {
  const message = messageSchema.safeParse(answer);
  if (!message.success) {
    const reason = `its message can’t be read: ${firstIssue(message.error) ?? 'it has no shape that is known'}`;
    return { kind: 'unreadable' as const, reason };
  }
  const hasUsage = usageSchema.safeParse(message.data['usage']).success;
  return { kind: 'succeeded' as const, message: message.data, hasUsage };
}

function erroredOf({ type, message }: { readonly type: string; readonly message: string }) {
  const isTooLong = /too long|context (?:window|length)|too large/i.test(message);
  const isRefused = type === 'invalid_request_error' && !isOutOfCredit(message);
  const isRequestsFault = isRefused || isTooLong;
  return { kind: 'errored' as const, reason: `${type}: ${message}`, isRequestsFault, isTooLong };
}
