import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { PriceOverrides } from '../model/config.js';
import type { LedgerFilter, LedgerGroup, LedgerKey, LedgerRow, LedgerTotals } from '../model/ledger.js';
import type { Surroundings } from '../model/surroundings.js';
import type { TokenCounts } from '../model/usage.js';
import { isErrno } from '../system/errno.js';
import { createBookings } from './bookings.js';
import { groupsOf } from './groups.js';
import { costOf } from './prices.js';
import { totalsOf } from './totals.js';

export interface LedgerParts {
  readonly surroundings: Surroundings;
  /** `prices` of regen.yaml; `{}` is enough for adding up, since a row carries what it cost when it was booked. */
  readonly prices: PriceOverrides;
}

export interface LedgerFile {
  ensureWritable(): Promise<void>;
  book(rows: readonly LedgerRow[]): Promise<void>;
  totals(filter: LedgerFilter): Promise<LedgerTotals>;
  groups(by: LedgerKey, filter: LedgerFilter): Promise<readonly LedgerGroup[]>;
  price(model: string, tokens: TokenCounts, at: Date): number | null;
}

/** The ledger of a repository, `.regen/ledger.jsonl`: only ever appended to, one line for each message of a model. */
export function createLedger({ surroundings, prices }: LedgerParts): LedgerFile {
  const path = join(surroundings.root, '.regen', 'ledger.jsonl');
  const bookings = createBookings(path);
  const say = (line: string): void => {
    surroundings.progress(line);
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
    groups: (by, filter) => groupsOf(path, { by, filter, prices }, say),
    price: (model, tokens, at) => costOf({ model, tokens, at }, prices),
  };
}
