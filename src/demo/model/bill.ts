/** What an account would be charged for. */
import { sumTokens } from '../../model/usage.js';
import type { TokenCounts } from '../../model/usage.js';

/** One message that began to be answered. */
export interface BillEntry {
  readonly id: string;
  readonly at: Date;
  readonly model: string;
  readonly tokens: TokenCounts;
  /** Claude Code's session; null for other clients. */
  readonly sessionId: string | null;
  /** Claude Code's own small requests. */
  readonly isSide: boolean;
  /** False when the answer broke off: its output is what had been sent by then. */
  readonly isComplete: boolean;
  /** Answered in a batch, at half the price. */
  readonly isBatch: boolean;
}

/** The sum of a part of the bill. */
export function sumBill(entries: readonly BillEntry[]): TokenCounts {
  return sumTokens(entries.map(({ tokens }) => tokens));
}
