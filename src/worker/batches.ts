/** The API's Message Batches: half the price, some time within a day. */
import Anthropic from '@anthropic-ai/sdk';
import type { Ttl } from '../model/cache-mode.js';
import { RegenError } from '../model/errors.js';
import { gone, pageOf, resultOf, stateOf, submittedOf } from './batch-answers.js';
import type { BatchResult, BatchState, SubmittedBatch } from '../model/batch.js';
import { allInTime, callLimit, withinTime } from './call-time.js';
import type { TimeLimit } from './call-time.js';
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

/** @param connected - the client, made when it is first asked for. */
export function createBatches({ surroundings, config }: WorkerParts, connected: () => Anthropic) {
  const limit = callLimit(config.worker);
  const asked = async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw stepError(error, surroundings.now());
    }
  };
  const inTime = <T>(work: (within: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> =>
    asked(() => withinTime(limit, work, signal), signal);
  return {
    submit: (requests: readonly BatchRequest[], signal: AbortSignal): Promise<SubmittedBatch> =>
      inTime(async (within) => {
        const body = {
          requests: requests.map(({ customId, ...call }) => ({
            custom_id: customId,
            params: requestOf({ ...call, schema: answerSchema, maxTokens: config.worker.maxOutput }),
          })),
        };
        // The client would send it again when an answer is lost, and there would be two batches.
        const options = { signal: within, maxRetries: 0 };
        return submittedOf(await connected().messages.batches.create(body, options));
      }, signal),
    find: (like: BatchLike, signal: AbortSignal): Promise<readonly SubmittedBatch[]> =>
      asked(() => findLike({ client: connected(), limit }, like, signal), signal),
    state: (id: string, signal: AbortSignal): Promise<BatchState> =>
      inTime(async (within) => {
        try {
          return stateOf(await connected().messages.batches.retrieve(id, {}, { signal: within }));
        } catch (error) {
          if (error instanceof Anthropic.NotFoundError) return gone;
          throw error;
        }
      }, signal),
    cancel: (id: string, signal: AbortSignal): Promise<void> =>
      inTime(async (within) => {
        await connected().messages.batches.cancel(id, {}, { signal: within });
      }, signal),
    /**
     * All of them are there before the first is handed on: a download can break off. `worker.timeout` bounds each wait for
     * the next one, and not the download: that of 200 MB may take longer than any call.
     */
    results: (id: string, each: (result: BatchResult) => Promise<void>, signal: AbortSignal): Promise<void> =>
      asked(async () => {
        const open = (within: AbortSignal) =>
          connected().messages.batches.results(id, {}, { signal: within });
        const lines = await allInTime<unknown>(limit, open, signal);
        for (const line of lines) {
          const result = resultOf(line);
          if (result !== null) await each(result);
        }
      }, signal),
  };
}

/** The API's clock and ours. */
const clockSlackMs = 120_000;

interface BatchLike {
  readonly since: Date;
  readonly requests: number;
}

/** Page by page, newest first: what the client would make of a page that is none is an empty list. */
async function findLike(
  { client, limit }: { readonly client: Anthropic; readonly limit: TimeLimit },
  { since, requests }: BatchLike,
  signal: AbortSignal,
): Promise<readonly SubmittedBatch[]> {
  const found: SubmittedBatch[] = [];
  let after: string | null = null;
  do {
    const query = { limit: 100, ...(after === null ? {} : { after_id: after }) };
    const page = pageOf(
      await withinTime(
        limit,
        (within) => client.get<unknown>('/v1/messages/batches', { query, signal: within }),
        signal,
      ),
    );
    for (const { id, at, requests: own } of page.batches) {
      if (at.getTime() < since.getTime() - clockSlackMs) return found;
      if (own === requests) found.push({ id, at });
    }
    after = page.next;
  } while (after !== null);
  return found;
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
