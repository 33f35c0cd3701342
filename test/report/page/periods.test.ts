import { expect, it } from 'vitest';
import { periodsOf } from '../../../src/report/page/periods.js';
import { group } from './sample.js';

const day = (key: string | null, usd = 1) => group(key, { usd, requests: 1 });

it.each([
  { last: '2026-11-30', length: 'day', begins: ['2026-11-01', '2026-11-30'] },
  { last: '2026-12-15', length: 'day', begins: ['2026-11-01', '2026-12-15'] },
  { last: '2026-12-16', length: 'week', begins: ['2026-10-26', '2026-12-14'] },
  { last: '2027-12-31', length: 'month', begins: ['2026-11-01', '2027-12-01'] },
])('from 2026-11-01 to $last it goes by the $length', ({ last, length, begins }) => {
  const found = periodsOf([day('2026-11-01'), day(last)]);

  expect(found.length).toBe(length);
  expect(found.periods.map(({ begin }) => begin.toISOString().slice(0, 10))).toEqual(begins);
});

it('days of the same week are one sum, and a row without a readable day is in none', () => {
  const { periods } = periodsOf([
    day(null, 100),
    day('2026-06-01', 1),
    day('2026-06-07', 2),
    day('2026-06-08', 4),
    day('2026-11-01', 8),
  ]);

  expect(periods.map(({ spending }) => spending.pricedUsd)).toEqual([3, 4, 8]);
});

it('nothing makes no period', () => {
  expect(periodsOf([])).toEqual({ length: 'day', periods: [] });
});
