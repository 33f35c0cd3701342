import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf, usdPerItem } from '../../src/packing-bench/cell.js';
import { isAsGood, recommend } from '../../src/packing-bench/recommend.js';
import { anyCells, cellWith } from './cells.js';

describe('as good as the best', () => {
  const best = cellWith();

  it.each([
    ['nothing lost of 100', cellWith(), best, true],
    ['3 lost of 100', cellWith({ differ: 3 }), best, true],
    ['4 lost of 100', cellWith({ differ: 4 }), best, false],
    ['2 failed of 100', cellWith({ fail: 2 }), best, true],
    ['nothing lost of 29', cellWith({ asked: 29 }), cellWith({ asked: 29 }), true],
    ['nothing lost of 28, too few', cellWith({ asked: 28 }), cellWith({ asked: 28 }), false],
    ['1 lost of 40, too few', cellWith({ asked: 40, differ: 1 }), cellWith({ asked: 40 }), false],
  ])('%s', (_what, cell, other, wanted) => {
    expect(isAsGood(cell, other)).toBe(wanted);
  });

  it('is the best itself, however small the set', () => {
    const one = cellWith({ asked: 1 });

    expect(isAsGood(one, one, 0)).toBe(true);
  });
});

describe('the recommendation', () => {
  it('is the cheapest of those that are as good', () => {
    const cells = [
      cellWith({ differ: 2, costUsd: 1 }),
      cellWith({ size: 10, differ: 2, costUsd: 0.2 }),
      cellWith({ size: 20, differ: 4, costUsd: 0.1 }),
      cellWith({ size: 40, differ: 9, costUsd: 0.05 }),
      cellWith({ model: 'opus', differ: 1, costUsd: 20 }),
    ];

    expect(recommend(cells)).toEqual({
      model: 'haiku',
      size: 20,
      why: 'it agrees on 96.0 % of 100 items, opus at 1 per call agrees on 99.0 %; a loss of more than 7.2 points against it is excluded at 95 %, and nothing as good is cheaper.',
    });
  });

  it('says when something cheaper could not be shown to be as good', () => {
    const small = [cellWith({ asked: 20 }), cellWith({ asked: 20, size: 20, costUsd: 0.1 })];

    expect(recommend(small)).toEqual({
      model: 'haiku',
      size: 1,
      why: 'it agrees on 100.0 % of 20 items; nothing else is shown to be as good. haiku at 20 per call (100.0 %, $0.10 for the set) may be as good and is cheaper, but 20 items are too few to show it: label more.',
    });
  });

  it('chooses nothing for a cost that isn’t known, and says so', () => {
    const cells = [cellWith(), cellWith({ model: 'local', size: 20, costUsd: null })];

    expect(recommend(cells)).toEqual({
      model: 'haiku',
      size: 1,
      why: 'it agrees on 100.0 % of 100 items; nothing as good is cheaper. Without a known price, so not compared by cost: local at 20 per call.',
    });
  });

  it('is the best where nothing has a price', () => {
    const cells = [
      cellWith({ model: 'local', differ: 1, costUsd: null }),
      cellWith({ model: 'local', size: 10, costUsd: null }),
      cellWith({ differ: 30, costUsd: 0.1 }),
    ];

    expect(recommend(cells)).toEqual({
      model: 'local',
      size: 10,
      why: 'it agrees on 100.0 % of 100 items, as many as any other; nothing as good has a known price. Without a known price, so not compared by cost: local at 1 per call, local at 10 per call.',
    });
  });

  it('is nothing where the best agrees on less than half, and says so', () => {
    const bad = [cellWith({ differ: 100 }), cellWith({ size: 40, differ: 51, costUsd: 0.1 })];

    expect(recommend(bad)).toEqual({
      model: null,
      size: null,
      why: 'haiku at 40 per call agrees on 49.0 % of 100 items, and nothing on more; at least half of them have to agree. Look at the labels, the task and the models.',
    });
    expect(recommend([cellWith({ asked: 1, fail: 1 })])).toMatchObject({ model: null, size: null });
    expect(recommend([cellWith({ differ: 50 })])).toMatchObject({ model: 'haiku', size: 1 });
  });

  it('needs something that was asked', () => {
    expect(recommend([])).toBeNull();
    expect(recommend([cellWith({ asked: 0 })])).toBeNull();
  });

  it('is as good as the best, has a price if anything as good has, and nothing as good is cheaper', () => {
    const tolerance = fc.constantFrom(0, 0.03, 0.1, 1);
    fc.assert(
      fc.property(anyCells, tolerance, (cells, tolerated) => {
        const advice = recommend(cells, tolerated);

        const chosen = cells.find(({ model, size }) => model === advice?.model && size === advice.size);
        const most = Math.max(...cells.map(agreementOf));
        expect(advice?.model === null).toBe(most < 0.5);
        if (most < 0.5) return;
        expect(chosen).toBeDefined();
        if (chosen === undefined) return;
        expect(agreementOf(chosen)).toBeGreaterThanOrEqual(most - tolerated - 1e-6);
        const bests = cells.filter((cell) => agreementOf(cell) === most);
        const best = bests.toSorted((a, b) => a.size - b.size || (a.model < b.model ? -1 : 1))[0] ?? chosen;
        expect(isAsGood(chosen, best, tolerated)).toBe(true);
        const prices = cells
          .filter((cell) => isAsGood(cell, best, tolerated))
          .flatMap((cell) => usdPerItem(cell) ?? []);
        if (prices.length > 0) expect(usdPerItem(chosen)).toBe(Math.min(...prices));
        else expect(chosen).toBe(best);
      }),
    );
  });

  it('doesn’t depend on the order of the cells, and a cheaper price never loses it', () => {
    fc.assert(
      fc.property(anyCells, (cells) => {
        const advice = recommend(cells);
        const cheaper = cells.map((cell) =>
          cell.model === advice?.model && cell.size === advice.size && cell.costUsd !== null
            ? { ...cell, costUsd: cell.costUsd / 2 }
            : cell,
        );

        expect(recommend(cells.toReversed())).toEqual(advice);
        expect(recommend(cheaper)).toMatchObject({ model: advice?.model, size: advice?.size });
      }),
    );
  });
});
