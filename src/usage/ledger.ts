import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { PriceOverrides } from '../model/config.js';
import type {
  LedgerFilter,
  LedgerGroup,
  GroupKey,
  LedgerRow,
  LedgerTotals,
  RunRow,
} from '../model/ledger.js';
import type { Claim, Reservation, Spent } from '../model/reservation.js';
import type { Surroundings } from '../model/surroundings.js';
import type { TokenSum } from '../model/token-table.js';
import type { TokenCounts, Usage } from '../model/usage.js';
import { isErrno } from '../system/errno.js';
import { createBookings } from './bookings.js';
import { usageOfCounted } from './counted.js';
import { groupsOf } from './groups.js';
import { costOf } from './prices.js';
import { createReservations } from './reservations.js';
import type { Decide } from './reservations.js';
import { rowsOf, runsOf } from './runs.js';
import { spentOf } from './spending.js';
import { messagesSince, outsideItems, tokenSums } from './token-sums.js';
import type { PlanBooks } from './token-sums.js';
import { tallyOf, totalsOf } from './totals.js';

export interface LedgerParts {
  readonly surroundings: Surroundings;
  /** `prices` of regen.yaml; `{}` is enough for adding up, since a row carries what it cost when it was booked. */
  readonly prices: PriceOverrides;
}

export interface LedgerFile {
  ensureWritable(): Promise<void>;
  book(rows: readonly LedgerRow[]): Promise<void>;
  totals(filter: LedgerFilter): Promise<LedgerTotals>;
  sum(filter: LedgerFilter): Promise<Usage>;
  spent(filter: LedgerFilter): Promise<Spent>;
  runs(filter: LedgerFilter): Promise<readonly RunRow[]>;
  rows(filter: LedgerFilter): Promise<readonly LedgerRow[]>;
  reserve(claim: Claim, decide: Decide, signal: AbortSignal): Promise<Reservation>;
  groups(by: GroupKey, filter: LedgerFilter): Promise<readonly LedgerGroup[]>;
  tokenSums(books: PlanBooks): Promise<readonly TokenSum[]>;
  outsideItems(sessions: readonly string[]): Promise<Usage>;
  messagesSince(at: Date): Promise<ReadonlySet<string>>;
  price(model: string, tokens: TokenCounts, at: Date, isBatch?: boolean): number | null;
}

/** The ledger of a repository, `.regen/ledger.jsonl`: only ever appended to, one line for each message of a model. */
export function createLedger({ surroundings, prices }: LedgerParts): LedgerFile {
  const path = join(surroundings.root, '.regen', 'ledger.jsonl');
  const bookings = createBookings(path);
  const reservations = createReservations(surroundings);
  const said = new Set<string>();
  const say = (line: string): void => {
    if (!said.has(line)) surroundings.progress(line); // a step asks for sums again and again
    said.add(line);
  };
  return {
    async ensureWritable() {
      const file = await open(path, 'r+').catch((error: unknown) => {
        if (isErrno(error, 'ENOENT')) return null;
        throw error;
      });
      await file?.close();
    },
    book: (rows) => bookings.book(rows),
    totals: (filter) => totalsOf(path, filter, say),
    sum: async (filter) => usageOfCounted(await tallyOf(path, filter, say)),
    spent: (filter) => spentOf(path, { filter, prices }, say),
    runs: (filter) => runsOf(path, filter, say),
    rows: (filter) => rowsOf(path, filter, say),
    reserve: (claim, decide, signal) => reservations.reserve(claim, decide, signal),
    groups: (by, filter) => groupsOf(path, { by, filter, prices }, say),
    tokenSums: (books) => tokenSums(path, books),
    outsideItems: (sessions) => outsideItems(path, sessions),
    messagesSince: (at) => messagesSince(path, at),
    price: (model, tokens, at, isBatch = false) => costOf({ model, tokens, at, isBatch }, prices),
  };
}
