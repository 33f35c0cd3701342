/** What `regen report` shows: plain data, gathered in step/, drawn in report/page/. */
import type { Forecast } from './forecast.js';
import type { LedgerGroup, ReportedUsage } from './ledger.js';
import type { ItemState, Plan } from './plan.js';
import type { Spending } from './spending.js';
import type { ItemStatus, Running } from './status.js';
import type { Waiting } from './wait.js';

export interface ReportPage {
  /** ISO 8601, as all instants here. */
  readonly generatedAt: string;
  /** The name of the repository's folder. */
  readonly repository: string;
  /** null: there is none now. */
  readonly plan: ReportedPlan | null;
  /** Newest first. */
  readonly archives: readonly ReportedPlan[];
  readonly running: readonly Running[];
  readonly waiting: Waiting | null;
  readonly spending: Omit<SpendingOverview, 'items'>;
  readonly stages: StageTimes;
  /** Newest first, as the logs of the plans tell them. */
  readonly failures: readonly ReportedFailure[];
  /** null: there is no plan. */
  readonly forecast: Forecast | null;
  /** What could not be read, a line each: nothing is left out in silence. */
  readonly gaps: readonly string[];
}

export interface ReportedPlan {
  readonly target: string;
  readonly title: string | null;
  readonly created: string | null;
  /** null: it is the plan at work. */
  readonly archived: Archived | null;
  readonly counts: Readonly<Record<ItemState, number>>;
  readonly items: readonly ReportedItem[];
  /** Planning included. */
  readonly spending: Spending;
}

interface Archived {
  readonly at: string;
  /** Relative to the repository's root. */
  readonly file: string;
  readonly isAbandoned: boolean;
}

export interface ReportedItem extends Omit<ItemStatus, 'costUsd'> {
  readonly spending: Spending;
}

/** A plan in `.regen-history/`. */
export interface ArchivedPlan extends Archived {
  readonly plan: Plan;
}

export interface PlanHistory {
  /** Newest first. */
  readonly plans: readonly ArchivedPlan[];
  /** Files that can't be read as plans, a line each. */
  readonly unreadable: readonly string[];
}

export interface ItemSpending extends LedgerGroup {
  readonly plan: string;
  readonly target: string;
  /** null: the target's planning, and what several items share. */
  readonly item: string | null;
}

/** The ledger, added up in one go. */
export interface SpendingOverview {
  readonly all: LedgerGroup;
  /** By UTC day, in order. */
  readonly days: readonly LedgerGroup[];
  /** In the order in which they first appear, as the models are. */
  readonly stages: readonly LedgerGroup[];
  readonly models: readonly LedgerGroup[];
  readonly items: readonly ItemSpending[];
  /** Runs that said something else than what was booked; the newest ones, and how many there are. */
  readonly mismatches: readonly Mismatch[];
  readonly mismatchCount: number;
  /** Lines of the file that could not be read, told in a line each. */
  readonly unread: readonly string[];
}

export interface Mismatch {
  readonly at: string;
  readonly target: string;
  readonly item: string | null;
  readonly stage: string;
  readonly run: string;
  /** What the run reported less what was booked. */
  readonly difference: ReportedUsage;
}

/** How long stages took: from the journals. */
export interface StageTimes {
  /** The one with the longest time in all first. */
  readonly stages: readonly StageTime[];
  /** The longest runs of any stage, the longest first. */
  readonly slowest: readonly StageRun[];
  /** Runs that a kill cut off: their time is in no sum. */
  readonly interrupted: number;
  /** Journals that can't be read: their times are in no sum. */
  readonly unread: number;
}

export interface StageTime {
  readonly stage: string;
  readonly runs: number;
  readonly totalMs: number;
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly maxMs: number;
}

export interface StageRun {
  readonly at: string;
  readonly target: string;
  readonly item: string;
  readonly stage: string;
  readonly round: number;
  readonly durationMs: number;
}

export interface ReportedFailure {
  readonly at: string | null;
  readonly target: string;
  readonly item: string;
  readonly reason: string;
  /** Where to look, relative to the repository's root. */
  readonly log: string | null;
  /** How the item stands in its plan today; null: it isn't in there any more. */
  readonly state: ItemState | null;
  readonly isArchived: boolean;
}
