/** The API's `usage` object, as the stream and the transcripts carry it. */
import * as z from 'zod';
import type { TokenCounts } from './usage.js';

const count = z.number().int().nonnegative().nullish().catch(null);

export const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: z
    .object({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count })
    .nullish()
    .catch(null),
});

type ApiUsage = z.output<typeof usageSchema>;

/** Counts of one usage object. Without the split, everything written to the cache is taken for 5 minutes. */
export function tokensOf(usage: ApiUsage): TokenCounts {
  const written = usage.cache_creation_input_tokens ?? 0;
  const oneHour = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  return {
    input: usage.input_tokens ?? 0,
    output: usage.output_tokens ?? 0,
    cacheRead: usage.cache_read_input_tokens ?? 0,
    cacheWrite5m: Math.max(written - oneHour, usage.cache_creation?.ephemeral_5m_input_tokens ?? 0),
    cacheWrite1h: oneHour,
  };
}

/**
 * Two counts of the same message, the later one second. Numbers only grow, and servers leave out or repeat what
 * `message_start` said; of what was written to the cache, a sum without its split is no news.
 */
function mergeTokens(before: TokenCounts, after: TokenCounts): TokenCounts {
  const more = after.cacheWrite5m + after.cacheWrite1h - before.cacheWrite5m - before.cacheWrite1h;
  const isNews = more > 0 || (more === 0 && after.cacheWrite1h > before.cacheWrite1h);
  const { cacheWrite5m, cacheWrite1h } = isNews ? after : before;
  return {
    input: Math.max(before.input, after.input),
    output: Math.max(before.output, after.output),
    cacheRead: Math.max(before.cacheRead, after.cacheRead),
    cacheWrite5m,
    cacheWrite1h,
  };
}

interface Counted {
  readonly tokens: TokenCounts;
  /** Before the answer's end was told. */
  readonly isEstimate: boolean;
}

/**
 * Two counts of the same message, told before or after its end. The output told before is a placeholder, 1 or a little
 * more, which says more than an empty answer has: it counts only until the end is known.
 */
export function mergeCounts(before: Counted, after: Counted): Counted {
  const isEstimate = before.isEstimate && after.isEstimate;
  const settled = ({ tokens, isEstimate: isOpen }: Counted): TokenCounts =>
    isOpen && !isEstimate ? { ...tokens, output: 0 } : tokens;
  return { tokens: mergeTokens(settled(before), settled(after)), isEstimate };
}

/** Output tokens of a text that nobody counted: 3.5 characters each, within 5 % of tokenizers on code and prose. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / 3.5);
}
