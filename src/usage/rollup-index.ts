/** What the ledger comes to by day and by plan. */
import { noPlan } from '../model/ledger.js';
import type { LedgerRow } from '../model/ledger.js';
import { isNumber, isRecord, mapAt, packTallies, unpackNested, unpackTallies } from './packed.js';
import { addToTally, emptyTally, merged, tallyAt } from './tally.js';
import type { RowPlace, Tally } from './tally.js';

export interface IndexData {
  /** Up to which byte of the ledger. */
  offset: number;
  readonly unread: { torn: number; unknown: number };
  /** What belongs to plans. */
  readonly planned: Calendar;
  /** What sessions said for no item: no budget is spent by it. */
  readonly outside: Calendar;
  hoursFrom: number;
  /** By plan, and in it by target. */
  readonly plans: Map<string, Map<string, Tally>>;
}

export interface Calendar {
  /** By days since 1970, UTC. */
  readonly days: Map<number, Tally>;
  /** By hours since 1970, from `hoursFrom` on: for the part of a day since some instant. */
  readonly hours: Map<number, Tally>;
}

export function emptyIndex(): IndexData {
  const unread = { torn: 0, unknown: 0 };
  const [planned, outside] = [emptyCalendar(), emptyCalendar()];
  return { offset: 0, unread, planned, outside, hoursFrom: 0, plans: new Map() };
}

function emptyCalendar(): Calendar {
  return { days: new Map(), hours: new Map() };
}

export function addToIndex(data: IndexData, row: LedgerRow, place: RowPlace): void {
  addToTally(tallyAt(mapAt(data.plans, row.plan), row.target), row, place);
  const hour = hourOf(row.at);
  if (hour === null) return;
  const { days, hours } = row.plan === noPlan ? data.outside : data.planned;
  addToTally(tallyAt(days, dayOf(hour)), row, place);
  if (hour >= data.hoursFrom) addToTally(tallyAt(hours, hour), row, place);
}

/** What is known of the rows since an instant. */
export interface SinceThen {
  /** Of hours and days that begin after it. */
  readonly whole: Tally;
  /** Of the hour or the day that it lies in. */
  readonly begun: Tally;
  /** Whether a row of this instant belongs to the begun part. */
  readonly isBegun: (at: string) => boolean;
}

/** @param ofPlans - without what sessions said for no item. */
export function sinceThen(
  { planned, outside, hoursFrom }: IndexData,
  instant: Date,
  ofPlans: boolean,
): SinceThen {
  const calendars = ofPlans ? [planned] : [planned, outside];
  const days = calendars.flatMap((calendar) => [...calendar.days]);
  const hours = calendars.flatMap((calendar) => [...calendar.hours]);
  const hour = Math.floor(instant.getTime() / hourMs);
  const day = dayOf(hour);
  const isMidnight = instant.getTime() === day * 24 * hourMs;
  const later = days.filter(([one]) => one > day || (isMidnight && one === day)).map(([, tally]) => tally);
  if (isMidnight) return { whole: merged(later), begun: emptyTally(), isBegun: () => false };
  if (hour < hoursFrom) {
    const isBegun = (at: string): boolean => dayOf(hourOf(at) ?? NaN) === day;
    return { whole: merged(later), begun: merged(at(days, day)), isBegun };
  }
  const today = hours.filter(([one]) => one > hour && dayOf(one) === day).map(([, tally]) => tally);
  const isBegun = (at: string): boolean => hourOf(at) === hour;
  return { whole: merged([...later, ...today]), begun: merged(at(hours, hour)), isBegun };
}

function at(tallies: readonly (readonly [number, Tally])[], time: number): Tally[] {
  return tallies.filter(([one]) => one === time).map(([, tally]) => tally);
}

/** The one of the name, or all. */
export function named<Key, Value>(values: ReadonlyMap<Key, Value>, name: Key | undefined): Value[] {
  if (name === undefined) return [...values.values()];
  const value = values.get(name);
  return value === undefined ? [] : [value];
}

/** Hours since 1970; null for a text that is no instant. */
function hourOf(at: string): number | null {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? null : Math.floor(ms / hourMs);
}

function dayOf(hour: number): number {
  return Math.floor(hour / 24);
}

const hourMs = 3_600_000;

/** How many hours are kept apart, up to the newest row's: nobody asks for a part of a day that is long gone. */
const hoursKept = 48;

/** As JSON keeps it; the offset stands beside it. */
export function packIndex({ unread, planned, outside, hoursFrom, plans }: IndexData): unknown {
  const known = [...planned.hours.keys(), ...outside.hours.keys()];
  const newest = known.reduce((one, other) => Math.max(one, other), hoursFrom);
  const from = Math.max(hoursFrom, newest - hoursKept + 1);
  return {
    unread,
    planned: packCalendar(planned, from),
    outside: packCalendar(outside, from),
    hoursFrom: from,
    plans: [...plans].map(([plan, targets]) => [plan, packTallies(targets)]),
  };
}

function packCalendar({ days, hours }: Calendar, from: number): unknown {
  const kept = new Map([...hours].filter(([hour]) => hour >= from));
  return { days: packTallies(days), hours: packTallies(kept) };
}

/** null: not what `packIndex` makes. */
export function unpackIndex(packed: unknown, offset: number): IndexData | null {
  if (!isRecord(packed) || !isRecord(packed['unread'])) return null;
  const { torn, unknown } = packed['unread'];
  const { hoursFrom } = packed;
  const planned = unpackCalendar(packed['planned']);
  const outside = unpackCalendar(packed['outside']);
  const plans = unpackNested(packed['plans']);
  if (!isNumber(torn) || !isNumber(unknown) || !isNumber(hoursFrom)) return null;
  if (planned === null || outside === null || plans === null) return null;
  return { offset, unread: { torn, unknown }, planned, outside, hoursFrom, plans };
}

function unpackCalendar(packed: unknown): Calendar | null {
  if (!isRecord(packed)) return null;
  const days = unpackTallies(packed['days'], isNumber);
  const hours = unpackTallies(packed['hours'], isNumber);
  return days === null || hours === null ? null : { days, hours };
}
