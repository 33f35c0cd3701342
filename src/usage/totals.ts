/** Sums of the ledger: of what is kept of it where that answers the question, else of its rows. */
import { sharersOf } from '../model/ledger.js';
import type { LedgerFilter, LedgerTotals } from '../model/ledger.js';
import { isNothing } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { usageOfCounted } from './counted.js';
import { keptOf } from './kept.js';
import { readLines } from './ledger-file.js';
import { named, sinceThen } from './rollup-index.js';
import { readIndex, readPlan } from './rollup.js';
import { readRow } from './row-reader.js';
import { eachRow, rowFilter } from './rows.js';
import { addOwn, addPartToTally, addToTally, emptyTally, merged, nowhere, tallyAt } from './tally.js';
import type { Tally } from './tally.js';
import { sayUnread } from './unread.js';
import type { Say } from './unread.js';

/** Adds up the messages that the filter lets through. */
export async function tallyOf(ledger: string, filter: LedgerFilter, say: Say): Promise<Tally> {
  const { since, ofPlans = false, ...others } = filter;
  const isSinceAlone = since !== undefined && Object.keys(others).length === 0;
  if (isSinceAlone) return tallySince(ledger, { since, ofPlans }, say);
  const kept = await keptOf(ledger, filter);
  if (kept?.isExact === true) {
    sayUnread(ledger, kept.unread, say);
    return kept.tally;
  }
  const tally = emptyTally();
  await eachRow(ledger, filter, {
    row: (row) => {
      addOwn(tally, row, filter.item);
    },
    say,
  });
  return tally;
}

/**
 * The same with each item's share, its parts of packs included. Any other message without an item counts only into `all`; items of different targets that have
 * the same name fall together unless the filter names a target.
 */
export async function totalsOf(ledger: string, filter: LedgerFilter, say: Say): Promise<LedgerTotals> {
  const { plan, target, ...others } = filter;
  const isKept = Object.keys(others).length === 0;
  if (isKept && plan !== undefined && target !== undefined) {
    const { index, data } = await readPlan(ledger, plan);
    sayUnread(ledger, index.unread, say);
    return {
      all: usageOfCounted(merged(named(data.targets, target))),
      byItem: usages(data.items.get(target) ?? new Map<string, Tally>()),
    };
  }
  const all = emptyTally();
  const items = new Map<string, Tally>();
  await eachRow(ledger, filter, {
    row: (row) => {
      addToTally(all, row, nowhere);
      if (row.item !== null) addToTally(tallyAt(items, row.item), row, nowhere);
      const sharers = sharersOf(row);
      for (const [at, item] of sharers.entries())
        addPartToTally(tallyAt(items, item), row, { ...nowhere, at, of: sharers.length });
    },
    say,
  });
  return { all: usageOfCounted(all), byItem: usages(items) };
}

/** Whole days and hours as they are kept, and of the one that the instant lies in the rows behind it. */
async function tallySince(
  ledger: string,
  { since, ofPlans }: { readonly since: Date; readonly ofPlans: boolean },
  say: Say,
): Promise<Tally> {
  const index = await readIndex(ledger);
  sayUnread(ledger, index.unread, say);
  const { whole: tally, begun, isBegun } = sinceThen(index, since, ofPlans);
  const passes = rowFilter({ since, ofPlans });
  const each = (line: string): void => {
    const parsed = readRow(line);
    if (parsed.kind === 'row' && isBegun(parsed.row.at) && passes(parsed.row))
      addToTally(tally, parsed.row, nowhere);
  };
  await readLines(ledger, each, { start: begun.start, end: begun.end });
  return tally;
}

function usages(items: ReadonlyMap<string, Tally>): ReadonlyMap<string, Usage> {
  // An item may have runs without an answer, and a part of a request that is counted for another.
  const counted = [...items].filter(([, tally]) => !isNothing(usageOfCounted(tally)));
  return new Map(counted.map(([item, tally]) => [item, usageOfCounted(tally)]));
}
