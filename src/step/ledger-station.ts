/** What the line needs of usage/. */
import type {
  LedgerFilter,
  LedgerGroup,
  GroupKey,
  LedgerRow,
  LedgerTotals,
  RunRow,
} from '../model/ledger.js';
import type { Claim, Reservation, Reserved, Spent } from '../model/reservation.js';
import type { TokenSum } from '../model/token-table.js';
import type { TokenCounts, Usage } from '../model/usage.js';

/** usage/: what was paid. */
export interface Ledger {
  /** Throws when what is paid next couldn't be booked. */
  ensureWritable(): Promise<void>;
  /** Durable when it returns. A row whose key is booked already for the session is not booked again. */
  book(rows: readonly LedgerRow[]): Promise<void>;
  totals(filter: LedgerFilter): Promise<LedgerTotals>;
  /** All of it without the items. Quick, however long the ledger: for a plan, its items and attempts, and `since`. */
  sum(filter: LedgerFilter): Promise<Usage>;
  /** The same as money: messages that had no price when they were booked are priced anew. */
  spent(filter: LedgerFilter): Promise<Spent>;
  /** Runs of the agent, in the order in which they ended. */
  runs(filter: LedgerFilter): Promise<readonly RunRow[]>;
  /** Messages and runs, in the order in which they were booked. */
  rows(filter: LedgerFilter): Promise<readonly LedgerRow[]>;
  /**
   * Sets money aside. `decide` is asked how much under the ledger's lock, so that what it sees is what counts; what it
   * throws ends the matter.
   */
  reserve(
    claim: Claim,
    decide: (others: readonly Reserved[]) => Promise<number>,
    signal: AbortSignal,
  ): Promise<Reservation>;
  /** The sums of each group, in the order of their first rows. */
  groups(by: GroupKey, filter: LedgerFilter): Promise<readonly LedgerGroup[]>;
  /** Everything booked for a plan (by its key), at the grain of a token table. */
  tokenSums(books: { readonly plan: string; readonly target: string }): Promise<readonly TokenSum[]>;
  /** What these sessions said while no item was open. */
  outsideItems(sessions: readonly string[]): Promise<Usage>;
  /** The ids of all messages that were answered since then, whoever booked them. */
  messagesSince(at: Date): Promise<ReadonlySet<string>>;
  /** US dollars of one message; null when the model has no price. */
  price(model: string, tokens: TokenCounts, at: Date, isBatch?: boolean): number | null;
}
