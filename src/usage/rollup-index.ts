/** What the ledger comes to by hour and by plan. */
import type { LedgerRow } from '../model/ledger.js';
import { isNumber, isRecord, mapAt, packTallies, unpackNested, unpackTallies } from './packed.js';
import { addToTally, tallyAt } from './tally.js';
import type { RowPlace, Tally } from './tally.js';

export interface IndexData {
  /** Up to which byte of the ledger. */
  offset: number;
  readonly unread: { torn: number; unknown: number };
  /** By hours since 1970, UTC: days, and the part of a day since some instant, are made of them. */
  readonly hours: Map<number, Tally>;
  /** By plan, and in it by target. */
  readonly plans: Map<string, Map<string, Tally>>;
}

export function emptyIndex(): IndexData {
  return { offset: 0, unread: { torn: 0, unknown: 0 }, hours: new Map(), plans: new Map() };
}

export function addToIndex(data: IndexData, row: LedgerRow, place: RowPlace): void {
  const hour = hourOf(row.at);
  if (hour !== null) addToTally(tallyAt(data.hours, hour), row, place);
  addToTally(tallyAt(mapAt(data.plans, row.plan), row.target), row, place);
}

/** Hours since 1970; null for a text that is no instant. */
export function hourOf(at: string): number | null {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? null : Math.floor(ms / hourMs);
}

export function hourAt(instant: Date): number {
  return Math.floor(instant.getTime() / hourMs);
}

const hourMs = 3_600_000;

/** As JSON keeps it; the offset stands beside it. */
export function packIndex({ unread, hours, plans }: IndexData): unknown {
  return {
    unread,
    hours: packTallies(hours),
    plans: [...plans].map(([plan, targets]) => [plan, packTallies(targets)]),
  };
}

/** null: not what `packIndex` makes. */
export function unpackIndex(packed: unknown, offset: number): IndexData | null {
  if (!isRecord(packed) || !isRecord(packed['unread'])) return null;
  const { torn, unknown } = packed['unread'];
  const hours = unpackTallies(packed['hours'], isNumber);
  const plans = unpackNested(packed['plans']);
  if (!isNumber(torn) || !isNumber(unknown) || hours === null || plans === null) return null;
  return { offset, unread: { torn, unknown }, hours, plans };
}
