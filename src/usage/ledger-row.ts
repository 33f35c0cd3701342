/** Lines of the ledger. Checked by hand: `regen status` reads them and loads no schema library. */
import type { LedgerRow, MessageRow } from '../model/ledger.js';

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
  const current = upgraded(value);
  return isRow(current) ? { kind: 'row', row: current } : { kind: 'unknown' };
}

/** One line, its line feed included. A message's fields stand in the order in which row-reader.ts reads them quickly. */
export function formatRow(row: LedgerRow): string {
  return `${JSON.stringify(row.kind === 'message' ? inOrder(row) : row)}\n`;
}

function inOrder(row: MessageRow): MessageRow {
  const { v, kind, at, plan, target, item, stage, round, attempt, session, message, model, ...rest } = row;
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd, ...marks } = rest;
  const { prefixHash, isSidechain, isEstimate, ...others } = marks;
  return {
    ...{ v, kind, at, plan, target, item, stage, round, attempt, session, message, model },
    ...{ input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd },
    ...{ prefixHash, isSidechain, isEstimate, ...others },
  };
}

/** Version 1 had messages only, without saying so. */
function upgraded(value: unknown): unknown {
  return isRecord(value) && value['v'] === 1 && !('kind' in value)
    ? { ...value, v: 2, kind: 'message' }
    : value;
}

const kinds = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const;
const reportedKinds = ['input', 'output', 'cacheRead', 'cacheWrite'] as const;
const placeTexts = ['at', 'plan', 'target', 'stage', 'session'] as const;
const placeTextsOrNull = ['item', 'attempt', 'prefixHash'] as const;

function isRow(value: unknown): value is LedgerRow {
  if (!isRecord(value) || value['v'] !== 2 || !isPlace(value)) return false;
  switch (value['kind']) {
    case 'message':
      return (
        isText(value['message']) &&
        isText(value['model']) &&
        isPriced(value, kinds) &&
        isFlag(value['isSidechain']) &&
        isFlag(value['isEstimate'])
      );
    case 'run':
      return (
        isText(value['run']) &&
        isText(value['outcome']) &&
        isCount(value['durationMs']) &&
        isCount(value['peakContext']) &&
        [value['usage'], value['estimated']].every(
          (usage) => isRecord(usage) && isPriced(usage, [...kinds, 'requests']),
        ) &&
        [value['reported'], value['difference']].every(isReportedOrNull)
      );
    default:
      return false;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isPlace(row: Fields): boolean {
  return (
    isCount(row['round']) &&
    isTextListIfThere(row['sharedBy']) &&
    placeTexts.every((name) => isText(row[name])) &&
    placeTextsOrNull.every((name) => row[name] === null || isText(row[name]))
  );
}

function isPriced(counts: Fields, names: readonly string[]): boolean {
  return (
    names.every((name) => isCount(counts[name])) && (counts['costUsd'] === null || isCount(counts['costUsd']))
  );
}

/** A difference may be below nothing. */
function isReportedOrNull(value: unknown): boolean {
  if (value === null) return true;
  if (!isRecord(value)) return false;
  return reportedKinds.every((name) => isNumber(value[name])) && isNumberOrNull(value['costUsd']);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isTextListIfThere(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every(isText));
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || isNumber(value);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}
