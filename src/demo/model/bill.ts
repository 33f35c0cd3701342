/** What an account would be charged for. */
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
}

const noTokens: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

/** The sum of a part of the bill. */
export function sumBill(entries: readonly BillEntry[]): TokenCounts {
  return entries.reduce(
    (sum, { tokens }) => ({
      input: sum.input + tokens.input,
      output: sum.output + tokens.output,
      cacheRead: sum.cacheRead + tokens.cacheRead,
      cacheWrite5m: sum.cacheWrite5m + tokens.cacheWrite5m,
      cacheWrite1h: sum.cacheWrite1h + tokens.cacheWrite1h,
    }),
    noTokens,
  );
}
