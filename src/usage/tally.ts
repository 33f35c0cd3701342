/** Sums of messages, added up in place and kept as a list of numbers. */
import type { LedgerRow } from '../model/ledger.js';
import type { Usage } from '../model/usage.js';

export interface Tally {
  requests: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  /** US dollars of the messages that have a price. */
  pricedUsd: number;
  /** Messages without one. */
  unpriced: number;
  /** The bytes of the file between which all of the rows are. */
  start: number;
  end: number;
}

/** Written out, without spreading: thousands of them are made for one look at a long ledger. */
export function emptyTally(): Tally {
  return {
    requests: 0,
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    pricedUsd: 0,
    unpriced: 0,
    start: Infinity,
    end: 0,
  };
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
  if (row.kind === 'run') return;
  tally.requests += 1;
  tally.input += row.input;
  tally.output += row.output;
  tally.cacheRead += row.cacheRead;
  tally.cacheWrite5m += row.cacheWrite5m;
  tally.cacheWrite1h += row.cacheWrite1h;
  if (row.costUsd === null) tally.unpriced += 1;
  else tally.pricedUsd += row.costUsd;
}

/** The sums of several tallies' messages, and the bytes that hold all of them. */
export function merged(tallies: Iterable<Tally>): Tally {
  const sum = emptyTally();
  for (const tally of tallies) mergeTally(sum, tally);
  return sum;
}

function mergeTally(tally: Tally, other: Tally): void {
  tally.requests += other.requests;
  tally.input += other.input;
  tally.output += other.output;
  tally.cacheRead += other.cacheRead;
  tally.cacheWrite5m += other.cacheWrite5m;
  tally.cacheWrite1h += other.cacheWrite1h;
  tally.pricedUsd += other.pricedUsd;
  tally.unpriced += other.unpriced;
  tally.start = Math.min(tally.start, other.start);
  tally.end = Math.max(tally.end, other.end);
}

export function usageOfTally(tally: Tally): Usage {
  const { requests, input, output, cacheRead, cacheWrite5m, cacheWrite1h, pricedUsd, unpriced } = tally;
  const costUsd = unpriced > 0 ? null : pricedUsd;
  return { requests, input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd };
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
