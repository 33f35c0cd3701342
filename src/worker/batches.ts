/** The API's Message Batches: half the price, some time within a day. */
import Anthropic from '@anthropic-ai/sdk';
import type { MessageBatch } from '@anthropic-ai/sdk/resources/messages/batches';
import type { Ttl } from '../model/cache-mode.js';
import { RegenError } from '../model/errors.js';
import type { WorkerParts } from './client.js';
import { answerSchema } from './entries.js';
import { faultOf } from './faults.js';
import { requestOf } from './request.js';

export interface BatchRequest {
  /** Letters, digits, `_` and `-`, 64 at most; no other request of the batch has it. */
  readonly customId: string;
  readonly model: string;
  readonly parts: readonly string[];
  readonly message: string;
  readonly ttl: Ttl;
}

export interface SubmittedBatch {
  readonly id: string;
  readonly at: Date;
}

export interface BatchState {
  readonly kind: 'running' | 'ended' | 'gone';
  readonly counts: { readonly done: number; readonly all: number };
  readonly expiresAt: Date | null;
  readonly isCanceling: boolean;
}

export type BatchResult = { readonly customId: string } & (
  | { readonly kind: 'succeeded'; readonly message: object }
  | {
      readonly kind: 'errored';
      readonly reason: string;
      readonly isRequestsFault: boolean;
      readonly isTooLong: boolean;
    }
  | { readonly kind: 'expired' | 'canceled' }
);

/** @param connected - the client, made when it is first asked for. */
export function createBatches({ surroundings, config }: WorkerParts, connected: () => Anthropic) {
  const asked = async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw stepError(error, surroundings.now());
    }
  };
  return {
    submit: (requests: readonly BatchRequest[], signal: AbortSignal): Promise<SubmittedBatch> =>
      asked(async () => {
        const body = {
          requests: requests.map(({ customId, ...call }) => ({
            custom_id: customId,
            params: requestOf({ ...call, schema: answerSchema, maxTokens: config.worker.maxOutput }),
          })),
        };
        // The client would send it again when an answer is lost, and there would be two batches.
        return submitted(await connected().messages.batches.create(body, { signal, maxRetries: 0 }));
      }, signal),
    find: (
      { since, requests }: { readonly since: Date; readonly requests: number },
      signal: AbortSignal,
    ): Promise<readonly SubmittedBatch[]> =>
      asked(async () => {
        const found: SubmittedBatch[] = [];
        for await (const batch of connected().messages.batches.list({ limit: 100 }, { signal })) {
          if (Date.parse(batch.created_at) < since.getTime() - clockSlackMs) break;
          if (countsOf(batch).all === requests) found.push(submitted(batch));
        }
        return found;
      }, signal),
    state: (id: string, signal: AbortSignal): Promise<BatchState> =>
      asked(async () => {
        try {
          return stateOf(await connected().messages.batches.retrieve(id, {}, { signal }));
        } catch (error) {
          if (error instanceof Anthropic.NotFoundError) return gone;
          throw error;
        }
      }, signal),
    cancel: (id: string, signal: AbortSignal): Promise<void> =>
      asked(async () => {
        await connected().messages.batches.cancel(id, {}, { signal });
      }, signal),
    /** All of them are there before the first is handed on: a download can break off. */
    results: (id: string, each: (result: BatchResult) => Promise<void>, signal: AbortSignal): Promise<void> =>
      asked(async () => {
        const all: BatchResult[] = [];
        const lines = await connected().messages.batches.results(id, {}, { signal });
        for await (const line of lines) all.push(resultOf(line));
        for (const result of all) await each(result);
      }, signal),
  };
}

/** The API's clock and ours. */
const clockSlackMs = 120_000;

function submitted({ id, created_at }: MessageBatch): SubmittedBatch {
  return { id, at: new Date(created_at) };
}

const gone: BatchState = { kind: 'gone', counts: { done: 0, all: 0 }, expiresAt: null, isCanceling: false };

function stateOf(batch: MessageBatch): BatchState {
  // After 29 days the results go away.
  if (batch.archived_at !== null) return gone;
  return {
    kind: batch.processing_status === 'ended' ? 'ended' : 'running',
    counts: countsOf(batch),
    expiresAt: new Date(batch.expires_at),
    isCanceling: batch.processing_status === 'canceling',
  };
}

function countsOf({ request_counts: counts }: MessageBatch): BatchState['counts'] {
  const done = counts.succeeded + counts.errored + counts.canceled + counts.expired;
  return { done, all: done + counts.processing };
}

type ResultLine =
  Awaited<ReturnType<Anthropic['messages']['batches']['results']>> extends AsyncIterable<infer Line>
    ? Line
    : never;

function resultOf({ custom_id: customId, result }: ResultLine): BatchResult {
  switch (result.type) {
    case 'succeeded':
      return { customId, kind: 'succeeded', message: result.message };
    case 'errored': {
      const { type, message } = result.error.error;
      const isTooLong = /too long|context (?:window|length)|too large/i.test(message);
      const isRequestsFault = type === 'invalid_request_error' || isTooLong;
      return { customId, kind: 'errored', reason: `${type}: ${message}`, isRequestsFault, isTooLong };
    }
    case 'expired':
    case 'canceled':
      return { customId, kind: result.type };
  }
}

/** What stops the step: a wait, the environment, or a request that can never be right. */
function stepError(error: unknown, now: Date): unknown {
  if (error instanceof RegenError) return error;
  const fault = faultOf(error, now);
  switch (fault?.kind) {
    case 'waiting':
      return new RegenError('wait', fault.detail, {
        hint: 'Nothing is lost; a later invocation goes on with it.',
        retryAt: fault.retryAt ?? undefined,
        waitsFor: fault.reason,
        cause: error,
      });
    case 'not_ready':
      return new RegenError('environment', fault.detail, { hint: fault.hint, cause: error });
    case 'failed':
      return new RegenError('config', `the API refuses the batch: ${fault.detail}`, {
        hint: 'Lower worker.count, or shorten the prompt.',
        cause: error,
      });
    default:
      return error;
  }
}
