/** What a finished plan came to, for the summary that done mode prints. */
import { planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { TokenSum, TokenTable } from '../model/token-table.js';
import { noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import type { Ledger } from './ledger-station.js';
import { drivingSessions, planTable, shipmentTable } from './token-table.js';

export interface PlanSummary {
  readonly table: TokenTable;
  /** What went into items that failed; null: none did. */
  readonly failed: Usage | null;
}

/** Of everything that was booked for the plan. */
export async function planSummary(ledger: Ledger, plan: Plan): Promise<PlanSummary> {
  const sums = await ledger.tokenSums({ plan: planKey(plan), target: plan.target });
  const outside = await ledger.outsideItems(drivingSessions(sums, null));
  return { table: planTable(sums, outside), failed: failedUsage(sums, plan) };
}

function failedUsage(sums: readonly TokenSum[], plan: Plan): Usage | null {
  const failed = plan.items.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return null;
  const ids = failed.map(({ id }) => id);
  return shipmentTable(sums, ids, noUsage).total.usage;
}
