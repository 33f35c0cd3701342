/** The whole ledger in one pass, for a page that shows it from every side. */
import path from 'node:path';
import type { PriceOverrides } from '../model/config.js';
import type { BudgetLimits, Forecast } from '../model/forecast.js';
import { sharersOf } from '../model/ledger.js';
import type { LedgerRow, RunRow } from '../model/ledger.js';
import type { Plan } from '../model/plan.js';
import type { ItemSpending, Mismatch, SpendingOverview } from '../model/report-page.js';
import type { Surroundings } from '../model/surroundings.js';
import { forecastOf } from './forecast.js';
import { createGrouping } from './groups.js';
import { createItemHistory } from './item-history.js';
import { createRates } from './rates.js';
import type { Rates } from './rates.js';
import { eachRow } from './rows.js';
import { addPart, addRow, groupOf, noSums } from './sums.js';
import type { Sums } from './sums.js';

export interface OverviewParts {
  readonly surroundings: Pick<Surroundings, 'root' | 'now'>;
  /** `prices` of regen.yaml: for what the cache saved. Costs are those of the day on which they were booked. */
  readonly prices: PriceOverrides;
  /** `budget` of regen.yaml. */
  readonly limits: BudgetLimits;
}

export interface Overview {
  readonly spending: SpendingOverview;
  /** null without a plan. */
  readonly forecast: Forecast | null;
}

/** @param plan - the one at work; null: there is none. */
export type ReadOverview = (plan: Plan | null) => Promise<Overview>;

export function createOverview({ surroundings, prices, limits }: OverviewParts): ReadOverview {
  return async (plan) => {
    const now = surroundings.now();
    const rates = createRates(prices);
    const history = createItemHistory(now, rates);
    const books = createBooks(rememberingLast(rates));
    const add = (row: LedgerRow): void => {
      history.add(row);
      books.add(row);
    };
    const unread: string[] = [];
    const file = path.join(surroundings.root, '.regen', 'ledger.jsonl');
    await eachRow(file, {}, { row: add, say: (line) => unread.push(line) });
    return {
      spending: { ...books.sums(), unread },
      forecast: plan === null ? null : forecastOf({ plan, history: history.of(plan), limits, now }),
    };
  };
}

interface Books {
  add(row: LedgerRow): void;
  sums(): Omit<SpendingOverview, 'unread'>;
}

function createBooks(rates: Rates): Books {
  const all = noSums();
  const days = createGrouping('day', rates);
  const stages = createGrouping('stage', rates);
  const models = createGrouping('model', rates);
  const items = createItemSums(rates);
  const mismatches = createMismatches();
  return {
    add(row) {
      addRow(all, row, rates);
      for (const books of [days, stages, models, items]) books.add(row);
      if (row.kind === 'run') mismatches.add(row);
    },
    sums: () => ({
      all: groupOf(null, all),
      days: [...days.groups()].sort((left, right) => ((left.key ?? '') < (right.key ?? '') ? -1 : 1)),
      stages: stages.groups(),
      models: models.groups(),
      items: items.all(),
      ...mismatches.newest(),
    }),
  };
}

/** Each row is priced for every side from which it is looked at. */
function rememberingLast(rates: Rates): Rates {
  let last: { readonly model: string; readonly prompt: number; readonly at: string } | null = null;
  let rate: ReturnType<Rates> = null;
  return (model, prompt, at) => {
    if (last?.at === at && last.prompt === prompt && last.model === model) return rate;
    last = { model, prompt, at };
    rate = rates(model, prompt, at);
    return rate;
  };
}

interface ItemSums extends Pick<ItemSpending, 'plan' | 'target' | 'item'> {
  readonly sums: Sums;
}

function createItemSums(rates: Rates) {
  const items = new Map<string, ItemSums>();
  let last: ItemSums | null = null;
  const sumsOf = ({ plan, target }: LedgerRow, item: string | null): ItemSums => {
    // Rows of an item mostly come one after the other.
    if (last?.item === item && last.target === target && last.plan === plan) return last;
    const key = JSON.stringify([plan, target, item]);
    const found = items.get(key) ?? { plan, target, item, sums: noSums() };
    items.set(key, found);
    last = found;
    return found;
  };
  return {
    add(row: LedgerRow): void {
      const sharers = sharersOf(row);
      if (sharers.length === 0) addRow(sumsOf(row, row.item).sums, row, rates);
      for (const [at, item] of sharers.entries())
        addPart(sumsOf(row, item).sums, row, rates, { at, of: sharers.length });
    },
    all: (): readonly ItemSpending[] =>
      [...items.values()].map(({ sums, ...place }) => ({ ...place, ...groupOf(place.item, sums) })),
  };
}

/** More of them are counted only. */
const mostMismatches = 50;

function createMismatches() {
  const newest: Mismatch[] = [];
  let count = 0;
  return {
    add({ at, target, item, stage, run, difference }: RunRow): void {
      if (difference === null) return;
      count += 1;
      newest.unshift({ at, target, item, stage, run, difference });
      newest.length = Math.min(newest.length, mostMismatches);
    },
    newest: () => ({ mismatches: newest, mismatchCount: count }),
  };
}
