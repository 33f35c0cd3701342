/** `regen cost --csv`: RFC 4180, for spreadsheets and databases. */
import type { CostReport } from '../model/cost.js';
import type { LedgerGroup, LedgerKey } from '../model/ledger.js';
import type { Usage } from '../model/usage.js';

/**
 * The header and a record for each group, without their line ends. There is no total: whoever adds up would count
 * everything twice.
 */
export function costCsv({ groups }: Pick<CostReport, 'groups'>, by: LedgerKey): string[] {
  const header = [by, ...columns.map(([name]) => name)].join(',');
  return [
    header,
    ...groups.map((group) =>
      [text(group.key), ...columns.map(([, value]) => number(value(group)))].join(','),
    ),
  ];
}

type Column = readonly [name: string, value: (group: LedgerGroup) => number | null];

const counts = [
  'requests',
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'costUsd',
] as const;

const columns: readonly Column[] = [
  ...counts.map((name): Column => [name, ({ usage }) => usage[name]]),
  ['pricedUsd', ({ pricedUsd }) => pricedUsd],
  ['unpricedRequests', ({ unpricedRequests }) => unpricedRequests],
  ['sessions', ({ sessions }) => sessions],
  ['peakContext', ({ peakContext }) => peakContext],
  ['durationMs', ({ durationMs }) => durationMs],
  ['netCacheSavingUsd', ({ netCacheSavingUsd }) => netCacheSavingUsd],
  ...counts.map((name): Column => [estimatedName(name), ({ estimated }) => estimated[name]]),
];

function estimatedName(name: keyof Usage): string {
  return `estimated${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** Empty: unknown. Never `3e-7`, which not everybody reads. */
function number(value: number | null): string {
  if (value === null) return '';
  const written = String(value);
  return written.includes('e')
    ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : written;
}

/**
 * Quoted where commas, quotes or line feeds ask for it. A spreadsheet takes what begins with one of `=+-@`, a tab or a
 * carriage return for a formula, and ids come from file names: an apostrophe in front makes it text again.
 */
function text(value: string | null): string {
  if (value === null) return '';
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe;
}
