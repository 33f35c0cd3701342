import type { PriceOverrides } from '../model/config.js';
import { noTokens } from '../model/usage.js';
import { rateOf } from './prices.js';

/** Whether what a model is asked can be priced, if not today then from the day on for which it has a price. */
export function isPriced(model: string, prices: PriceOverrides): boolean {
  // `[1m]` asks for the large window; the answers come from the model of the bare name.
  const call = { model: model.replace(/\[1m\]$/, ''), tokens: noTokens, at: someDay };
  return rateOf(call, prices) !== null;
}

const someDay = new Date('9999-01-01T00:00:00Z');
