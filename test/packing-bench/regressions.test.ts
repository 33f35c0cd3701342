import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regressions } from '../../src/packing-bench/regressions.js';
import { anyCells, cellWith, resultsWith, refusalOf } from './cells.js';

const check = (
  before: Parameters<typeof cellWith>[0],
  after: Parameters<typeof cellWith>[0],
  tolerance?: number,
) => regressions(resultsWith([cellWith(before)]), resultsWith([cellWith(after)]), tolerance);

describe('a regression', () => {
  it('is less agreement than chance explains', () => {
    expect(check({ differ: 2 }, { differ: 9 })).toEqual([
      'haiku at 1 per call: agreement fell from 98.0 % to 91.0 % (7 of the same items lost, 0 gained; exact one-sided McNemar test, p = 0.008)',
    ]);
    expect(check({ differ: 2 }, { differ: 7 })).toEqual([]);
  });

  it('is more failures than chance explains; they cost agreement too', () => {
    expect(check({}, { fail: 10 })).toEqual([
      'haiku at 1 per call: agreement fell from 100.0 % to 90.0 % (10 of the same items lost, 0 gained; exact one-sided McNemar test, p < 0.001)',
      'haiku at 1 per call: failures rose from 0 to 10 of 100 (10 items fail that didn’t, 0 no longer; exact one-sided McNemar test, p < 0.001)',
    ]);
    expect(check({ differ: 10 }, { fail: 10 })).toHaveLength(1);
  });

  it('is a cost per item above the tolerance', () => {
    expect(check({ costUsd: 1 }, { costUsd: 1.1 })).toEqual([]);
    expect(check({ costUsd: 1 }, { costUsd: 1.2 })).toEqual([
      'haiku at 1 per call: the cost rose from $1.00 to $1.20 for 100 items (by 20 %; 10 % are allowed)',
    ]);
    expect(check({ costUsd: 1 }, { costUsd: 1.2 }, 0.25)).toEqual([]);
    expect(check({ costUsd: 0 }, { costUsd: 0.5 })).toEqual([
      'haiku at 1 per call: the cost rose from $0.00 to $0.50 for 100 items',
    ]);
  });

  it('is a price that is known no more, for nothing could be compared', () => {
    expect(check({}, { costUsd: null })).toEqual([
      'haiku at 1 per call: the cost can’t be compared: haiku has no known price any more',
    ]);
    expect(check({ costUsd: null }, {})).toEqual([]);
  });

  it('needs more evidence the more cells are looked at', () => {
    const sizes = [1, 5, 10, 20, 40];
    const before = resultsWith(sizes.map((size) => cellWith({ size })));
    const after = (differ: number) =>
      resultsWith(sizes.map((size) => cellWith({ size, differ: size === 40 ? differ : 0 })));

    expect(regressions(before, after(7))).toEqual([]);
    expect(regressions(before, after(8))).toHaveLength(1);
  });

  it('is looked for where both have measured', () => {
    const stored = resultsWith([cellWith(), cellWith({ size: 40 })]);

    expect(
      regressions(stored, resultsWith([cellWith({ size: 40, differ: 50 }), cellWith({ size: 9 })])),
    ).toHaveLength(1);
    expect(refusalOf(() => regressions(stored, resultsWith([cellWith({ size: 9 })])))).toMatchObject({
      code: 'usage',
      hint: 'Measure what they have: haiku at 1 per call, haiku at 40 per call; or run without --check to store new ones.',
    });
  });

  it('isn’t looked for in another set', () => {
    const other = resultsWith([cellWith()], { set: { file: 'b.jsonl', hash: 'fff', items: 100 } });

    expect(refusalOf(() => regressions(resultsWith([cellWith()]), other))).toMatchObject({ code: 'usage' });
  });

  it('is none between results and themselves, nor where all is better', () => {
    fc.assert(
      fc.property(anyCells, (cells) => {
        const results = resultsWith(cells);
        const better = cells.map((cell) => ({
          ...cellWith({ ...cell, agreed: cell.asked, failed: 0, outcomes: 'a'.repeat(cell.asked) }),
          costUsd: cell.costUsd === null ? null : cell.costUsd / 2,
        }));

        expect(regressions(results, results)).toEqual([]);
        expect(regressions(results, resultsWith(better))).toEqual([]);
      }),
    );
  });
});
