import type { LedgerFilter, LedgerRow, LedgerTotals } from '../model/ledger.js';
import { addUsage, noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { readLines } from './ledger-file.js';
import { parseRow } from './ledger-row.js';

/**
 * Adds up the rows that the filter lets through. A row without an item counts only into `all`; items of different
 * targets that have the same name fall together unless the filter names a target or a plan.
 *
 * @param say - told, in one line, how many lines could not be read: a sum is never silently too small.
 */
export async function totalsOf(
  path: string,
  filter: LedgerFilter,
  say: (line: string) => void,
): Promise<LedgerTotals> {
  const passes = rowFilter(filter);
  const byItem = new Map<string, Usage>();
  const unread = { torn: 0, unknown: 0 };
  let all = noUsage;
  await readLines(path, (line) => {
    const parsed = parseRow(line);
    if (parsed.kind !== 'row') {
      unread[parsed.kind] += 1;
      return;
    }
    if (!passes(parsed.row)) return;
    const usage = usageOf(parsed.row);
    all = addUsage(all, usage);
    const { item } = parsed.row;
    if (item !== null) byItem.set(item, addUsage(byItem.get(item) ?? noUsage, usage));
  });
  if (unread.torn + unread.unknown > 0) say(describeUnread(path, unread));
  return { all, byItem };
}

function rowFilter(filter: LedgerFilter): (row: LedgerRow) => boolean {
  const since = filter.since?.getTime();
  return (row) =>
    (filter.plan === undefined || row.plan === filter.plan) &&
    (filter.target === undefined || row.target === filter.target) &&
    (filter.item === undefined || row.item === filter.item) &&
    (filter.attempt === undefined || row.attempt === filter.attempt) &&
    // Compared as instants: the same one can be written in several ways.
    (since === undefined || Date.parse(row.at) >= since);
}

function usageOf(row: LedgerRow): Usage {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd } = row;
  return { requests: 1, input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd };
}

function describeUnread(path: string, unread: { readonly torn: number; readonly unknown: number }): string {
  const kinds = [
    ...(unread.torn > 0 ? [`${unread.torn} cut off by a crash`] : []),
    ...(unread.unknown > 0 ? [`${unread.unknown} not written by this version of regen`] : []),
  ];
  return `${path}: lines left out of the sums: ${kinds.join(', ')}`;
}
