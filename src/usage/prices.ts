/** What a model call costs: the dated table, and what regen.yaml puts over it. Pure. */
import type { PriceOverrides } from '../model/config.js';
import { costAt } from '../model/rate.js';
import type { Rate } from '../model/rate.js';
import { promptTokens } from '../model/usage.js';
import type { TokenCounts } from '../model/usage.js';
import { batchFactor } from './price-table.js';
import { createRates } from './rates.js';

/** One request to a model. */
export interface PricedCall {
  readonly model: string;
  readonly tokens: TokenCounts;
  /** When it was made: prices have dates. */
  readonly at: Date;
  /** Whether it went through the Message Batches API, at half the price. */
  readonly isBatch?: boolean;
}

/**
 * US dollars, unrounded: a cache read of one token is $0.0000003, and a thousand of them are not nothing.
 * null when the model has no price.
 */
export function costOf(call: PricedCall, overrides: PriceOverrides): number | null {
  const rate = rateOf(call, overrides);
  return rate === null ? null : factorOf(call) * costAt(rate, call.tokens);
}

/**
 * US dollars that the prompt cache saved over sending the same tokens uncached: what the reads saved less the premium
 * paid for the writes, so it is negative for a prefix that was written and never read. null without a price.
 */
export function netCacheSaving(call: PricedCall, overrides: PriceOverrides): number | null {
  const rate = rateOf(call, overrides);
  return rate === null ? null : factorOf(call) * savingAt(rate, call.tokens);
}

/** The rate in force for the call; null when the model is in neither the overrides nor the table. */
export function rateOf(call: PricedCall, overrides: PriceOverrides): Rate | null {
  return createRates(overrides)(call.model, promptTokens(call.tokens), call.at.toISOString());
}

/** US dollars saved at a rate, see {@link netCacheSaving}. */
export function savingAt(rate: Rate, tokens: TokenCounts): number {
  return (
    (tokens.cacheRead * (rate.input - rate.cacheRead) -
      tokens.cacheWrite5m * (rate.cacheWrite5m - rate.input) -
      tokens.cacheWrite1h * (rate.cacheWrite1h - rate.input)) /
    1e6
  );
}

function factorOf(call: PricedCall): number {
  return call.isBatch === true ? batchFactor : 1;
}
