/** Going over the rows of a ledger, one way for whoever adds them up. */
import { noPlan, sharersOf } from '../model/ledger.js';
import type { LedgerFilter, LedgerRow } from '../model/ledger.js';
import { boundaryAt, isSince } from './instants.js';
import { readLines } from './ledger-file.js';
import { keptOf } from './kept.js';
import { readRow } from './row-reader.js';
import { sayUnread } from './unread.js';
import type { Say, UnreadLines } from './unread.js';

/** Hands every row that the filter lets through over, in the file's order. */
export async function eachRow(
  path: string,
  filter: LedgerFilter,
  { row, say }: { readonly row: (row: LedgerRow) => void; readonly say: Say },
): Promise<UnreadLines> {
  const passes = rowFilter(filter);
  const isWhole = Object.keys(filter).length === 0;
  const kept = isWhole ? null : await keptOf(path, filter);
  const found = { torn: 0, unknown: 0 };
  const each = (line: string): void => {
    const parsed = readRow(line);
    if (parsed.kind !== 'row') found[parsed.kind] += 1;
    else if (passes(parsed.row)) row(parsed.row);
  };
  await readLines(path, each, kept === null ? {} : { start: kept.tally.start, end: kept.tally.end });
  const unread = kept?.unread ?? found;
  sayUnread(path, unread, say);
  return unread;
}

/** What items share passes for each of them, as a whole. */
export function rowFilter(filter: LedgerFilter): (row: LedgerRow) => boolean {
  const since = filter.since === undefined ? undefined : boundaryAt(filter.since);
  return (row) =>
    (filter.plan === undefined || row.plan === filter.plan) &&
    (filter.ofPlans !== true || row.plan !== noPlan) &&
    (filter.target === undefined || row.target === filter.target) &&
    (filter.item === undefined || row.item === filter.item || sharersOf(row).includes(filter.item)) &&
    (filter.attempt === undefined || row.attempt === filter.attempt) &&
    (since === undefined || isSince(row.at, since));
}
