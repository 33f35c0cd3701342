/** What a step may have to wait for that outlives its process. Locks and leases are none of these: they end with theirs. */

export type WaitKind =
  /** A subscription's limit, with its reset. */
  | 'usage_limit'
  /** The API's 429, after Claude Code's own retries. */
  | 'rate_limit'
  /** 529 and other 5xx. */
  | 'overloaded'
  /** The API, the remote or the forge doesn't answer. */
  | 'network'
  | 'forge_limit'
  | 'day_budget'
  | 'target_budget';

/** A wait in force, as `regen status` and each step before its end tell it. */
export interface Waiting {
  readonly kind: WaitKind;
  readonly reason: string;
  /** ISO 8601; null: until somebody does something about it. */
  readonly retryAt: string | null;
  /** ISO 8601: since when the same is waited for. */
  readonly since: string;
}

interface WaitRule {
  /** No wait of this kind lasts longer, in milliseconds: a clock that was wrong must not hold the queue for ever. */
  readonly longestMs: number;
  /** Whether making a plan needs what is waited for; doing an item always does, archiving never. */
  readonly stopsPlanning: boolean;
  /** Looked at anew by each step from config and ledger, whatever the file says. */
  readonly isBudget: boolean;
}

const hour = 3_600_000;

export const waitRules: Readonly<Record<WaitKind, WaitRule>> = {
  // Weekly limits are the longest.
  usage_limit: { longestMs: 8 * 24 * hour, stopsPlanning: false, isBudget: false },
  rate_limit: { longestMs: hour, stopsPlanning: false, isBudget: false },
  overloaded: { longestMs: hour, stopsPlanning: false, isBudget: false },
  network: { longestMs: hour, stopsPlanning: true, isBudget: false },
  // GitHub's window is an hour.
  forge_limit: { longestMs: 2 * hour, stopsPlanning: true, isBudget: false },
  day_budget: { longestMs: 24 * hour, stopsPlanning: false, isBudget: true },
  target_budget: { longestMs: 24 * hour, stopsPlanning: false, isBudget: true },
};

/** Minutes until the next try, while nobody says when: a job that comes every minute must not hammer. */
const backoffMinutes = [1, 2, 5, 15];

/** @param tries - how often it was waited for in a row, this time included. */
export function backoffMs(tries: number): number {
  const minutes = backoffMinutes[Math.min(Math.max(tries, 1), backoffMinutes.length) - 1] ?? 15;
  return minutes * 60_000;
}
