/** What the rollup knows of a filter's rows without looking at them: between which bytes they are, mostly their sums too. */
import type { LedgerFilter } from '../model/ledger.js';
import { named, sinceThen } from './rollup-index.js';
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
  const { plan, target, item, attempt, since, ofPlans = false } = filter;
  const isOfPart = item !== undefined || attempt !== undefined;
  if (plan === undefined && isOfPart && target === undefined) return null;
  if (plan !== undefined && isOfPart) return keptOfPart(ledger, { ...filter, plan });
  const index = await readIndex(ledger);
  const { unread } = index;
  if (plan === undefined) {
    const isExact = !isOfPart && since === undefined && !ofPlans;
    const isSinceAlone = target === undefined && since !== undefined;
    const { whole, begun } = sinceThen(index, since ?? new Date(0), ofPlans);
    const tallies = isSinceAlone ? [whole, begun] : targetsOf(index, target);
    return { tally: merged(tallies), isExact, unread };
  }
  const targets = index.plans.get(plan) ?? new Map<string, Tally>();
  return { tally: merged(named(targets, target)), isExact: since === undefined, unread };
}

/** Of an item or an attempt. */
async function keptOfPart(
  ledger: string,
  { plan, target, item, attempt, since }: LedgerFilter & { readonly plan: string },
): Promise<Kept> {
  const { index, data } = await readPlan(ledger, plan);
  const { unread } = index;
  if (attempt !== undefined) {
    const isExact = target === undefined && item === undefined && since === undefined;
    return { tally: merged(named(data.attempts, attempt)), isExact, unread };
  }
  const tallies = named(data.items, target).flatMap((items) => named(items, item));
  return { tally: merged(tallies), isExact: since === undefined, unread };
}

function targetsOf({ plans }: IndexData, target: string | undefined): Tally[] {
  return [...plans.values()].flatMap((targets) => named(targets, target));
}
