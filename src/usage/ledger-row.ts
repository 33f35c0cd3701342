/** Lines of the ledger. Checked by hand: `regen status` reads them and loads no schema library. */
import type { LedgerRow } from '../model/ledger.js';

/** `torn`: the rest of a write that a crash cut off. `unknown`: written by another version, or no row at all. */
export type ParsedRow =
  | { readonly kind: 'row'; readonly row: LedgerRow }
  | { readonly kind: 'torn' }
  | { readonly kind: 'unknown' };

/** Reads one line; what it can't read it never guesses at. */
export function parseRow(line: string): ParsedRow {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'torn' };
  }
  return isRow(value) ? { kind: 'row', row: value } : { kind: 'unknown' };
}

/** One line, its line feed included. */
export function formatRow(row: LedgerRow): string {
  return `${JSON.stringify(row)}\n`;
}

const numbers = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'round'] as const;
const texts = ['at', 'plan', 'target', 'stage', 'session', 'message', 'model'] as const;
const textsOrNull = ['item', 'attempt', 'prefixHash'] as const;

function isRow(value: unknown): value is LedgerRow {
  if (typeof value !== 'object' || value === null) return false;
  const row = value as Readonly<Record<string, unknown>>; // any object may be looked at this way
  return (
    row['v'] === 1 &&
    numbers.every((name) => isCount(row[name])) &&
    texts.every((name) => typeof row[name] === 'string') &&
    textsOrNull.every((name) => row[name] === null || typeof row[name] === 'string') &&
    (row['costUsd'] === null || isCount(row['costUsd']))
  );
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}
