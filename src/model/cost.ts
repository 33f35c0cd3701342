/** What `regen cost` tells. */
import type { Forecast } from './forecast.js';
import type { LedgerGroup, LedgerKey, ReportedUsage } from './ledger.js';

export interface CostQuestion {
  readonly by: LedgerKey;
  /** Rows at or after this instant; null: all. */
  readonly since: Date | null;
  readonly target: string | null;
  /** Key of a plan; null: all. */
  readonly plan: string | null;
}

export interface CostAnswer {
  readonly report: CostReport;
  /** null: there is no plan. It looks at the whole ledger, whatever was asked for. */
  readonly forecast: Forecast | null;
  /** What the whole ledger has rows of: what could have been asked for. */
  readonly known: { readonly targets: readonly string[]; readonly plans: readonly string[] };
}

export interface CostReport {
  readonly groups: readonly LedgerGroup[];
  /** All groups together; its `key` is null. */
  readonly total: LedgerGroup;
  /** Models that took part without a price. */
  readonly unpriced: readonly UnpricedModel[];
  /** Lines of the ledger that could not be read. `torn`: cut off by a crash. `unknown`: of another version. */
  readonly unread: { readonly torn: number; readonly unknown: number };
  readonly differences: Differences;
  /** Runs whose prefix should have been in the cache and was written again. */
  readonly drifts: Drifts;
}

export interface Drifts {
  readonly runs: number;
  /** What had changed, of the newest; null: there is none. */
  readonly last: string | null;
}

export interface UnpricedModel {
  readonly model: string;
  readonly requests: number;
}

/** Runs for which Claude Code's own sums aren't those of the messages that were booked. */
export interface Differences {
  readonly runs: number;
  /** What they reported beyond what was booked; negative where it was less. */
  readonly sum: ReportedUsage;
  /** The first ones. */
  readonly first: readonly RunDifference[];
}

export interface RunDifference {
  readonly target: string;
  readonly item: string | null;
  readonly stage: string;
  readonly session: string;
  readonly run: string;
  readonly difference: ReportedUsage;
}
