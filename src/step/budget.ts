/** Limits in money. Item and target limits count per plan, the day is UTC. */
import { RegenError } from '../model/errors.js';
import type { Line, StageContext } from './stage.js';

/** US dollars that the item may still spend; null: no limit. */
export async function remainingUsd(context: StageContext): Promise<number | null> {
  const { config, stations, attempt } = context;
  if (config.budget.itemUsd === undefined) return null;
  const { all } = await stations.ledger.totals({
    plan: attempt.plan,
    target: attempt.target,
    item: attempt.item,
  });
  return config.budget.itemUsd - (all.costUsd ?? 0);
}

/** @throws RegenError `wait` when the target's or the day's money is used up. */
export async function budgetGate(
  line: Line,
  plan: { readonly key: string; readonly target: string },
): Promise<void> {
  const { targetUsd, dayUsd } = line.config.budget;
  if (targetUsd !== undefined) {
    const { all } = await line.stations.ledger.totals({ plan: plan.key, target: plan.target });
    if ((all.costUsd ?? 0) >= targetUsd) throw usedUp('budget.targetUsd', targetUsd, undefined);
  }
  if (dayUsd !== undefined) {
    const midnight = startOfDay(line.surroundings.now());
    const { all } = await line.stations.ledger.totals({ since: midnight });
    const tomorrow = new Date(midnight.getTime() + 86_400_000);
    if ((all.costUsd ?? 0) >= dayUsd) throw usedUp('budget.dayUsd', dayUsd, tomorrow);
  }
}

function startOfDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
}

function usedUp(key: string, limit: number, retryAt: Date | undefined): RegenError {
  return new RegenError('wait', `${key} is used up: $${limit}`, {
    hint: `Raise ${key} in regen.yaml${retryAt === undefined ? '' : ', or wait for the next day (UTC)'}.`,
    retryAt,
  });
}
