/** What each item took so far, its part of what it shares included: what forecasts are drawn from. */
import { noPlan, sharersOf } from '../model/ledger.js';
import type { LedgerRow, MessageRow } from '../model/ledger.js';
import { planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import { costAt } from '../model/rate.js';
import { promptTokens } from '../model/usage.js';
import { boundaryAt, isSince } from './instants.js';
import { ownText } from './own-text.js';
import { batchFactor } from './price-table.js';
import type { Rates } from './rates.js';

/** One item of a plan, all its attempts together. */
export interface ItemSample {
  /** US dollars; null when a model without a price took part. */
  readonly costUsd: number | null;
  /** The time of its runs; null when none is on record. */
  readonly durationMs: number | null;
}

/** The samples by how near they are to a plan, oldest first, and what it has spent. */
export interface PlanHistory {
  readonly samples: {
    /** Its own finished items. */
    readonly plan: readonly ItemSample[];
    /** Items of the target's other plans. */
    readonly target: readonly ItemSample[];
    readonly others: readonly ItemSample[];
  };
  /** US dollars of the plan, and of all plans since midnight UTC; null when a model without a price took part. */
  readonly spent: { readonly target: number | null; readonly day: number | null };
}

/** Takes rows, one after the other. */
export interface ItemHistory {
  add(row: LedgerRow): void;
  of(plan: Plan): PlanHistory;
  /** All targets and plans that any row belongs to, in the order in which they first appear. */
  targets(): readonly string[];
  plans(): readonly string[];
}

/**
 * @param now - says which day today is.
 * @param rates - for what had no price when it was booked: the limits count it with the one that it has now, too.
 */
export function createItemHistory(now: Date, rates: Rates): ItemHistory {
  const books = new Map<string, TargetBooks>();
  const midnight = boundaryAt(startOfDay(now));
  let day: number | null = 0;
  // Rows of an item mostly come one after the other.
  let last: { readonly row: LedgerRow; readonly took: Took } | null = null;
  const tookOf = (row: LedgerRow): Took => {
    if (last !== null && isSamePlace(last.row, row)) return last.took;
    const took = placeIn(books, row);
    last = { row, took };
    return took;
  };
  return {
    add(row) {
      const sharers = sharersOf(row);
      const all = sharers.length === 0 ? [tookOf(row)] : sharers.map((item) => placeIn(books, row, item));
      if (row.kind === 'run') {
        for (const took of all) took.durationMs = (took.durationMs ?? 0) + row.durationMs / all.length;
      } else {
        const costUsd = row.costUsd ?? costNow(row, rates);
        const part = costUsd === null ? null : costUsd / all.length;
        for (const took of all) took.costUsd = sum(took.costUsd, part);
        if (row.plan !== noPlan && isSince(row.at, midnight)) day = sum(day, costUsd);
      }
    },
    of: (plan) => historyOf(books, plan, day),
    targets: () => [...new Set([...books.values()].map(({ target }) => target))],
    plans: () => [...new Set([...books.values()].map(({ plan }) => plan))],
  };
}

/** Everything booked for one plan of one target. */
interface TargetBooks {
  readonly plan: string;
  readonly target: string;
  /** null: what belongs to no item. */
  readonly items: Map<string | null, Took>;
}

interface Took {
  /** null when a model without a price took part. */
  costUsd: number | null;
  durationMs: number | null;
}

function isSamePlace(one: LedgerRow, other: LedgerRow): boolean {
  return one.item === other.item && one.target === other.target && one.plan === other.plan;
}

function placeIn(
  books: Map<string, TargetBooks>,
  { plan, target, item: own }: LedgerRow,
  item: string | null = own,
): Took {
  const key = JSON.stringify([plan, target]);
  const mine: TargetBooks = books.get(key) ?? {
    plan: ownText(plan),
    target: ownText(target),
    items: new Map(),
  };
  books.set(key, mine);
  const known = mine.items.get(item);
  if (known !== undefined) return known;
  const took = { costUsd: 0, durationMs: null };
  mine.items.set(item === null ? null : ownText(item), took);
  return took;
}

function historyOf(books: ReadonlyMap<string, TargetBooks>, plan: Plan, day: number | null): PlanHistory {
  const key = planKey(plan);
  const isOwn = (one: TargetBooks): boolean => one.plan === key && one.target === plan.target;
  const all = [...books.values()];
  const own = all.find(isOwn);
  // A plan that isn't there any more works on none of its items.
  const rest = all.filter((one) => !isOwn(one));
  return {
    samples: {
      plan: own === undefined ? [] : finished(plan, own),
      target: rest.filter(({ target }) => target === plan.target).flatMap(allItems),
      others: rest.filter(({ target }) => target !== plan.target).flatMap(allItems),
    },
    spent: { target: own === undefined ? 0 : spentBy(own), day },
  };
}

function finished({ items }: Plan, books: TargetBooks): ItemSample[] {
  return items.flatMap(({ id, state }) => {
    const took = books.items.get(id);
    return took === undefined || state === 'todo' || state === 'waiting' ? [] : [sampleOf(took)];
  });
}

function allItems({ items }: TargetBooks): ItemSample[] {
  return [...items].flatMap(([item, took]) => (item === null ? [] : [sampleOf(took)]));
}

function spentBy({ items }: TargetBooks): number | null {
  return [...items.values()].reduce<number | null>((all, { costUsd }) => sum(all, costUsd), 0);
}

function sampleOf({ costUsd, durationMs }: Took): ItemSample {
  return { costUsd, durationMs };
}

function sum(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left + right;
}

function costNow(row: MessageRow, rates: Rates): number | null {
  const rate = rates(row.model, promptTokens(row), row.at);
  return rate === null ? null : (row.isBatch === true ? batchFactor : 1) * costAt(rate, row);
}

function startOfDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
}
