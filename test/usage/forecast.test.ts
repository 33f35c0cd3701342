import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BudgetLimits } from '../../src/model/forecast.js';
import type { Plan } from '../../src/model/plan.js';
import { forecastOf } from '../../src/usage/forecast.js';
import type { ItemSample } from '../../src/usage/item-history.js';

const now = new Date('2026-11-20T12:00:00Z');

interface Scene {
  readonly done?: number;
  readonly remaining?: number;
  readonly samples?: readonly ItemSample[];
  readonly target?: readonly ItemSample[];
  readonly others?: readonly ItemSample[];
  readonly spent?: { readonly target: number | null; readonly day: number | null };
  readonly limits?: BudgetLimits;
}

/** A plan whose done items come first: i1, i2, … */
function forecast({ done = 0, remaining = 10, samples = [], target = [], others = [], ...rest }: Scene) {
  const items = Array.from({ length: done + remaining }, (_, index) => ({
    id: `i${index + 1}`,
    state: index < done ? ('done' as const) : ('todo' as const),
    line: index + 1,
    note: '',
  }));
  const plan: Plan = {
    ...{ target: 'alpha', title: null, updated: null, base: null, created: null },
    ...{ heading: 'Items', changeRequests: [], log: [], items },
  };
  const history = {
    samples: { plan: samples, target, others },
    spent: rest.spent ?? { target: 0, day: 0 },
  };
  return forecastOf({ plan, history, limits: rest.limits ?? {}, now });
}

const sample = (costUsd: number | null, durationMs: number | null = 60_000) => ({ costUsd, durationMs });

const samplesOf = (...costs: readonly number[]) => costs.map((cost) => sample(cost));

const pools = fc.array(
  fc.record({
    costUsd: fc.double({ min: 0, max: 100, noNaN: true }),
    durationMs: fc.integer({ min: 0, max: 3_600_000 }),
  }),
  { minLength: 1, maxLength: 20 },
);
const counts = fc.integer({ min: 1, max: 40 });

/** Each draw is a bootstrap of hundreds of trials. */
const runs = { numRuns: 30 };

describe('cost and time to the end', () => {
  it('lie between so many of the cheapest and so many of the dearest items, P90 not below P50', () => {
    fc.assert(
      fc.property(pools, counts, (samples, remaining) => {
        const { costUsd, durationMs } = forecast({ samples, remaining }).toEnd;
        const costs = samples.map((one) => one.costUsd);
        const times = samples.map((one) => one.durationMs);
        const slack = 1e-9;

        for (const [spread, values] of [[costUsd, costs] as const, [durationMs, times] as const]) {
          expect(spread?.p50).toBeGreaterThanOrEqual(remaining * Math.min(...values) * (1 - slack));
          expect(spread?.p90).toBeGreaterThanOrEqual(spread?.p50 ?? NaN);
          expect(spread?.p90).toBeLessThanOrEqual(remaining * Math.max(...values) * (1 + slack));
        }
      }),
      runs,
    );
  });

  it('are the same each time, in whatever order the items were done', () => {
    fc.assert(
      fc.property(pools, counts, (samples, remaining) => {
        const limits = { targetUsd: 50, dayUsd: 20, itemUsd: 10 };

        const one = forecast({ samples, remaining, limits });
        const other = forecast({ samples: samples.toReversed(), remaining, limits });

        expect(other).toEqual(one);
      }),
      runs,
    );
  });

  it('grow with what is left to do', () => {
    fc.assert(
      fc.property(pools, counts, (samples, remaining) => {
        const less = forecast({ samples, remaining }).toEnd.costUsd;
        const more = forecast({ samples, remaining: remaining * 4 }).toEnd.costUsd;

        expect(more?.p50).toBeGreaterThanOrEqual(less?.p50 ?? NaN);
      }),
      runs,
    );
  });

  it('are exact when every item takes the same', () => {
    const { toEnd, perItem } = forecast({ samples: samplesOf(0.5, 0.5, 0.5, 0.5, 0.5), remaining: 12 });

    expect(toEnd).toEqual({ costUsd: { p50: 6, p90: 6 }, durationMs: { p50: 720_000, p90: 720_000 } });
    expect(perItem).toEqual({ costUsd: { p50: 0.5, p90: 0.5 }, durationMs: { p50: 60_000, p90: 60_000 } });
  });

  it('don’t add up 90th percentiles: a hundred items aren’t all dear', () => {
    const samples = Array.from({ length: 100 }, (_, index) => sample(index < 88 ? 1 : 10));

    const { toEnd, perItem } = forecast({ samples, remaining: 100 });

    expect(perItem.costUsd).toEqual({ p50: 1, p90: 10 });
    expect(toEnd.costUsd?.p50).toBeGreaterThan(190);
    expect(toEnd.costUsd?.p50).toBeLessThan(230);
    expect(toEnd.costUsd?.p90).toBeLessThan(300);
  });

  it('spread wider when few items say what one takes', () => {
    const few = forecast({ samples: samplesOf(1, 1, 1, 1, 3), remaining: 50 }).toEnd.costUsd;
    const many = forecast({
      samples: Array.from({ length: 20 }, () => samplesOf(1, 1, 1, 1, 3)).flat(),
      remaining: 50,
    }).toEnd.costUsd;

    expect((few?.p90 ?? 0) - (few?.p50 ?? 0)).toBeGreaterThan(2 * ((many?.p90 ?? 0) - (many?.p50 ?? 0)));
  });

  it('are nothing when nothing is left, and unknown when nothing was finished', () => {
    const nothingLeft = forecast({ samples: samplesOf(1), remaining: 0, done: 3 });
    const nothingDone = forecast({});

    expect(nothingLeft.toEnd).toEqual({ costUsd: { p50: 0, p90: 0 }, durationMs: { p50: 0, p90: 0 } });
    expect(nothingDone.toEnd).toEqual({ costUsd: null, durationMs: null });
    expect(nothingDone.perItem).toEqual({ costUsd: null, durationMs: null });
  });

  it('are drawn apart: items without a price still say how long one takes', () => {
    const { toEnd } = forecast({ samples: [sample(null, 1000), sample(2, null)], remaining: 3 });

    expect(toEnd).toEqual({ costUsd: { p50: 6, p90: 6 }, durationMs: { p50: 3000, p90: 3000 } });
  });

  it('count an item no dearer than its own limit lets it be', () => {
    const { toEnd } = forecast({ samples: samplesOf(5), remaining: 2, limits: { itemUsd: 1 } });

    expect(toEnd.costUsd).toEqual({ p50: 2, p90: 2 });
  });
});

describe('what the figures are drawn from', () => {
  const three = samplesOf(1, 1, 1);
  const five = samplesOf(1, 1, 1, 1, 1);

  it.each([
    ['this plan’s items, when they are enough', { samples: five, target: five, others: five }, [5, 0, 0]],
    ['also the target’s earlier plans', { samples: three, target: five, others: five }, [3, 5, 0]],
    ['everything, when all of that is little', { samples: three, target: [], others: five }, [3, 0, 5]],
    ['the newest five hundred', { others: Array.from({ length: 600 }, () => sample(1)) }, [0, 0, 500]],
  ])('%s', (_, scene, [plan, target, others]) => {
    expect(forecast(scene).basis).toEqual({ plan, target, others });
  });
});

describe('a budget', () => {
  const samples = samplesOf(1, 1, 1, 1, 1);

  it('of the target runs out at the item that reaches it, what is spent counted', () => {
    const limits = { targetUsd: 15 };

    const [budget] = forecast({
      samples,
      done: 10,
      remaining: 30,
      spent: { target: 10, day: 0 },
      limits,
    }).budgets;

    const place = { item: 'i15', position: 15 };
    expect(budget).toEqual({
      ...{ budget: 'targetUsd', limit: 15, spentUsd: 10, probability: 1 },
      ...{ runsOutAt: place, earliestAt: place },
    });
  });

  it('that lasts runs out nowhere', () => {
    const [budget] = forecast({ samples, limits: { targetUsd: 11 } }).budgets;

    expect(budget).toMatchObject({ probability: 0, runsOutAt: null, earliestAt: null });
  });

  it('of the day begins anew at midnight UTC', () => {
    const slow = samples.map((one) => ({ ...one, durationMs: 2 * 3_600_000 }));
    const limits = { dayUsd: 8 };

    const fast = forecast({ samples, limits }).budgets;
    const beyondMidnight = forecast({ samples: slow, limits }).budgets;

    expect(fast).toMatchObject([{ budget: 'dayUsd', runsOutAt: { item: 'i8' } }]);
    expect(beyondMidnight).toMatchObject([{ budget: 'dayUsd', probability: 0, runsOutAt: null }]);
  });

  it('of an item tells how many items reach it', () => {
    const [budget] = forecast({ samples: samplesOf(1, 1, 1, 2, 3), limits: { itemUsd: 2 } }).budgets;

    expect(budget).toMatchObject({ budget: 'itemUsd', probability: 0.4, runsOutAt: null });
  });

  it('that is used up ends at the next item, whether or not anything says what one costs', () => {
    const scene = { done: 2, spent: { target: 15.01, day: 0 }, limits: { targetUsd: 15 } };

    const known = forecast({ ...scene, samples }).budgets;
    const unknown = forecast(scene).budgets;

    expect(known).toMatchObject([{ probability: 1, runsOutAt: { item: 'i3', position: 3 } }]);
    expect(unknown).toEqual(known);
  });

  it('has no figure where nobody knows what was spent', () => {
    const { budgets } = forecast({ samples, spent: { target: null, day: 0 }, limits: { targetUsd: 15 } });

    expect(budgets).toEqual([
      {
        budget: 'targetUsd',
        limit: 15,
        spentUsd: null,
        probability: null,
        runsOutAt: null,
        earliestAt: null,
      },
    ]);
  });

  it('has no figure where nothing was finished', () => {
    const { budgets } = forecast({ limits: { itemUsd: 1, targetUsd: 15, dayUsd: 50 } });

    expect(budgets.map(({ budget, probability }) => [budget, probability])).toEqual([
      ['itemUsd', null],
      ['targetUsd', null],
      ['dayUsd', null],
    ]);
  });

  it('lasts longer when it is larger, and in the dearest cases not longer than in the middle', () => {
    fc.assert(
      fc.property(pools, counts, fc.double({ min: 0.01, max: 500, noNaN: true }), (pool, remaining, usd) => {
        const place = (targetUsd: number) =>
          forecast({ samples: pool, remaining, limits: { targetUsd } }).budgets[0];
        const small = place(usd);
        const large = place(usd * 2);
        const end = remaining + 1;

        expect(large?.runsOutAt?.position ?? end).toBeGreaterThanOrEqual(small?.runsOutAt?.position ?? end);
        expect(small?.earliestAt?.position ?? end).toBeLessThanOrEqual(small?.runsOutAt?.position ?? end);
      }),
      runs,
    );
  });
});
