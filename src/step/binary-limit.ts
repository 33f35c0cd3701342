/**
 * Claude Code keeps a run's limit by a price list of its own, which may take a model for dearer or for cheaper than ours,
 * and takes one that it doesn't know for dear. Pure.
 */
import type { AgentOutcome } from '../model/agent.js';
import type { ReportedUsage } from '../model/ledger.js';
import type { ModelMessage, TokenCounts, Usage } from '../model/usage.js';

/** A run that is over, and what it was allowed. US dollars; null: no limit. */
interface LimitedRun {
  readonly outcome: AgentOutcome;
  /** At our prices; `costUsd` null: nobody knows. */
  readonly booked: Pick<Usage, 'costUsd'>;
  /** At the binary's. */
  readonly reported: Pick<ReportedUsage, 'costUsd'> | null;
  /** At our prices. */
  readonly maxUsd: number | null;
  /** At the binary's. */
  readonly binaryMaxUsd: number | null;
}

/** Whether the binary ended the run although its dearest request would have fitted into the limit once more. */
export function isCutShort(
  { outcome, booked, maxUsd, binaryMaxUsd }: LimitedRun,
  dearestUsd: number,
): boolean {
  if (!isOutOfMoney(outcome) || maxUsd === null || binaryMaxUsd === null) return false;
  return booked.costUsd !== null && booked.costUsd + dearestUsd <= maxUsd;
}

export function isOutOfMoney(outcome: AgentOutcome): boolean {
  return outcome.kind === 'failed' && outcome.failure === 'max_budget';
}

/**
 * US dollars of the dearest of the messages: with less, another run would be over at once.
 *
 * @param price - null: the model has none.
 */
export function dearestUsd(
  messages: readonly ModelMessage[],
  price: (model: string, tokens: TokenCounts) => number | null,
): number {
  return messages.reduce((most, { model, tokens }) => Math.max(most, price(model, tokens) ?? 0), 0);
}

/** How many dollars the binary takes for one of ours, as the run tells; Infinity: what is free for us isn't for it. */
export function factorOf({ booked, reported, binaryMaxUsd }: LimitedRun): number {
  if (booked.costUsd === null || booked.costUsd === 0) return Infinity;
  // Where it didn't say, what it was allowed stands in for what it counted.
  return (reported?.costUsd ?? binaryMaxUsd ?? booked.costUsd) / booked.costUsd;
}

/** A limit of ours as the binary is to be told; null: not at all. */
export function inBinaryPrices(maxUsd: number | null, factor: number): number | null {
  return maxUsd === null || factor === Infinity ? null : maxUsd * factor;
}
