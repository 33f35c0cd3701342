/** A script's answer as the API's message and as its stream of events. */
import type { TokenCounts } from '../../model/usage.js';
import type { Answer } from './reply.js';
import { textTokens } from './tokens.js';

export interface Message {
  readonly id: string;
  readonly model: string;
  readonly content: readonly ContentBlock[];
  readonly stopReason: string;
  readonly tokens: TokenCounts;
  readonly tier: 'standard' | 'batch';
}

type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

/** One server-sent event. */
export interface StreamEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

export function contentOf(answer: Answer, newToolId: () => string): ContentBlock[] {
  return [
    ...answer.texts.map((text) => ({ type: 'text' as const, text })),
    ...answer.calls.map((call) => ({
      type: 'tool_use' as const,
      id: newToolId(),
      name: call.name,
      input: call.input,
    })),
  ];
}

/** What the answer is billed at when the script doesn't say. */
export function outputTokensOf(content: readonly ContentBlock[]): number {
  const tokens = content.map((block) =>
    textTokens(block.type === 'text' ? block.text : JSON.stringify(block)),
  );
  return tokens.reduce((sum, each) => sum + each, 0);
}

/** What a streamed answer is billed at that breaks off after the first piece of its first block. */
export function outputTokensBeforeBreak({ content: [block] }: Pick<Message, 'content'>): number {
  const text = block?.type === 'text' ? block.text : JSON.stringify(block?.input ?? '');
  return Math.max(1, textTokens(pieces(text)[0] ?? ''));
}

/** The body of a reply that isn't streamed. */
export function messageBody(message: Message): Record<string, unknown> {
  return {
    id: message.id,
    type: 'message',
    role: 'assistant',
    model: message.model,
    content: message.content,
    stop_reason: message.stopReason,
    stop_sequence: null,
    usage: usageBody(message),
  };
}

/** The events of a whole answer, in order. As in the real stream, the first usage has a placeholder for output. */
export function messageEvents(message: Message): StreamEvent[] {
  const opening = {
    ...messageBody(message),
    content: [],
    stop_reason: null,
    usage: { ...usageBody(message), output_tokens: 1 },
  };
  return [
    { type: 'message_start', message: opening },
    ...message.content.flatMap(blockEvents),
    {
      type: 'message_delta',
      delta: { stop_reason: message.stopReason, stop_sequence: null },
      usage: usageBody(message),
    },
    { type: 'message_stop' },
  ];
}

function blockEvents(block: ContentBlock, index: number): StreamEvent[] {
  const [empty, deltas] =
    block.type === 'text'
      ? [{ type: 'text', text: '' }, pieces(block.text).map((text) => ({ type: 'text_delta', text }))]
      : [
          { ...block, input: {} },
          pieces(JSON.stringify(block.input)).map((text) => ({
            type: 'input_json_delta',
            partial_json: text,
          })),
        ];
  return [
    { type: 'content_block_start', index, content_block: empty },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

/** At least two, so that an answer can break off within a block. */
function pieces(text: string): string[] {
  const size = Math.max(1, Math.min(400, Math.ceil(text.length / 2)));
  return text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []; // `u`: a surrogate pair stays whole
}

function usageBody({ tokens, tier }: Message): Record<string, unknown> {
  return {
    input_tokens: tokens.input,
    cache_creation_input_tokens: tokens.cacheWrite5m + tokens.cacheWrite1h,
    cache_read_input_tokens: tokens.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: tokens.cacheWrite5m,
      ephemeral_1h_input_tokens: tokens.cacheWrite1h,
    },
    output_tokens: tokens.output,
    service_tier: tier,
  };
}
