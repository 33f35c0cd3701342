import type { PriceOverrides } from '../model/config.js';
import { sharersOf } from '../model/ledger.js';
import type { LedgerFilter, LedgerRow } from '../model/ledger.js';
import type { Spent } from '../model/reservation.js';
import { costOf } from './prices.js';
import { eachRow } from './rows.js';
import { tallyOf } from './totals.js';
import type { Say } from './unread.js';

export interface SpendingQuestion {
  readonly filter: LedgerFilter;
  /** As regen.yaml has them now: a price that was missing when a message was booked may have been added since. */
  readonly prices: PriceOverrides;
}

/** US dollars of the rows. Only when some have no price on the books are they looked at one by one. */
export async function spentOf(
  ledger: string,
  { filter, prices }: SpendingQuestion,
  say: Say,
): Promise<Spent> {
  const { pricedUsd, unpriced } = await tallyOf(ledger, filter, say);
  if (unpriced === 0) return { usd: pricedUsd, unpriced: [] };
  const models = new Set<string>();
  let usd = 0;
  const add = (row: LedgerRow): void => {
    if (row.kind === 'run') return;
    const cost =
      row.costUsd ??
      costOf({ ...row, tokens: row, at: new Date(row.at), isBatch: row.isBatch === true }, prices);
    if (cost === null) models.add(row.model);
    else usd += filter.item === undefined ? cost : cost / Math.max(1, sharersOf(row).length);
  };
  await eachRow(ledger, filter, { row: add, say: () => undefined });
  return { usd, unpriced: [...models] };
}
