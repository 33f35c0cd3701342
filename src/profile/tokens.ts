/** The API's `usage` object, read by hand. */
import type { TokenCounts } from '../model/usage.js';
import { countOf, fieldsOf } from './json.js';

export const noTokens: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

/** Without the split, everything written to the cache is taken for 5 minutes. */
export function tokensOf(value: unknown): TokenCounts {
  const usage = fieldsOf(value);
  const split = fieldsOf(usage['cache_creation']);
  const written = countOf(usage['cache_creation_input_tokens']);
  const cacheWrite1h = countOf(split['ephemeral_1h_input_tokens']);
  return {
    input: countOf(usage['input_tokens']),
    output: countOf(usage['output_tokens']),
    cacheRead: countOf(usage['cache_read_input_tokens']),
    cacheWrite5m: Math.max(written - cacheWrite1h, countOf(split['ephemeral_5m_input_tokens'])),
    cacheWrite1h,
  };
}

/** Two counts of the same message, in whatever order they came: numbers only grow, writes are told with their split. */
export function mergeTokens(one: TokenCounts, other: TokenCounts): TokenCounts {
  if (one === noTokens) return other;
  const writes = writesFirst(one, other) ? one : other;
  return {
    input: Math.max(one.input, other.input),
    output: Math.max(one.output, other.output),
    cacheRead: Math.max(one.cacheRead, other.cacheRead),
    cacheWrite5m: writes.cacheWrite5m,
    cacheWrite1h: writes.cacheWrite1h,
  };
}

/** The larger sum; of equal ones that with the larger part at 1 hour, which only a record with the split has. */
function writesFirst(one: TokenCounts, other: TokenCounts): boolean {
  const difference = written(one) - written(other);
  return difference === 0 ? one.cacheWrite1h >= other.cacheWrite1h : difference > 0;
}

export function written({ cacheWrite5m, cacheWrite1h }: TokenCounts): number {
  return cacheWrite5m + cacheWrite1h;
}
