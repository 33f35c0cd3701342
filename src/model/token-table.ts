/** The tokens of an item, a plan or a run as a table: what the pull request, the log and the summaries show. */
import type { Usage } from './usage.js';

/** One line of the table; the columns that are sums add up to those of `total`. */
export interface TokenRow {
  readonly name: string;
  /** Estimates included. */
  readonly usage: Usage;
  /** US dollars of what has a price: `usage.costUsd`, unless that is null. */
  readonly pricedUsd: number;
  /** Of the estimates alone. */
  readonly estimated: Usage;
  readonly sessions: number;
  /** The largest prompt, in tokens. */
  readonly peakContext: number;
  /** The time of the agent's runs; 0 where nobody measured one, as for a session that a person sits at. */
  readonly durationMs: number;
}

export interface TokenTable {
  readonly rows: readonly TokenRow[];
  readonly total: TokenRow;
  /** What the orchestrator's row is made of; null without such a row. */
  readonly orchestrator: OrchestratorParts | null;
  /** What the sessions that drove the items said while no item was open: on the books, but in no row. */
  readonly outside: Usage;
}

export interface OrchestratorParts {
  readonly evaluation: Usage;
  /** Turns of sessions for this item alone. */
  readonly ownTurns: Usage;
  /** The share in turns that several items have in common. */
  readonly sharedTurns: Usage;
}

/** The row of what plans, reviews and drives, as opposed to what does the work. */
export const orchestratorName = 'orchestrator';

/**
 * One sum of a plan's books, at the finest grain that a table needs. Rows of the `session` stage are summed for each
 * session apart, since shared turns are split in proportion to its own ones.
 */
export interface TokenSum {
  readonly item: string | null;
  /** The items that share these turns; empty: nobody does. */
  readonly sharedBy: readonly string[];
  readonly attempt: string | null;
  readonly stage: string;
  /** Whether it is of a stage's first pass; repairs and improvements are later ones. */
  readonly isFirstRound: boolean;
  readonly sessions: readonly string[];
  readonly usage: Usage;
  readonly pricedUsd: number;
  readonly estimated: Usage;
  readonly peakContext: number;
  readonly durationMs: number;
}
