/** What the rest of a plan will take, and how long its budgets last. */

/** Half of the simulated ends stay at or below `p50`, nine of ten at or below `p90`. */
export interface Spread {
  readonly p50: number;
  readonly p90: number;
}

export interface Forecast {
  readonly target: string;
  /** How many items the plan has. */
  readonly items: number;
  /** How many of them are to do or handed off. */
  readonly remaining: number;
  /** How many finished items the figures were drawn from. */
  readonly basis: ForecastBasis;
  /** One item, as the finished ones were. */
  readonly perItem: ForecastFigures;
  /** What the remaining items take together, one after the other. */
  readonly toEnd: ForecastFigures;
  readonly budgets: readonly BudgetForecast[];
}

/** Items of this plan, of the target's earlier plans, and of other targets. */
export interface ForecastBasis {
  readonly plan: number;
  readonly target: number;
  readonly others: number;
}

export interface ForecastFigures {
  /** US dollars; null: no finished item whose cost is known. */
  readonly costUsd: Spread | null;
  /** The time of the agent's runs, without checks and shipping; null: no finished item whose runs are on record. */
  readonly durationMs: Spread | null;
}

export type BudgetName = 'itemUsd' | 'targetUsd' | 'dayUsd';

/** Limits in US dollars, as regen.yaml has them. */
export type BudgetLimits = { readonly [Name in BudgetName]?: number | undefined };

export interface BudgetForecast {
  readonly budget: BudgetName;
  /** US dollars. */
  readonly limit: number;
  /**
   * Of the target's: by this plan. Of the day's: today, UTC, by every plan. Of the item's: always 0. null when a model
   * without a price took part: then no step begins.
   */
  readonly spentUsd: number | null;
  /**
   * How likely it runs out before the plan's end; of the day's: before midnight, too; of the item's: for any one item.
   * null: no figure yet.
   */
  readonly probability: number | null;
  /** In the middle case; null: it lasts, or there is no figure yet. For the item's always null. */
  readonly runsOutAt: PlanPlace | null;
  /** In the dearest case of ten. */
  readonly earliestAt: PlanPlace | null;
}

/** An item of the plan. */
export interface PlanPlace {
  readonly item: string;
  /** 1-based among all items of the plan. */
  readonly position: number;
}
