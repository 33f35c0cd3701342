/** Limits in money. Item and target limits count per plan, the day is UTC. */
import { RegenError } from '../model/errors.js';
import type { Line, StageContext } from './stage.js';

/** The reason of an item that may spend no more. */
export const moneyUsedUp = 'the item’s money is used up (budget.itemUsd)';

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

/**
 * US dollars that a run for the item may spend: the least that any limit leaves; null: no limit. Nothing or less means
 * that the item's own money is used up.
 *
 * @throws RegenError `wait` when the target's or the day's is: that isn't the item's fault.
 */
export async function spendableUsd(context: StageContext): Promise<number | null> {
  const own = await remainingUsd(context);
  if (own !== null && own <= 0) return own;
  const { attempt } = context;
  const shared = await sharedUsd(context, { key: attempt.plan, target: attempt.target });
  return least(own, shared);
}

/** @throws RegenError `wait` when the target's or the day's money is used up. */
export async function budgetGate(line: Line, plan: PlanRef): Promise<void> {
  await sharedUsd(line, plan);
}

interface PlanRef {
  readonly key: string;
  readonly target: string;
}

/** What target and day leave to everybody who works for them. */
async function sharedUsd(line: Line, plan: PlanRef): Promise<number | null> {
  const { targetUsd, dayUsd } = line.config.budget;
  const { ledger } = line.stations;
  let left: number | null = null;
  if (targetUsd !== undefined) {
    const { all } = await ledger.totals({ plan: plan.key, target: plan.target });
    left = targetUsd - (all.costUsd ?? 0);
    if (left <= 0) throw usedUp('budget.targetUsd', targetUsd, undefined);
  }
  if (dayUsd !== undefined) {
    const midnight = startOfDay(line.surroundings.now());
    const { all } = await ledger.totals({ since: midnight });
    const today = dayUsd - (all.costUsd ?? 0);
    if (today <= 0) throw usedUp('budget.dayUsd', dayUsd, new Date(midnight.getTime() + 86_400_000));
    left = least(left, today);
  }
  return left;
}

function least(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

function startOfDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
}

function usedUp(key: string, limit: number, retryAt: Date | undefined): RegenError {
  return new RegenError('wait', `${key} is used up: $${limit}`, {
    hint: `Raise ${key} in regen.yaml${retryAt === undefined ? '' : ', or wait for the next day (UTC)'}.`,
    retryAt,
    waitsFor: retryAt === undefined ? 'target_budget' : 'day_budget',
  });
}
