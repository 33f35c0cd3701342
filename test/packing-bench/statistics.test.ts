import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossInterval, mcnemar, mcnemarWorse, wilson } from '../../src/packing-bench/statistics.js';

const confidence = fc.constantFrom(0.9, 0.95, 0.99);
const share = fc.integer({ min: 1, max: 5000 }).chain((count) => fc.tuple(fc.nat(count), fc.constant(count)));
const split = fc.record({ lost: fc.nat(2000), gained: fc.nat(2000) });

describe('Wilson’s interval', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i out of %i', (successes, count, low, high) => {
    const interval = wilson(successes, count);

    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('of nothing says nothing', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('holds the share, within 0 and 1, and is the same seen from the other side', () => {
    fc.assert(
      fc.property(share, confidence, ([successes, count], level) => {
        const { low, high } = wilson(successes, count, level);
        const mirrored = wilson(count - successes, count, level);

        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / count);
        expect(high).toBeGreaterThanOrEqual(successes / count);
        expect(mirrored.low).toBeCloseTo(1 - high, 10);
        expect(mirrored.high).toBeCloseTo(1 - low, 10);
      }),
    );
  });

  it('rises with the successes, narrows with the count, widens with the confidence', () => {
    fc.assert(
      fc.property(share, fc.integer({ min: 2, max: 9 }), ([successes, count], times) => {
        const one = wilson(successes, count);
        const more = wilson(Math.min(count, successes + 1), count);
        const larger = wilson(successes * times, count * times);
        const surer = wilson(successes, count, 0.99);

        expect(more.low).toBeGreaterThanOrEqual(one.low);
        expect(more.high).toBeGreaterThanOrEqual(one.high);
        expect(larger.high - larger.low).toBeLessThan(one.high - one.low);
        expect(surer.low).toBeLessThanOrEqual(one.low);
        expect(surer.high).toBeGreaterThanOrEqual(one.high);
      }),
    );
  });
});

describe('McNemar’s exact test', () => {
  it.each([
    [0, 0, 1, 1],
    [1, 0, 1, 0.5],
    [3, 3, 1, 42 / 64],
    [6, 0, 2 / 64, 1 / 64],
    [0, 6, 2 / 64, 1],
    [5, 1, 14 / 64, 7 / 64],
    [9, 1, 22 / 1024, 11 / 1024],
  ])('of %i lost and %i gained', (lost, gained, both, worse) => {
    expect(mcnemar({ lost, gained })).toBeCloseTo(both, 12);
    expect(mcnemarWorse({ lost, gained })).toBeCloseTo(worse, 12);
  });

  it('is a probability, the same from both sides, and smaller the more uneven the split', () => {
    fc.assert(
      fc.property(split, ({ lost, gained }) => {
        const p = mcnemar({ lost, gained });

        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(mcnemar({ lost: gained, gained: lost })).toBe(p);
        expect(mcnemarWorse({ lost: lost + 1, gained })).toBeLessThanOrEqual(
          mcnemarWorse({ lost, gained }) + 1e-9,
        );
        if (lost > gained) expect(Math.min(1, 2 * mcnemarWorse({ lost, gained }))).toBeCloseTo(p, 9);
      }),
    );
  });
});

describe('the interval of a loss', () => {
  it('is as the formula has it', () => {
    const { low, high } = lossInterval({ lost: 3, gained: 0 }, 100);

    expect(low).toBeCloseTo(-0.0132, 4);
    expect(high).toBeCloseTo(0.072, 3);
  });

  it('holds the adjusted loss, within −1 and 1, and narrows as the set grows', () => {
    fc.assert(
      fc.property(split, fc.nat(3000), ({ lost, gained }, rest) => {
        const count = lost + gained + rest;
        const { low, high } = lossInterval({ lost, gained }, count);
        const wider = lossInterval({ lost, gained }, count, 0.99);
        const larger = lossInterval({ lost: 2 * lost, gained: 2 * gained }, 2 * count);

        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect((lost - gained) / (count + 2)).toBeGreaterThanOrEqual(low);
        expect((lost - gained) / (count + 2)).toBeLessThanOrEqual(high);
        expect(wider.high).toBeGreaterThanOrEqual(high);
        expect(larger.high - larger.low).toBeLessThanOrEqual(high - low);
      }),
    );
  });
});
