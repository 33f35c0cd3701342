/** What each item took so far: what forecasts are drawn from. */
import type { LedgerRow } from '../model/ledger.js';
import { planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import { boundaryAt, isSince } from './instants.js';
import { ownText } from './own-text.js';

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
  /** US dollars that are known: of the plan, and of everybody since midnight UTC. */
  readonly spent: { readonly target: number; readonly day: number };
}

/** Takes rows, one after the other. */
export interface ItemHistory {
  add(row: LedgerRow): void;
  of(plan: Plan): PlanHistory;
  /** All targets and plans that any row belongs to, in the order in which they first appear. */
  targets(): readonly string[];
  plans(): readonly string[];
}

/** @param now - says which day today is. */
export function createItemHistory(now: Date): ItemHistory {
  const books = new Map<string, TargetBooks>();
  const midnight = boundaryAt(startOfDay(now));
  let day = 0;
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
      const took = tookOf(row);
      if (row.kind === 'run') took.durationMs = (took.durationMs ?? 0) + row.durationMs;
      else if (row.costUsd === null) took.isPriced = false;
      else {
        took.costUsd += row.costUsd;
        if (isSince(row.at, midnight)) day += row.costUsd;
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
  costUsd: number;
  isPriced: boolean;
  durationMs: number | null;
}

function isSamePlace(one: LedgerRow, other: LedgerRow): boolean {
  return one.item === other.item && one.target === other.target && one.plan === other.plan;
}

function placeIn(books: Map<string, TargetBooks>, { plan, target, item }: LedgerRow): Took {
  const key = JSON.stringify([plan, target]);
  const mine: TargetBooks = books.get(key) ?? {
    plan: ownText(plan),
    target: ownText(target),
    items: new Map(),
  };
  books.set(key, mine);
  const known = mine.items.get(item);
  if (known !== undefined) return known;
  const took = { costUsd: 0, isPriced: true, durationMs: null };
  mine.items.set(item === null ? null : ownText(item), took);
  return took;
}

function historyOf(books: ReadonlyMap<string, TargetBooks>, plan: Plan, day: number): PlanHistory {
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

function spentBy({ items }: TargetBooks): number {
  return [...items.values()].reduce((sum, { costUsd }) => sum + costUsd, 0);
}

function sampleOf({ costUsd, isPriced, durationMs }: Took): ItemSample {
  return { costUsd: isPriced ? costUsd : null, durationMs };
}

function startOfDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
}
