import { expect, it } from 'vitest';
import { formatDuration, formatSpan, parseDuration } from '../../src/model/duration.js';

it('durations are read in every unit', () => {
  expect(['500ms', '10s', '30m', '20h', '2d', '1.5h', '0s'].map(parseDuration)).toEqual([
    500, 10_000, 1_800_000, 72_000_000, 172_800_000, 5_400_000, 0,
  ]);
});

it('what is no duration is null', () => {
  expect(['', '10', 's', '10 s', '-1s', '1e3s', '10S', '1h30m', ' 10s', '.5s'].map(parseDuration)).toEqual(
    Array.from({ length: 10 }, () => null),
  );
});

it('durations are written for people', () => {
  const written = [
    0, 400, 5321, 9999, 10_000, 93_000, 99_499, 99_500, 125_000, 3_599_400, 3_599_600, 3_840_000, 90_000_000,
  ];

  expect(written.map(formatDuration)).toEqual([
    '0.0 s',
    '0.4 s',
    '5.3 s',
    '10.0 s',
    '10 s',
    '93 s',
    '99 s',
    '1 m 40 s',
    '2 m 05 s',
    '59 m 59 s',
    '1 h 00 m',
    '1 h 04 m',
    '25 h 00 m',
  ]);
});

it('spans are written for a column of a table', () => {
  expect([0, 499, 48_000, 59_600, 378_000, 1_375_000, 9_300_000, 90_000_000].map(formatSpan)).toEqual([
    '0s',
    '0s',
    '48s',
    '1m 0s',
    '6m 18s',
    '22m 55s',
    '2h 35m',
    '25h 0m',
  ]);
});
