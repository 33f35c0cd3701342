import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sessionStage } from '../model/ledger.js';
import type { LedgerRow } from '../model/ledger.js';
import { appendDurably } from '../system/append.js';
import { keptOf } from './kept.js';
import { readLines } from './ledger-file.js';
import { formatRow } from './ledger-row.js';
import { readRow } from './row-reader.js';

export interface Bookings {
  /** Durable when it returns; what is booked already is left out. */
  book(rows: readonly LedgerRow[]): Promise<void>;
}

/**
 * Books each message of a session once, also over several processes: what the file says of a session is read when the
 * session is first met. One process at a time works on a session (it holds the item's lease), so nothing is missed.
 */
export function createBookings(path: string): Bookings {
  const booked = new Map<string, Set<string>>();
  let turn: Promise<void> = Promise.resolve();

  async function append(rows: readonly LedgerRow[]): Promise<void> {
    const fresh = new Map<string, LedgerRow>();
    for (const row of rows) {
      const keys = booked.get(row.session) ?? (await bookedKeys(path, row));
      booked.set(row.session, keys);
      const key = keyOf(row);
      if (!keys.has(key) && !fresh.has(`${row.session} ${key}`)) fresh.set(`${row.session} ${key}`, row);
    }
    if (fresh.size === 0) return;
    const added = [...fresh.values()];
    await mkdir(dirname(path), { recursive: true });
    await appendDurably(path, added.map(formatRow).join(''));
    for (const row of added) booked.get(row.session)?.add(keyOf(row));
  }

  return {
    book(rows) {
      // One after the other: two calls at once would both find a message unbooked.
      const mine = turn.then(() => append(rows));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** A session that regen started belongs to one plan; any other may have been booked anywhere. */
async function bookedKeys(path: string, { session, plan, stage }: LedgerRow): Promise<Set<string>> {
  const keys = new Set<string>();
  const collect = (line: string): void => {
    const parsed = readRow(line);
    if (parsed.kind === 'row' && parsed.row.session === session) keys.add(keyOf(parsed.row));
  };
  const kept = stage === sessionStage ? null : await keptOf(path, { plan });
  const range = kept === null ? {} : { start: kept.tally.start, end: kept.tally.end };
  await readLines(path, collect, { ...range, needle: JSON.stringify(session) });
  return keys;
}

/** Within its session. */
function keyOf(row: LedgerRow): string {
  return row.kind === 'message' ? row.message : `run ${row.run}`;
}
