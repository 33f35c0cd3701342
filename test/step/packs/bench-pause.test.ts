import { expect, it } from 'vitest';
import { pauseMs } from '../../../src/step/packs/bench-pause.js';

const now = new Date('2026-11-22T10:00:00Z');
const inSeconds = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

it.each<[string, number, Date | null, number | null]>([
  ['longer with each try', 1, null, 2000],
  ['longer with each try', 2, null, 10_000],
  ['longer with each try', 3, null, 30_000],
  ['not for ever', 4, null, null],
  ['not for ever, whatever the API says', 4, inSeconds(1), null],
  ['as long as the API says', 1, inSeconds(90), 90_000],
  ['not at all when that is over', 1, inSeconds(-5), 0],
  ['for minutes, not for hours', 1, inSeconds(3600), null],
])('a bench waits %s (try %i)', (_how, tries, retryAt, expected) => {
  expect(pauseMs({ tries, retryAt, now })).toBe(expected);
});
