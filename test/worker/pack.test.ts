import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOversize, packItems, packLimits } from '../../src/worker/pack.js';

const limits = { input: 1000, output: 500, count: 40 };
const small = (count: number) => Array.from({ length: count }, (_, id) => ({ id, input: 10, output: 5 }));

describe('packing', () => {
  it('leaves what system, tools and the answer take in the window, and a tenth', () => {
    expect(packLimits({ window: 200_000, system: 6000, tools: 2000, maxOutput: 8000 }, 40)).toEqual({
      input: 165_600,
      output: 7200,
      count: 40,
    });
  });

  it('makes no room where there is none', () => {
    expect(packLimits({ window: 4000, system: 3000, tools: 900, maxOutput: 1000 }, 10).input).toBe(0);
  });

  it.each([
    ['the count', small(90), [30, 30, 30]],
    ['the count, evenly', small(41), [21, 20]],
    ['the prompt', small(20).map((item) => ({ ...item, input: 300 })), [3, 3, 3, 3, 3, 3, 2]],
    ['the answer', small(9).map((item) => ({ ...item, output: 120 })), [3, 3, 3]],
    ['nothing', [], []],
  ])('ends a pack at what binds first: %s', (_what, items, sizes) => {
    expect(packItems(items, limits).map((pack) => pack.length)).toEqual(sizes);
  });

  it('sends what is too large alone', () => {
    const items = small(4).map((item, index) => (index === 1 ? { ...item, input: 5000 } : item));

    expect(packItems(items, limits).map((pack) => pack.map(({ id }) => id))).toEqual([[0], [1], [2, 3]]);
    expect(items.filter((item) => isOversize(item, limits)).map(({ id }) => id)).toEqual([1]);
  });

  it('loses nothing, keeps the order, and keeps every limit for what can share a call', () => {
    const items = fc.array(fc.record({ input: fc.nat(1500), output: fc.nat(700) }), { maxLength: 300 });
    const anyLimits = fc.record({
      input: fc.integer({ min: 1, max: 2000 }),
      output: fc.integer({ min: 1, max: 1000 }),
      count: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(items, anyLimits, (given, bound) => {
        const packs = packItems(given, bound);

        expect(packs.flat()).toEqual(given);
        for (const pack of packs) {
          const sum = (of: 'input' | 'output') => pack.reduce((total, item) => total + item[of], 0);
          expect(pack.length).toBeGreaterThan(0);
          expect(pack.length).toBeLessThanOrEqual(bound.count);
          if (pack.length === 1) continue;
          expect(sum('input')).toBeLessThanOrEqual(bound.input);
          expect(sum('output')).toBeLessThanOrEqual(bound.output);
        }
      }),
    );
  });
});
