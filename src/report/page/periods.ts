/** Days put together so that a chart of any length has a readable number of bars. Pure. */
import type { LedgerGroup } from '../../model/ledger.js';
import { addSpending, noSpending } from '../../model/spending.js';
import type { Spending } from '../../model/spending.js';

export type PeriodLength = 'day' | 'week' | 'month';

export interface Period {
  readonly begin: Date;
  /** The next one's begin. */
  readonly end: Date;
  readonly spending: Spending;
}

export interface Periods {
  readonly length: PeriodLength;
  /** Those in which something was spent, in order. */
  readonly periods: readonly Period[];
}

const dayMs = 86_400_000;
const mostBars = 45;

/** @param days - in order, keyed `YYYY-MM-DD`, UTC; rows without a readable instant are in no day. */
export function periodsOf(days: readonly LedgerGroup[]): Periods {
  const dated = days.flatMap(({ key, ...spending }) => (key === null ? [] : [{ key, ...spending }]));
  if (dated.length === 0) return { length: 'day', periods: [] };
  const first = Date.parse(dated[0]?.key ?? '');
  const last = Date.parse(dated.at(-1)?.key ?? '');
  const span = Math.round((last - first) / dayMs) + 1;
  const length = span <= mostBars ? 'day' : span <= 7 * mostBars ? 'week' : 'month';
  const sums = new Map<number, Spending>();
  for (const { key, ...spending } of dated) {
    const begin = beginOf(new Date(key), length).getTime();
    sums.set(begin, addSpending(sums.get(begin) ?? noSpending, spending));
  }
  const periods = [...sums].map(([begin, spending]) => ({
    begin: new Date(begin),
    end: nextAfter(new Date(begin), length),
    spending,
  }));
  return { length, periods };
}

/** The period's first day; weeks begin on Mondays. */
export function beginOf(day: Date, length: PeriodLength): Date {
  switch (length) {
    case 'day':
      return day;
    case 'week':
      return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * dayMs);
    case 'month':
      return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1));
  }
}

export function nextAfter(begin: Date, length: PeriodLength): Date {
  if (length === 'month') return new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 1));
  return new Date(begin.getTime() + (length === 'week' ? 7 : 1) * dayMs);
}
