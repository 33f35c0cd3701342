import { expect, it } from 'vitest';
import type { Place } from '../../src/model/profile.js';
import { detectors } from '../../src/profile/detectors.js';
import { findingsOf } from '../../src/profile/sum-up.js';

const place = (tokens: number, costUsd: number | null): Place => ({
  session: 's',
  thread: null,
  requests: [1],
  what: '',
  count: 1,
  tokens,
  costUsd,
});

function ranked(costs: readonly (readonly [tokens: number, costUsd: number | null])[]) {
  const found = new Map(
    costs.map(([tokens, costUsd], index) => [detectors[index] ?? raise(), [place(tokens, costUsd)]]),
  );
  return findingsOf(found).map(({ tokens }) => tokens);
}

function raise(): never {
  throw new Error('more costs than detectors');
}

it('findings come by their price, the dearest first', () => {
  expect(
    ranked([
      [30, 1],
      [20, 3],
      [10, 2],
    ]),
  ).toEqual([20, 10, 30]);
});

it('findings of which one has no price come by their tokens, all of them', () => {
  const costs = [
    [30, 1],
    [10, 2],
    [20, null],
  ] as const;

  expect(ranked(costs)).toEqual([30, 20, 10]);
  expect(ranked(costs.toReversed())).toEqual([30, 20, 10]);
});
