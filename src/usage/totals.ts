import type { LedgerFilter, LedgerTotals, MessageRow } from '../model/ledger.js';
import { addUsage, noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { eachRow } from './rows.js';

/**
 * Adds up the messages that the filter lets through. One without an item counts only into `all`; items of different
 * targets that have the same name fall together unless the filter names a target or a plan.
 *
 * @param say - told, in one line, how many lines could not be read.
 */
export async function totalsOf(
  path: string,
  filter: LedgerFilter,
  say: (line: string) => void,
): Promise<LedgerTotals> {
  const byItem = new Map<string, Usage>();
  let all = noUsage;
  const add = (row: MessageRow): void => {
    const usage = usageOf(row);
    all = addUsage(all, usage);
    if (row.item !== null) byItem.set(row.item, addUsage(byItem.get(row.item) ?? noUsage, usage));
  };
  await eachRow(path, filter, {
    row: (row) => {
      if (row.kind === 'message') add(row);
    },
    say,
  });
  return { all, byItem };
}

/** One request. */
export function usageOf(row: MessageRow): Usage {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd } = row;
  return { requests: 1, input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd };
}
