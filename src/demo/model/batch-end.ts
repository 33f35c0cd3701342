/** The end of a batch: what becomes of each request, and the lines of its results. */
import { createHash } from 'node:crypto';
import type { BatchRequest } from './batch-body.js';
import type { BatchError, BatchOptions, BatchOrder, BatchOutcome } from './batch-options.js';
import type { Batch } from './batch.js';
import type { Conversation } from './conversation.js';
import { messageBody } from './message.js';

/** One line of the results. */
export interface ResultLine {
  readonly custom_id: string;
  readonly result:
    | { readonly type: 'succeeded'; readonly message: Readonly<Record<string, unknown>> }
    | { readonly type: 'errored'; readonly error: unknown }
    | { readonly type: 'canceled' | 'expired' };
}

export interface Ending {
  readonly conversation: Conversation;
  readonly options: BatchOptions;
  readonly at: Date;
  /** Nothing of it came to be processed in time. */
  readonly isExpired: boolean;
}

/**
 * Asks the script for what succeeds, in the order given, so that a request reads what those before it wrote to the cache: the
 * best that the API's parallel processing may come to.
 */
export async function endBatch(batch: Batch, ending: Ending): Promise<readonly ResultLine[]> {
  const lines: ResultLine[] = [];
  for (const [index, request] of batch.requests.entries()) {
    const outcome = outcomeOf(batch, { index, request, ending });
    lines.push({ custom_id: request.customId, result: await resultOf(outcome, { batch, request, ending }) });
  }
  return inOrder(lines, ending.options.order ?? 'reversed');
}

interface Place {
  readonly index: number;
  readonly request: BatchRequest;
  readonly ending: Ending;
}

function outcomeOf({ canceledAt }: Batch, { index, request: { customId }, ending }: Place): BatchOutcome {
  const { results, doneBeforeCancel } = ending.options;
  if (ending.isExpired) return 'expired';
  if (canceledAt !== null && doneBeforeCancel?.(customId, index) !== true) return 'canceled';
  return results?.(customId, index) ?? 'succeeded';
}

interface Asking {
  readonly batch: Batch;
  readonly request: BatchRequest;
  readonly ending: Ending;
}

async function resultOf(outcome: BatchOutcome, asking: Asking): Promise<ResultLine['result']> {
  if (typeof outcome === 'object') return errored(outcome);
  switch (outcome) {
    case 'succeeded':
      return answerOf(asking);
    case 'errored':
      return errored({ type: 'api_error', message: 'Internal server error' });
    case 'canceled':
    case 'expired':
      return { type: outcome };
  }
}

async function answerOf({ batch, request, ending }: Asking): Promise<ResultLine['result']> {
  const turn = await ending.conversation.answer({
    at: ending.at,
    headers: batch.headers,
    body: Buffer.from(JSON.stringify(request.params)),
    isBatch: true,
  });
  if (turn.kind === 'failure') {
    const { reply } = turn;
    return errored(
      reply.kind === 'status' ? reply : { type: 'api_error', message: `scripted ${reply.kind}` },
    );
  }
  if (turn.reply.breaks !== undefined) return errored({ type: 'api_error', message: 'scripted break' });
  turn.begin();
  return { type: 'succeeded', message: messageBody(turn.message) };
}

function errored({ type, message }: BatchError): ResultLine['result'] {
  return { type: 'errored', error: { type: 'error', error: { type, message }, request_id: null } };
}

function inOrder(lines: readonly ResultLine[], order: BatchOrder): readonly ResultLine[] {
  switch (order) {
    case 'given':
      return lines;
    case 'reversed':
      return lines.toReversed();
    case 'shuffled':
      return lines
        .map((line) => ({
          line,
          key: createHash('sha256').update(`shuffled ${line.custom_id}`).digest('hex'),
        }))
        .toSorted((one, other) => (one.key < other.key ? -1 : 1))
        .map(({ line }) => line);
  }
}
