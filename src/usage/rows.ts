/** Going over the rows of a ledger, one way for whoever adds them up. */
import type { LedgerFilter, LedgerRow } from '../model/ledger.js';
import { readLines } from './ledger-file.js';
import { parseRow } from './ledger-row.js';

/**
 * Hands every row that the filter lets through over, in the file's order.
 *
 * @param say - told, in one line, how many lines could not be read: a sum is never silently too small.
 */
export async function eachRow(
  path: string,
  filter: LedgerFilter,
  { row, say }: { readonly row: (row: LedgerRow) => void; readonly say: (line: string) => void },
): Promise<void> {
  const passes = rowFilter(filter);
  const unread = { torn: 0, unknown: 0 };
  await readLines(path, (line) => {
    const parsed = parseRow(line);
    if (parsed.kind !== 'row') unread[parsed.kind] += 1;
    else if (passes(parsed.row)) row(parsed.row);
  });
  if (unread.torn + unread.unknown > 0) say(describeUnread(path, unread));
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

function describeUnread(path: string, unread: { readonly torn: number; readonly unknown: number }): string {
  const kinds = [
    ...(unread.torn > 0 ? [`${unread.torn} cut off by a crash`] : []),
    ...(unread.unknown > 0 ? [`${unread.unknown} not written by this version of regen`] : []),
  ];
  return `${path}: lines left out of the sums: ${kinds.join(', ')}`;
}
