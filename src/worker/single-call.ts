/** A run that is one call. */
import type Anthropic from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { AgentOutcome } from '../model/agent.js';
import { withinTime } from './call-time.js';
import type { TimeLimit } from './call-time.js';
import { UnreadableAnswer } from './unreadable.js';

export interface Calling {
  readonly client: Anthropic;
  readonly request: MessageCreateParamsNonStreaming;
  /** Whom the processes of the run belong to, a UUID. */
  readonly owner: string;
  /** The run's folder. */
  readonly directory: string;
  /** Takes down an event of the answer; on disk when it returns. */
  readonly record: (event: object) => Promise<void>;
  /** Each call of the run has as long, from its request to its last byte. */
  readonly limit: TimeLimit;
  /** Aborted when what the run may spend is used up. */
  readonly moneyUsedUp: AbortSignal | null;
}

/** A limit that ended the calls before the answer. */
export type CutShort = Pick<Extract<AgentOutcome, { kind: 'failed' }>, 'failure' | 'detail'>;

/**
 * How the calls of a run are made; ends when the last answer has. What the client throws goes through. null: the last
 * answer says how it ended.
 */
export type Calls = (calling: Calling, signal: AbortSignal) => Promise<CutShort | null>;

export const singleCall: Calls = async ({ client, request, record, limit }, signal) => {
  const open = (within: AbortSignal) =>
    client.messages.create({ ...request, stream: true }, { signal: within });
  await withinTime(limit, (within) => recordAll(open, record, within), signal);
  return null;
};

/** Takes down every event of an answer. */
export async function recordAll(
  open: (within: AbortSignal) => Promise<AsyncIterable<unknown>>,
  record: Calling['record'],
  within: AbortSignal,
): Promise<void> {
  for await (const event of await open(within)) {
    if (typeof event !== 'object' || event === null)
      throw new UnreadableAnswer('an event of it is no object');
    await record(event);
  }
  // The client ends a stream that is aborted as if it had come to its end.
  within.throwIfAborted();
}
