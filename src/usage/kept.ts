/** What the rollup knows of a filter's rows without looking at them: between which bytes they are, mostly their sums too. */
import type { LedgerFilter } from '../model/ledger.js';
import { hourAt } from './rollup-index.js';
import type { IndexData } from './rollup-index.js';
import { readIndex, readPlan } from './rollup.js';
import { merged } from './tally.js';
import type { Tally } from './tally.js';
import type { UnreadLines } from './unread.js';

export interface Kept {
  /** Its bytes hold all rows that the filter lets through, and maybe others. */
  readonly tally: Tally;
  /** Whether its sums are theirs alone. */
  readonly isExact: boolean;
  /** In the whole file. */
  readonly unread: UnreadLines;
}

/** null: the rows may be anywhere. */
export async function keptOf(ledger: string, filter: LedgerFilter): Promise<Kept | null> {
  const { plan, target, item, attempt, since } = filter;
  const isOfPlan = plan !== undefined;
  if (!isOfPlan && (item !== undefined || attempt !== undefined) && target === undefined) return null;
  const index = await readIndex(ledger);
  const { unread } = index;
  if (!isOfPlan) {
    const isExact = item === undefined && attempt === undefined && since === undefined;
    const isSinceAlone = target === undefined && since !== undefined;
    const tallies = isSinceAlone ? hoursFrom(index, since) : targetsOf(index, target);
    return { tally: merged(tallies), isExact, unread };
  }
  if (item === undefined && attempt === undefined) {
    const targets = index.plans.get(plan) ?? new Map<string, Tally>();
    return { tally: merged(named(targets, target)), isExact: since === undefined, unread };
  }
  const data = await readPlan(ledger, plan);
  if (attempt !== undefined) {
    const isExact = target === undefined && item === undefined && since === undefined;
    return { tally: merged(named(data.attempts, attempt)), isExact, unread };
  }
  const tallies = [...named(data.items, target)].flatMap((items) => named(items, item));
  return { tally: merged(tallies), isExact: since === undefined, unread };
}

/** The hours that begin at the instant or later, and the one that it lies in. */
export function hoursFrom({ hours }: IndexData, since: Date): Tally[] {
  return [...hours].filter(([hour]) => hour >= hourAt(since)).map(([, tally]) => tally);
}

function targetsOf({ plans }: IndexData, target: string | undefined): Tally[] {
  return [...plans.values()].flatMap((targets) => named(targets, target));
}

/** The one of the name, or all. */
function named<Value>(values: ReadonlyMap<string, Value>, name: string | undefined): Value[] {
  if (name === undefined) return [...values.values()];
  const value = values.get(name);
  return value === undefined ? [] : [value];
}
