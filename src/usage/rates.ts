/** Finding the rate of a call. Made once for many calls: what applies to a model is looked up when it is first met. */
import { canonicalModel } from '../model/model-name.js';
import type { Rate } from '../model/rate.js';
import type { PriceOverrides } from '../model/config.js';
import { boundaryAt, isSince } from './instants.js';
import type { Boundary } from './instants.js';
import { priceTable } from './price-table.js';
import type { PriceRow } from './price-table.js';

/**
 * The rate in force; null when the model is in neither the overrides nor the table.
 *
 * @param promptTokens - of the whole prompt, cached or not.
 * @param at - ISO 8601: when the request was made.
 */
export type Rates = (model: string, promptTokens: number, at: string) => Rate | null;

/** @param overrides - `prices` of regen.yaml; they stand over the table. */
export function createRates(overrides: PriceOverrides): Rates {
  const rowsByModel = new Map<string, readonly DatedRow[]>();
  return (model, promptTokens, at) => {
    let rows = rowsByModel.get(model);
    if (rows === undefined) {
      rows = [...tabledRows(model), ...overridingRows(model, overrides)].map(dated).reverse();
      rowsByModel.set(model, rows);
    }
    const inForce = rows.find(
      ({ from, promptOver }) => promptTokens > promptOver && (from === null || isSince(at, from)),
    );
    return inForce?.rate ?? null;
  };
}

interface DatedRow extends Pick<PriceRow, 'promptOver' | 'rate'> {
  readonly from: Boundary | null;
}

function dated({ from, promptOver, rate }: PriceRow): DatedRow {
  return { from: from === null ? null : boundaryAt(from), promptOver, rate };
}

function tabledRows(model: string): readonly PriceRow[] {
  const canonical = canonicalModel(model);
  return priceTable.filter((row) => row.model === canonical);
}

/**
 * In the order in which the later ones win: a date begins a new price list, tiers included. The exact id comes first, so
 * that a dated id or one of another provider can have a price of its own.
 */
function overridingRows(model: string, overrides: PriceOverrides): readonly PriceRow[] {
  const exact = Object.hasOwn(overrides, model) ? overrides[model] : undefined;
  const named =
    exact ?? Object.entries(overrides).find(([id]) => canonicalModel(id) === canonicalModel(model))?.[1];
  return [named ?? []]
    .flat()
    .map((price) => overridingRow(model, price))
    .sort((left, right) => timeOf(left) - timeOf(right) || left.promptOver - right.promptOver);
}

function timeOf({ from }: PriceRow): number {
  return from?.getTime() ?? -Infinity;
}

type Override = Exclude<PriceOverrides[string], readonly unknown[]>;

/** Cache prices that an override leaves out follow from its input price: read 0.1x, write 1.25x (5 m) and 2x (1 h). */
function overridingRow(model: string, price: Override): PriceRow {
  return {
    model,
    from: price.from === undefined ? null : new Date(`${price.from}T00:00:00Z`),
    promptOver: price.promptOver ?? -1,
    rate: {
      input: price.input,
      output: price.output,
      cacheRead: price.cacheRead ?? price.input * 0.1,
      cacheWrite5m: price.cacheWrite5m ?? price.input * 1.25,
      cacheWrite1h: price.cacheWrite1h ?? price.input * 2,
    },
  };
}
