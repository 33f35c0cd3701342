/** Cost and time to the end of a plan, and how long its budgets last. Pure. */
import type {
  BudgetForecast,
  BudgetLimits,
  Forecast,
  ForecastBasis,
  ForecastFigures,
  PlanPlace,
  Spread,
} from '../model/forecast.js';
import type { Plan } from '../model/plan.js';
import { simulate } from './forecast-trials.js';
import type { Take, Trials } from './forecast-trials.js';
import type { ItemSample, PlanHistory } from './item-history.js';

export interface ForecastQuestion {
  readonly plan: Plan;
  readonly history: PlanHistory;
  readonly limits: BudgetLimits;
  readonly now: Date;
}

/** With fewer finished items of this plan, those of the target's other plans are taken along; then all others. */
const enoughSamples = 5;

/** The newest of a kind: what items took a thousand items ago says little. */
const mostSamples = 500;

export function forecastOf({ plan, history, limits, now }: ForecastQuestion): Forecast {
  const places = remainingPlaces(plan);
  const { basis, samples } = chosenSamples(history);
  const costs = costTrials(samples, { remaining: places.length, history, limits, now });
  return {
    target: plan.target,
    items: plan.items.length,
    remaining: places.length,
    basis,
    perItem: {
      costUsd: spreadOf(samples.flatMap(({ costUsd }) => costUsd ?? [])),
      durationMs: spreadOf(samples.flatMap(({ durationMs }) => durationMs ?? [])),
    },
    toEnd: toEnd(samples, places.length, costs),
    budgets: [
      ...itemBudget(samples, limits.itemUsd),
      ...sharedBudget('targetUsd', limits.targetUsd, {
        spentUsd: history.spent.target,
        outcomes: costs?.targetAt ?? null,
        places,
      }),
      ...sharedBudget('dayUsd', limits.dayUsd, {
        spentUsd: history.spent.day,
        outcomes: costs?.dayAt ?? null,
        places,
      }),
    ],
  };
}

function remainingPlaces({ items }: Plan): readonly PlanPlace[] {
  return items.flatMap(({ id, state }, index) =>
    state === 'todo' || state === 'waiting' ? [{ item: id, position: index + 1 }] : [],
  );
}

function chosenSamples({ samples }: PlanHistory): { basis: ForecastBasis; samples: readonly ItemSample[] } {
  const plan = samples.plan.slice(-mostSamples);
  const target = plan.length < enoughSamples ? samples.target.slice(-mostSamples) : [];
  const others = plan.length + target.length < enoughSamples ? samples.others.slice(-mostSamples) : [];
  const basis = { plan: plan.length, target: target.length, others: others.length };
  return { basis, samples: [...others, ...target, ...plan] };
}

interface CostFacts extends Pick<ForecastQuestion, 'history' | 'limits' | 'now'> {
  readonly remaining: number;
}

/** null: nobody knows what an item costs. */
function costTrials(
  samples: readonly ItemSample[],
  { remaining, history, limits, now }: CostFacts,
): Trials | null {
  const most = limits.itemUsd ?? Infinity;
  const pool = samples.flatMap(({ costUsd, durationMs }) =>
    // An item that has used its money up is stopped.
    costUsd === null ? [] : [{ costUsd: Math.min(costUsd, most), durationMs: durationMs ?? 0 }],
  );
  if (pool.length === 0) return null;
  const left = {
    target: (limits.targetUsd ?? Infinity) - (history.spent.target ?? 0),
    day: (limits.dayUsd ?? Infinity) - (history.spent.day ?? 0),
  };
  return simulate({ pool, remaining, left, msToMidnight: dayMs - (now.getTime() % dayMs) });
}

const dayMs = 86_400_000;

function toEnd(samples: readonly ItemSample[], remaining: number, costs: Trials | null): ForecastFigures {
  const times = samples.flatMap(({ durationMs }): Take[] =>
    durationMs === null ? [] : [{ costUsd: 0, durationMs }],
  );
  const noLimits = { left: { target: Infinity, day: Infinity }, msToMidnight: Infinity };
  return {
    costUsd: costs === null ? null : spreadOf(costs.costUsd),
    durationMs:
      times.length === 0 ? null : spreadOf(simulate({ pool: times, remaining, ...noLimits }).durationMs),
  };
}

function itemBudget(samples: readonly ItemSample[], limit: number | undefined): BudgetForecast[] {
  if (limit === undefined) return [];
  const costs = samples.flatMap(({ costUsd }) => costUsd ?? []);
  const probability =
    costs.length === 0 ? null : costs.filter((costUsd) => costUsd >= limit).length / costs.length;
  return [{ budget: 'itemUsd', limit, spentUsd: 0, probability, runsOutAt: null, earliestAt: null }];
}

interface SharedFacts {
  readonly spentUsd: number | null;
  /** Of each trial: see {@link Trials}; null: no figure yet. */
  readonly outcomes: readonly number[] | null;
  readonly places: readonly PlanPlace[];
}

function sharedBudget(
  budget: 'targetUsd' | 'dayUsd',
  limit: number | undefined,
  { spentUsd, outcomes, places }: SharedFacts,
): BudgetForecast[] {
  if (limit === undefined) return [];
  const facts = { budget, limit, spentUsd };
  const [first] = places;
  if (spentUsd !== null && spentUsd >= limit && first !== undefined) {
    return [{ ...facts, probability: 1, runsOutAt: first, earliestAt: first }];
  }
  if (outcomes === null || spentUsd === null)
    return [{ ...facts, probability: null, runsOutAt: null, earliestAt: null }];
  const sorted = outcomes.toSorted((left, right) => left - right);
  return [
    {
      ...facts,
      probability: outcomes.filter((index) => index !== Infinity).length / outcomes.length,
      runsOutAt: places[quantile(sorted, 0.5)] ?? null,
      earliestAt: places[quantile(sorted, 0.1)] ?? null,
    },
  ];
}

/** null: of nothing. */
function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((left, right) => left - right);
  return { p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

/** By nearest rank: one of the values, the smallest that at least this share of all don't exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}
