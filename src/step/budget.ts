/**
 * Limits in money. Item and target limits count per plan, the day is UTC. A run's own limit is enforced by Claude Code
 * after each answer, so that a run overshoots by one answer at most.
 */
import { RegenError } from '../model/errors.js';
import { countStates, planKey } from '../model/plan.js';
import type { LedgerFilter } from '../model/ledger.js';
import type { Reserved } from '../model/reservation.js';
import { noUsage } from '../model/usage.js';
import { overspent } from './overspent.js';
import { runJobsName } from './run-lock.js';
import { shareOf } from './share.js';
import type { SharedLimit, Wish } from './share.js';
import type { RunContext } from './run-context.js';

/** What limits are watched with. */
interface Books {
  readonly config: RunContext['config'];
  readonly stations: Pick<RunContext['stations'], 'ledger'>;
  readonly surroundings: RunContext['surroundings'];
}

/** Whose money it is. */
type BudgetContext = Books & Pick<RunContext, 'attempt' | 'signal' | 'stations'>;

/** The reason of an item that may spend no more. */
export const moneyUsedUp = 'the item’s money is used up (budget.itemUsd)';

/** What a run may spend; set aside until it is disposed of. */
export interface Grant extends AsyncDisposable {
  /** US dollars; null: no limit. */
  readonly maxUsd: number | null;
  /** Whether target or day allow less than the item: running out of it isn't the item's fault. */
  readonly isShare: boolean;
  /** What a message cost that is on the books now. */
  readonly spend: (costUsd: number | null) => Promise<void>;
}

/** US dollars that the item may still spend; null: no limit. */
export async function remainingUsd({ config, stations, attempt }: BudgetContext): Promise<number | null> {
  const { itemUsd } = config.budget;
  const { plan, target, item } = attempt;
  if (itemUsd === undefined || item === null) return null;
  return itemUsd - (await spentFor(stations, 'budget.itemUsd', { plan, target, item }));
}

/**
 * Sets aside what a run for the item may spend: its rest, or what else bounds it, and no more than its share of what
 * target and day leave. null: the item's own money is used up.
 *
 * @throws RegenError `wait` when the target's or the day's money is used up, or others have set aside what is left.
 */
export async function grantUsd(context: BudgetContext, wish: Omit<Wish, 'slots'>): Promise<Grant | null> {
  const { attempt, config, stations, signal } = context;
  const own = await remainingUsd(context);
  if (own !== null && own <= 0) return null;
  const atMost = least(own, wish.atMost);
  const { targetUsd, dayUsd } = config.budget;
  if (targetUsd === undefined && dayUsd === undefined) return withoutReservation(atMost);

  const slots = await slotsOf(context);
  const decide = async (others: readonly Reserved[]): Promise<number> => {
    const share = shareOf(await sharedLimits(context, planOf(context), others), { ...wish, atMost, slots });
    if (share.kind === 'held') throw heldByOthers(share.limit);
    return share.usd;
  };
  const { plan, target, item, uuid } = attempt;
  const reservation = await stations.ledger.reserve({ plan, target, item, attempt: uuid }, decide, signal);
  const { usd } = reservation;
  return {
    maxUsd: usd,
    isShare: atMost === null || usd < atMost,
    spend: (costUsd) => reservation.spend(costUsd ?? 0),
    [Symbol.asyncDispose]: () => reservation.release(),
  };
}

/** @throws RegenError `wait` when the target's or the day's money is used up. */
export async function budgetGate(line: Books, plan: PlanRef): Promise<void> {
  await sharedLimits(line, plan, []);
}

/**
 * Those of the items whose parts of packs have used their money up (`moneyUsedUp`): they aren't asked about again.
 *
 * @throws RegenError `config` when a model without a price took part.
 */
export async function overspentItems(
  { config, stations }: Books,
  { key: plan, target }: PlanRef,
  items: readonly string[],
): Promise<readonly string[]> {
  const { itemUsd } = config.budget;
  if (itemUsd === undefined) return [];
  const { byItem } = await stations.ledger.totals({ plan, target });
  const shares = new Map<string, number>();
  for (const item of items) {
    const { costUsd } = byItem.get(item) ?? noUsage;
    // What had no price when it was booked may have one now.
    shares.set(item, costUsd ?? (await spentFor(stations, 'budget.itemUsd', { plan, target, item })));
  }
  return overspent(items, shares, itemUsd);
}

/**
 * What a run is told that used up its share, and is worth nothing without an end.
 *
 * @param expected - US dollars that it would have cost; null: nobody knows.
 */
export async function outOfShare(
  context: BudgetContext,
  expected: number | null = null,
): Promise<RegenError> {
  const limits = await sharedLimits(context, planOf(context), []);
  const least = limits.toSorted((one, other) => one.left - other.left).at(0);
  if (least === undefined)
    return new RegenError('wait', 'what it may cost was too little for the run (budget)');
  const { key, limit, left } = least;
  const tooLittle =
    expected === null ? 'too little for the run' : `and it is expected to cost ${dollars(expected)}`;
  const tomorrow = key === 'budget.dayUsd' ? endOfDay(context.surroundings.now()) : undefined;
  return new RegenError('wait', `${key}: ${dollars(left)} of $${limit} are left, ${tooLittle}`, {
    hint: raised(key, tomorrow),
    retryAt: tomorrow,
  });
}

interface PlanRef {
  readonly key: string;
  readonly target: string;
}

function planOf({ attempt }: BudgetContext): PlanRef {
  return { key: attempt.plan, target: attempt.target };
}

function withoutReservation(maxUsd: number | null): Grant {
  const nothing = (): Promise<void> => Promise.resolve();
  return { maxUsd, isShare: false, spend: nothing, [Symbol.asyncDispose]: nothing };
}

/** As many as `regen run` starts at once, but no more than there are items to do. */
async function slotsOf({ stations, surroundings, attempt }: BudgetContext): Promise<number> {
  const jobs = Number(surroundings.env[runJobsName] ?? '1');
  if (!Number.isSafeInteger(jobs) || jobs <= 1) return 1;
  const plan = await stations.plans.read();
  if (plan === null || planKey(plan) !== attempt.plan) return 1;
  return Math.max(1, Math.min(jobs, countStates(plan.items).todo));
}

interface NamedLimit extends SharedLimit {
  readonly key: 'budget.targetUsd' | 'budget.dayUsd';
  readonly limit: number;
}

/** What target and day leave to everybody who works for them. */
async function sharedLimits(
  line: Books,
  plan: PlanRef,
  others: readonly Reserved[],
): Promise<readonly NamedLimit[]> {
  const { targetUsd, dayUsd } = line.config.budget;
  const limits: NamedLimit[] = [];
  if (targetUsd !== undefined) {
    const filter = { plan: plan.key, target: plan.target };
    const left = await leftOrWait(line, { key: 'budget.targetUsd', limit: targetUsd, filter });
    const own = others.filter((other) => other.plan === plan.key && other.target === plan.target);
    limits.push({ key: 'budget.targetUsd', limit: targetUsd, left, ...sumOf(own) });
  }
  if (dayUsd !== undefined) {
    const since = startOfDay(line.surroundings.now());
    const left = await leftOrWait(line, {
      key: 'budget.dayUsd',
      limit: dayUsd,
      filter: { since, ofPlans: true },
    });
    limits.push({ key: 'budget.dayUsd', limit: dayUsd, left, ...sumOf(others) });
  }
  return limits;
}

function sumOf(others: readonly Reserved[]): Pick<SharedLimit, 'reserved' | 'holders'> {
  return { reserved: others.reduce((sum, { usd }) => sum + usd, 0), holders: others.length };
}

interface AskedLimit extends Pick<NamedLimit, 'key' | 'limit'> {
  readonly filter: LedgerFilter;
}

async function leftOrWait({ stations }: Books, { key, limit, filter }: AskedLimit): Promise<number> {
  const left = limit - (await spentFor(stations, key, filter));
  if (left > 0) return left;
  const { since } = filter;
  throw usedUp(key, limit, since === undefined ? undefined : endOfDay(since));
}

/**
 * US dollars, all of them.
 *
 * @throws RegenError `config` when a model without a price took part: no limit holds for money that nobody can count.
 */
async function spentFor({ ledger }: Books['stations'], key: string, filter: LedgerFilter): Promise<number> {
  const { usd, unpriced } = await ledger.spent(filter);
  if (unpriced.length === 0) return usd;
  const models = unpriced.join(', ');
  throw new RegenError('config', `${key} can’t be watched: ${models} was paid for, and has no price`, {
    hint: `Add ${models} under prices in regen.yaml; what is on the books already is priced with it.`,
  });
}

function least(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

function startOfDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
}

function endOfDay(now: Date): Date {
  return new Date(startOfDay(now).getTime() + 86_400_000);
}

function raised(key: string, retryAt: Date | undefined): string {
  return `Raise ${key} in regen.yaml${retryAt === undefined ? '' : ', or wait for the next day (UTC)'}.`;
}

function usedUp(key: string, limit: number, retryAt: Date | undefined): RegenError {
  return new RegenError('wait', `${key} is used up: $${limit}`, {
    hint: raised(key, retryAt),
    retryAt,
    waitsFor: retryAt === undefined ? 'target_budget' : 'day_budget',
  });
}

/** Nothing that outlives those who hold it, and so nothing that later invocations have to be told. */
function heldByOthers({ key, limit, left, reserved, holders }: NamedLimit): RegenError {
  const runs = holders === 1 ? '1 run at work' : `${holders} runs at work`;
  return new RegenError(
    'wait',
    `${key}: ${dollars(left)} of $${limit} are left, and ${runs} may still spend ${dollars(reserved)}`,
    { hint: 'What they don’t spend is free again when they end.' },
  );
}

function dollars(amount: number): string {
  return `$${amount.toFixed(amount < 0.01 ? 4 : 2)}`;
}
