/** What a model call costs: the dated table, and what regen.yaml puts over it. Pure. */
import type { PriceOverrides } from '../model/config.js';
import { promptTokens } from '../model/usage.js';
import type { TokenCounts } from '../model/usage.js';
import { aliases, batchFactor, priceTable } from './price-table.js';
import type { Rate } from './price-table.js';

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
  if (rate === null) return null;
  const { tokens } = call;
  return dollars(
    call,
    tokens.input * rate.input +
      tokens.output * rate.output +
      tokens.cacheRead * rate.cacheRead +
      tokens.cacheWrite5m * rate.cacheWrite5m +
      tokens.cacheWrite1h * rate.cacheWrite1h,
  );
}

/**
 * US dollars that the prompt cache saved over sending the same tokens uncached: what the reads saved less the premium
 * paid for the writes, so it is negative for a prefix that was written and never read. null without a price.
 */
export function netCacheSaving(call: PricedCall, overrides: PriceOverrides): number | null {
  const rate = rateOf(call, overrides);
  if (rate === null) return null;
  const { tokens } = call;
  return dollars(
    call,
    tokens.cacheRead * (rate.input - rate.cacheRead) -
      tokens.cacheWrite5m * (rate.cacheWrite5m - rate.input) -
      tokens.cacheWrite1h * (rate.cacheWrite1h - rate.input),
  );
}

/** The rate in force for the call; null when the model is in neither the overrides nor the table. */
export function rateOf(call: PricedCall, overrides: PriceOverrides): Rate | null {
  return overriddenRate(call.model, overrides) ?? tabledRate(call);
}

/** `claude-sonnet-4-5-20250929`, `sonnet-4-5` and the alias of either, as the table's key. */
export function canonicalModel(model: string): string {
  const bare = model.replace(/^claude-/, '').replace(/-\d{8}$/, '');
  return Object.hasOwn(aliases, bare) ? (aliases[bare] ?? bare) : bare;
}

/** The last row that applies wins: rows of a model are in the order of their dates and tiers. */
function tabledRate(call: PricedCall): Rate | null {
  const model = canonicalModel(call.model);
  const prompt = promptTokens(call.tokens);
  const applicable = priceTable.filter(
    (row) => row.model === model && (row.from === null || row.from <= call.at) && prompt > row.promptOver,
  );
  return applicable.at(-1)?.rate ?? null;
}

/** The exact id first, so that a dated id or one of another provider can have a price of its own. */
function overriddenRate(model: string, overrides: PriceOverrides): Rate | null {
  const exact = Object.hasOwn(overrides, model) ? overrides[model] : undefined;
  const named =
    exact ?? Object.entries(overrides).find(([id]) => canonicalModel(id) === canonicalModel(model))?.[1];
  return named === undefined ? null : completed(named);
}

/** Cache prices that an override leaves out follow from its input price: read 0.1x, write 1.25x (5 m) and 2x (1 h). */
function completed(price: PriceOverrides[string]): Rate {
  return {
    input: price.input,
    output: price.output,
    cacheRead: price.cacheRead ?? price.input * 0.1,
    cacheWrite5m: price.cacheWrite5m ?? price.input * 1.25,
    cacheWrite1h: price.cacheWrite1h ?? price.input * 2,
  };
}

/** Divided once at the end: the products are mostly exact, a division each would not be. */
function dollars(call: PricedCall, millionths: number): number {
  return (millionths / 1e6) * (call.isBatch === true ? batchFactor : 1);
}
