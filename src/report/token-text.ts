/** A token table for a terminal, in as few bytes as a summary can spare. */
import { formatCost, formatCount, formatUsage } from '../model/format.js';
import type { TokenRow, TokenTable } from '../model/token-table.js';
import { isNothing } from '../model/usage.js';
import type { Usage } from '../model/usage.js';

const columns = ['uncached', 'output', 'read', 'write', 'cost'] as const;

/** A line per row; none when nothing was booked. `≈` marks what holds estimates. */
export function tokenLines({ rows, total, outside }: TokenTable): readonly string[] {
  if (total.usage.requests === 0) return [];
  const table = [['tokens', ...columns], ...[...rows, total].map(cells)];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
  return [
    ...lines.map((line) => `  ${line}`),
    ...(outside.requests === 0
      ? []
      : [`  not in it: ${formatUsage(outside)} that sessions said for no item`]),
  ];
}

/** The money that failures took. */
export function failedLine(failed: Usage | null): string {
  return failed === null || isNothing(failed) ? '' : `Failed items took ${formatUsage(failed)} of it.`;
}

function cells({ name, usage, pricedUsd, estimated }: TokenRow): readonly string[] {
  return [
    name,
    formatCount(usage.input),
    formatCount(usage.output),
    formatCount(usage.cacheRead),
    formatCount(usage.cacheWrite5m + usage.cacheWrite1h),
    `${estimated.requests > 0 ? '≈' : ''}${formatCost(usage.costUsd, pricedUsd)}`,
  ];
}
