import type { PriceOverrides } from '../model/config.js';
import type { LedgerFilter, LedgerGroup, LedgerKey, LedgerRow, MessageRow } from '../model/ledger.js';
import { addUsage, noUsage, promptTokens } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { netCacheSaving } from './prices.js';
import { eachRow } from './rows.js';
import { usageOf } from './totals.js';

interface Sums {
  usage: Usage;
  estimated: Usage;
  readonly sessions: Set<string>;
  peakContext: number;
  durationMs: number;
  netCacheSavingUsd: number | null;
}

export interface GroupQuestion {
  readonly by: LedgerKey;
  readonly filter: LedgerFilter;
  readonly prices: PriceOverrides;
}

/** The sums of each group, in the order in which the groups first appear. */
export async function groupsOf(
  path: string,
  { by, filter, prices }: GroupQuestion,
  say: (line: string) => void,
): Promise<readonly LedgerGroup[]> {
  const groups = new Map<string | null, Sums>();
  const sumsOf = (row: LedgerRow): Sums | null => {
    const key = keyOf(row, by);
    if (key === undefined) return null;
    const sums = groups.get(key) ?? noSums();
    groups.set(key, sums);
    return sums;
  };
  await eachRow(path, filter, {
    row: (row) => {
      const sums = sumsOf(row);
      if (sums === null) return;
      if (row.kind === 'run') sums.durationMs += row.durationMs;
      else addMessage(sums, row, prices);
    },
    say,
  });
  return [...groups].map(([key, { sessions, ...sums }]) => ({ key, sessions: sessions.size, ...sums }));
}

/** undefined: a run has messages of several models, so its time is no model's. */
function keyOf(row: LedgerRow, by: LedgerKey): string | null | undefined {
  switch (by) {
    case 'day':
      return new Date(row.at).toISOString().slice(0, 10);
    case 'model':
      return row.kind === 'message' ? row.model : undefined;
    default:
      return row[by];
  }
}

function addMessage(sums: Sums, row: MessageRow, prices: PriceOverrides): void {
  const usage = usageOf(row);
  sums.usage = addUsage(sums.usage, usage);
  if (row.isEstimate) sums.estimated = addUsage(sums.estimated, usage);
  sums.sessions.add(row.session);
  sums.peakContext = Math.max(sums.peakContext, promptTokens(row));
  const saved = netCacheSaving({ model: row.model, tokens: row, at: new Date(row.at) }, prices);
  sums.netCacheSavingUsd =
    saved === null || sums.netCacheSavingUsd === null ? null : sums.netCacheSavingUsd + saved;
}

function noSums(): Sums {
  return {
    usage: noUsage,
    estimated: noUsage,
    sessions: new Set(),
    peakContext: 0,
    durationMs: 0,
    netCacheSavingUsd: 0,
  };
}
