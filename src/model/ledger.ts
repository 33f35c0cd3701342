/** One row of the ledger: one message of a model that was paid for. */
import type { TokenCounts, Usage } from './usage.js';

export interface LedgerRow extends TokenCounts {
  readonly v: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly plan: string;
  readonly target: string;
  readonly item: string | null;
  readonly stage: string;
  readonly round: number;
  readonly attempt: string | null;
  readonly session: string;
  /** The API's message id: a row's key together with the session. */
  readonly message: string;
  readonly model: string;
  /** US dollars, unrounded; null when the model has no price. */
  readonly costUsd: number | null;
  readonly prefixHash: string | null;
  readonly isSidechain: boolean;
  readonly isEstimate: boolean;
}

/** Which rows to add up; a field left out means any. */
export interface LedgerFilter {
  readonly plan?: string;
  readonly target?: string;
  readonly item?: string;
  readonly attempt?: string;
  /** Rows at or after this instant. */
  readonly since?: Date;
}

/** Sums, grouped by item. */
export interface LedgerTotals {
  readonly all: Usage;
  readonly byItem: ReadonlyMap<string, Usage>;
}
