/** Tallies under their names, as JSON keeps them. Checked by hand: `regen status` loads no schema library. */
import { packTally, unpackTally } from './tally.js';
import type { Tally } from './tally.js';

/** Pairs of a key and what is kept under it: an object would sort keys that look like numbers. */
export function packTallies(tallies: ReadonlyMap<number | string, Tally>): unknown {
  return [...tallies].map(([key, tally]) => [key, packTally(tally)]);
}

export function unpackTallies<Key>(
  packed: unknown,
  isKey: (key: unknown) => key is Key,
): Map<Key, Tally> | null {
  return unpackPairs(packed, isKey, unpackTally);
}

/** Tallies by two names. */
export function unpackNested(packed: unknown): Map<string, Map<string, Tally>> | null {
  return unpackPairs(packed, isText, (inner) => unpackTallies(inner, isText));
}

function unpackPairs<Key, Value>(
  packed: unknown,
  isKey: (key: unknown) => key is Key,
  unpack: (value: unknown) => Value | null,
): Map<Key, Value> | null {
  if (!Array.isArray(packed)) return null;
  const unpacked = new Map<Key, Value>();
  for (const pair of packed as unknown[]) {
    const [key, inner] = Array.isArray(pair) ? (pair as unknown[]) : [];
    const value = unpack(inner);
    if (!isKey(key) || value === null) return null;
    unpacked.set(key, value);
  }
  return unpacked;
}

export function mapAt<Key, Inner>(maps: Map<Key, Map<string, Inner>>, key: Key): Map<string, Inner> {
  const found = maps.get(key) ?? new Map<string, Inner>();
  maps.set(key, found);
  return found;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
