/** Sums of messages with the place of their rows in the file, kept as a list of numbers. */
import { sharersOf } from '../model/ledger.js';
import type { LedgerRow } from '../model/ledger.js';
import type { PartPlace } from '../model/apportion.js';
import { addCounted, count, nothingCounted, partOf } from './counted.js';
import type { Counted } from './counted.js';

export type Tally = Counted & {
  /** The bytes of the file between which all of the rows are. */
  start: number;
  end: number;
};

export function emptyTally(): Tally {
  return Object.assign(nothingCounted(), { start: Infinity, end: 0 });
}

/** Where a row stands in the file. */
export interface RowPlace {
  readonly start: number;
  readonly end: number;
}

/** Adds what stands at this place: a run counts as a row to be found there, and adds to no sum. */
export function addToTally(tally: Tally, row: LedgerRow, place: RowPlace): void {
  tally.start = Math.min(tally.start, place.start);
  tally.end = Math.max(tally.end, place.end);
  if (row.kind === 'message') count(tally, row);
}

/** Adds an item's part of what stands there. */
export function addPartToTally(tally: Tally, row: LedgerRow, place: RowPlace & PartPlace): void {
  tally.start = Math.min(tally.start, place.start);
  tally.end = Math.max(tally.end, place.end);
  if (row.kind === 'message') addCounted(tally, partOf(row, place));
}

/** Adds what is the item's: all of its own rows, its part of those that it shares, and everything if no item is named. */
export function addOwn(tally: Tally, row: LedgerRow, item: string | undefined): void {
  const sharers = item === undefined || row.item !== null ? [] : sharersOf(row);
  const at = item === undefined ? -1 : sharers.indexOf(item);
  if (at === -1) addToTally(tally, row, nowhere);
  else addPartToTally(tally, row, { ...nowhere, at, of: sharers.length });
}

/** Where a row stands matters to the rollup alone. */
export const nowhere: RowPlace = { start: 0, end: 0 };

/** The sums of several tallies' messages, and the bytes that hold all of them. */
export function merged(tallies: Iterable<Tally>): Tally {
  const sum = emptyTally();
  for (const tally of tallies) mergeTally(sum, tally);
  return sum;
}

function mergeTally(tally: Tally, other: Tally): void {
  addCounted(tally, other);
  tally.start = Math.min(tally.start, other.start);
  tally.end = Math.max(tally.end, other.end);
}

/** The tally under the key, a new one where there is none. */
export function tallyAt<Key>(tallies: Map<Key, Tally>, key: Key): Tally {
  const found = tallies.get(key);
  if (found !== undefined) return found;
  const tally = emptyTally();
  tallies.set(key, tally);
  return tally;
}

/** As JSON keeps it. */
export type PackedTally = readonly number[];

export function packTally(tally: Tally): PackedTally {
  return fields.map((field) => tally[field]);
}

/** null: not what `packTally` makes. */
export function unpackTally(packed: unknown): Tally | null {
  if (!Array.isArray(packed) || packed.length !== fields.length) return null;
  if (!packed.every((value) => typeof value === 'number')) return null;
  const tally = emptyTally();
  fields.forEach((field, index) => {
    tally[field] = packed[index] ?? 0;
  });
  return tally;
}

const fields = [
  ...(['requests', 'input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const),
  ...(['pricedUsd', 'unpriced', 'start', 'end'] as const),
];
