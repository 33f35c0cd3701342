/** A run that is one call. */
import type Anthropic from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { AgentOutcome } from '../model/agent.js';

export interface Calling {
  readonly client: Anthropic;
  readonly request: MessageCreateParamsNonStreaming;
  /** Whom the processes of the run belong to, a UUID. */
  readonly owner: string;
  /** The run's folder. */
  readonly directory: string;
  /** Takes down an event of the answer; on disk when it returns. */
  readonly record: (event: object) => Promise<void>;
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

export const singleCall: Calls = async ({ client, request, record }, signal) => {
  const stream = await client.messages.create({ ...request, stream: true }, { signal });
  for await (const event of stream) await record(event);
  return null;
};
