import type { Rate } from '../model/rate.js';

export interface PriceRow {
  /** The id without `claude-` and without a date. */
  readonly model: string;
  /** In force from this instant on; null: always. */
  readonly from: Date | null;
  /** In force for requests whose whole prompt, cached or not, has more tokens than this; -1: for all. */
  readonly promptOver: number;
  readonly rate: Rate;
}

/** Half of everything, whatever the kind of token. */
export const batchFactor = 0.5;

/**
 * As published in November 2026; a change is a new row with its date. A model that isn't here has no price, and there is
 * no default on purpose: a guess would be booked as money.
 */
export const priceTable: readonly PriceRow[] = [
  row('fable-5-2', rate(8, 40, [0.2, 10, 16])),
  row('opus-5-5', rate(4, 20, [0.2, 5, 8])),
  row('opus-5', rate(5, 25, [0.5, 6.25, 10])),
  row('opus-4-8', rate(5, 25, [0.5, 6.25, 10])),
  row('opus-4-7', rate(5, 25, [0.5, 6.25, 10])),
  row('sonnet-5-5', rate(2, 10, [0.2, 2.5, 4])),
  row('sonnet-5-5', rate(2, 10, [0.1, 2.5, 4]), { from: new Date('2026-10-07T00:00:00Z') }),
  row('sonnet-5', rate(2, 10, [0.2, 2.5, 4])),
  row('sonnet-4-5', rate(3, 15, [0.3, 3.75, 6])),
  row('haiku-5-5', rate(0.1, 0.5, [0.01, 0.125, 0.2])),
  row('haiku-5-5', rate(0.5, 2.5, [0.05, 0.625, 1]), { promptOver: 100_000 }),
  row('haiku-4-5', rate(1, 5, [0.1, 1.25, 2])),
];

type CacheRates = readonly [read: number, write5m: number, write1h: number];

function rate(input: number, output: number, cache: CacheRates): Rate {
  return { input, output, cacheRead: cache[0], cacheWrite5m: cache[1], cacheWrite1h: cache[2] };
}

function row(model: string, prices: Rate, validity: { from?: Date; promptOver?: number } = {}): PriceRow {
  return { model, from: validity.from ?? null, promptOver: validity.promptOver ?? -1, rate: prices };
}
