import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apportion, apportionUsage } from '../../src/model/apportion.js';
import { noUsage } from '../../src/model/usage.js';

test.each([
  [{ whole: 100, weights: [54, 46] }, [54, 46]],
  [{ whole: 10, weights: [1, 1, 1] }, [4, 3, 3]],
  [{ whole: 7, weights: [0, 5] }, [0, 7]],
  [{ whole: 5, weights: [0, 0] }, [3, 2]],
  [{ whole: 0, weights: [3, 4] }, [0, 0]],
  [
    { whole: Number.MAX_SAFE_INTEGER, weights: [3, 3, 1] },
    [3_860_228_252_031_853, 3_860_228_252_031_853, 1_286_742_750_677_285],
  ],
])('%j', ({ whole, weights }, parts) => {
  const apportioned = apportion(whole, weights);

  expect(apportioned).toEqual(parts);
});

test('the parts are whole, add up to the whole, and none is a token away from its proportion', () => {
  const count = fc.nat({ max: 2 ** 40 });
  fc.assert(
    fc.property(count, fc.array(count, { minLength: 1, maxLength: 6 }), (whole, weights) => {
      const parts = apportion(whole, weights);

      const sum = weights.reduce((one, other) => one + other, 0);
      expect(parts.reduce((one, other) => one + other, 0)).toBe(whole);
      parts.forEach((part, index) => {
        const exact = sum === 0 ? whole / weights.length : whole * ((weights[index] ?? 0) / sum);
        expect(Number.isInteger(part)).toBe(true);
        expect(Math.abs(part - exact)).toBeLessThan(1.001);
      });
    }),
  );
});

test('a usage is divided kind by kind, its money in proportion; what has no price has none in any part', () => {
  const usage = { ...noUsage, requests: 3, input: 10, output: 1, cacheRead: 100, costUsd: 0.4 };

  const parts = apportionUsage(usage, [3, 1]);

  expect(parts).toEqual([
    { ...noUsage, requests: 2, input: 8, output: 1, cacheRead: 75, costUsd: 0.30000000000000004 },
    { ...noUsage, requests: 1, input: 2, output: 0, cacheRead: 25, costUsd: 0.1 },
  ]);
  expect(apportionUsage({ ...usage, costUsd: null }, [1, 1]).map(({ costUsd }) => costUsd)).toEqual([
    null,
    null,
  ]);
});
