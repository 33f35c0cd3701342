import type { TokenCounts } from '../model/usage.js';

/** Kind by kind. */
export function sumTokens(counts: readonly TokenCounts[]): TokenCounts {
  const sum = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  for (const one of counts) {
    sum.input += one.input;
    sum.output += one.output;
    sum.cacheRead += one.cacheRead;
    sum.cacheWrite5m += one.cacheWrite5m;
    sum.cacheWrite1h += one.cacheWrite1h;
  }
  return sum;
}
