/** The table of `regen cost` for a person: numbers flush right, names as they are. */
import type { CostReport } from '../model/cost.js';
import { formatSpan } from '../model/duration.js';
import { formatCount, formatUsd } from '../model/format.js';
import type { LedgerGroup, LedgerKey } from '../model/ledger.js';
import { isNothing } from '../model/usage.js';

/** The table is no wider than this, unless a name alone is. */
const mostColumns = 100;

/** Lines without trailing blanks: heads, a line for each group, a rule, the total. */
export function costTable({ groups, total }: Pick<CostReport, 'groups' | 'total'>, by: LedgerKey): string[] {
  const shown = columnsFor([...groups, total], by);
  const heads: Row[] = [
    { name: '', cells: shown.map(({ head }) => head[0]) },
    { name: by, cells: shown.map(({ head }) => head[1]) },
  ];
  const body = groups.map((group) => rowOf(nameOf(group.key, by), group, shown));
  const sum = rowOf('total', total, shown);
  const layout = layoutOf([...heads, ...body, sum]);
  const rule = '-'.repeat(
    layout.widths.reduce((all, width) => all + layout.gap.length + width, layout.nameWidth),
  );
  return [
    ...heads.map(({ name, cells }) => lineOf(name.length > layout.nameWidth ? '' : name, cells, layout)),
    ...body.flatMap((row) => linesOf(row, layout)),
    rule,
    ...linesOf(sum, layout),
  ];
}

/** `$1.20 + ?` holds for what has a price only. */
function costCell({ usage, pricedUsd, unpricedRequests }: LedgerGroup): string {
  if (unpricedRequests === 0) return formatUsd(pricedUsd);
  return unpricedRequests >= usage.requests ? '?' : `${formatUsd(pricedUsd)} + ?`;
}

interface Column {
  /** Of two lines. */
  readonly head: readonly [string, string];
  readonly cell: (group: LedgerGroup) => string;
  /** Left out when every group has nothing to say here. */
  readonly isNeeded?: (group: LedgerGroup) => boolean;
  /** Says nothing about such groups: a session is one, and the time of a run is no model's. */
  readonly not?: LedgerKey;
}

const columns: readonly Column[] = [
  { head: ['', 'requests'], cell: ({ usage }) => String(usage.requests) },
  { head: ['', 'input'], cell: ({ usage }) => short(usage.input) },
  { head: ['', 'output'], cell: ({ usage }) => short(usage.output) },
  { head: ['cache', 'read'], cell: ({ usage }) => short(usage.cacheRead) },
  { head: ['write', '5m'], cell: ({ usage }) => short(usage.cacheWrite5m) },
  {
    head: ['write', '1h'],
    cell: ({ usage }) => short(usage.cacheWrite1h),
    isNeeded: ({ usage }) => usage.cacheWrite1h > 0,
  },
  { head: ['', 'sessions'], cell: ({ sessions }) => String(sessions), not: 'session' },
  { head: ['peak', 'context'], cell: ({ peakContext }) => short(peakContext) },
  {
    head: ['', 'time'],
    cell: ({ durationMs }) => formatSpan(durationMs),
    isNeeded: ({ durationMs }) => durationMs > 0,
    not: 'model',
  },
  { head: ['', 'cost'], cell: costCell },
  {
    head: ['of it', 'est.'],
    cell: ({ estimated }) => (isNothing(estimated) ? '' : formatUsd(estimated.costUsd)),
    isNeeded: ({ estimated }) => !isNothing(estimated),
  },
  {
    head: ['cache', 'saving'],
    cell: ({ netCacheSavingUsd }) => (netCacheSavingUsd === null ? '?' : formatUsd(netCacheSavingUsd)),
  },
];

function columnsFor(groups: readonly LedgerGroup[], by: LedgerKey): readonly Column[] {
  return columns.filter(
    ({ isNeeded, not }) => not !== by && (isNeeded === undefined || groups.some(isNeeded)),
  );
}

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

function rowOf(name: string, group: LedgerGroup, shown: readonly Column[]): Row {
  return { name, cells: shown.map(({ cell }) => cell(group)) };
}

function nameOf(key: string | null, by: LedgerKey): string {
  // A line feed in a name would look like another row.
  return key === null ? `(no ${by})` : key.replace(/\p{Cc}/gu, '\uFFFD');
}

interface Layout {
  /** Longer names have a line of their own. */
  readonly nameWidth: number;
  readonly widths: readonly number[];
  readonly gap: string;
}

/** Two blanks between the columns where the names leave room for them, else one. */
function layoutOf(rows: readonly Row[]): Layout {
  const widths = (rows[0]?.cells ?? []).map((_, at) =>
    Math.max(...rows.map(({ cells }) => cells[at]?.length ?? 0)),
  );
  const longest = rows.reduce((most, { name }) => Math.max(most, name.length), 0);
  const room = (gap: string): number =>
    mostColumns - widths.reduce((sum, width) => sum + gap.length + width, 0);
  const gap = longest <= room('  ') ? '  ' : ' ';
  const nameWidth = Math.min(longest, Math.max(room(gap), 0));
  return { nameWidth, widths, gap };
}

function linesOf({ name, cells }: Row, layout: Layout): string[] {
  return name.length > layout.nameWidth ? [name, lineOf('', cells, layout)] : [lineOf(name, cells, layout)];
}

function lineOf(name: string, cells: readonly string[], { nameWidth, widths, gap }: Layout): string {
  const numbers = cells.map((cell, at) => gap + cell.padStart(widths[at] ?? 0));
  return `${name.padEnd(nameWidth)}${numbers.join('')}`.trimEnd();
}

/** `33.3B` where formatCount has no shorter word. */
function short(count: number): string {
  return count < 999_950_000 ? formatCount(count) : `${(count / 1e9).toFixed(1)}B`;
}
