/** What is sent for a pack: byte for byte the same but for the message, so that the cache can be read. Pure. */
import type { MessageCreateParamsNonStreaming, TextBlockParam } from '@anthropic-ai/sdk/resources/messages';
import type { Ttl } from '../model/cache-mode.js';
import { apiModel } from '../model/model-name.js';

export interface CallFacts {
  readonly model: string;
  /** The system prompt, the most shared part first; each is a breakpoint of the cache. */
  readonly parts: readonly string[];
  readonly message: string;
  readonly ttl: Ttl;
  /** Tokens that the answer may have. */
  readonly maxTokens: number;
  /** A JSON Schema; left out: the answer is text. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
}

/** The API allows four breakpoints. */
export const mostBreakpoints = 4;

export function requestOf(facts: CallFacts): MessageCreateParamsNonStreaming {
  const { model, parts, message, maxTokens, schema } = facts;
  return {
    model: apiModel(model),
    max_tokens: maxTokens,
    system: systemOf(parts, facts.ttl),
    messages: [{ role: 'user', content: message }],
    // Always there: the cache goes by it as well.
    ...(schema === undefined ? {} : { output_config: { format: { type: 'json_schema' as const, schema } } }),
  };
}

function systemOf(parts: readonly string[], ttl: Ttl): TextBlockParam[] {
  const texts = parts.filter((text) => text !== '');
  const first = Math.max(0, texts.length - mostBreakpoints);
  return texts.map((text, index) => ({
    type: 'text',
    text,
    ...(ttl === 'off' || index < first ? {} : { cache_control: { type: 'ephemeral' as const, ttl } }),
  }));
}
