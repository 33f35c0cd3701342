/** What a model asks for its tokens. Pure. */
import type { TokenCounts } from './usage.js';

/** US dollars per million tokens of each kind. */
export type Rate = TokenCounts;

/** US dollars at a rate. Divided once at the end: the products are mostly exact, a division each would not be. */
export function costAt(rate: Rate, tokens: TokenCounts): number {
  return (
    (tokens.input * rate.input +
      tokens.output * rate.output +
      tokens.cacheRead * rate.cacheRead +
      tokens.cacheWrite5m * rate.cacheWrite5m +
      tokens.cacheWrite1h * rate.cacheWrite1h) /
    1e6
  );
}
