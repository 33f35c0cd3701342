/** Money and tokens of many messages, with what has a price kept apart from what hasn't. */
import type { LedgerGroup } from './ledger.js';
import { addUsage, noUsage } from './usage.js';

/** What can be added up further: sessions can't, and the time of runs isn't that of models. */
export type Spending = Omit<LedgerGroup, 'key' | 'sessions' | 'durationMs'>;

export const noSpending: Spending = {
  usage: noUsage,
  estimated: noUsage,
  pricedUsd: 0,
  unpricedRequests: 0,
  peakContext: 0,
  netCacheSavingUsd: 0,
};

export function addSpending(left: Spending, right: Spending): Spending {
  return {
    usage: addUsage(left.usage, right.usage),
    estimated: addUsage(left.estimated, right.estimated),
    pricedUsd: left.pricedUsd + right.pricedUsd,
    unpricedRequests: left.unpricedRequests + right.unpricedRequests,
    peakContext: Math.max(left.peakContext, right.peakContext),
    netCacheSavingUsd:
      left.netCacheSavingUsd === null || right.netCacheSavingUsd === null
        ? null
        : left.netCacheSavingUsd + right.netCacheSavingUsd,
  };
}
