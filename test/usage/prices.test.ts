import { describe, expect, it } from 'vitest';
import type { TokenCounts } from '../../src/model/usage.js';
import { costOf, netCacheSaving, rateOf } from '../../src/usage/prices.js';
import { canonicalModel } from '../../src/model/model-name.js';
import { createRates } from '../../src/usage/rates.js';

const none: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
const million = 1_000_000;
const at = new Date('2026-11-20T12:00:00Z');

describe('the price of a call', () => {
  it('adds up every kind of token, both cache lifetimes apart', () => {
    const tokens = { input: 10, cacheRead: 2000, cacheWrite5m: 40, cacheWrite1h: 60, output: 5 };

    const cost = costOf({ model: 'claude-opus-4-8', tokens, at }, {});

    expect(cost).toBe(0.002025);
  });

  it('knows a model by its dated id', () => {
    const tokens = { ...none, input: 30, cacheWrite5m: 300, cacheRead: 6000, output: 150 };

    const cost = costOf({ model: 'claude-sonnet-4-5-20250929', tokens, at }, {});

    expect(cost).toBe(0.005265);
  });

  it('is not rounded: a thousand reads of one token are no nothing', () => {
    const call = { model: 'claude-sonnet-4-5', tokens: { ...none, cacheRead: 1 }, at };

    const sum = Array.from({ length: 1000 }, () => costOf(call, {}) ?? 0).reduce(
      (left, right) => left + right,
    );

    expect(sum).toBeCloseTo(0.0003, 12);
  });

  it.each([
    ['fable-5-2', [8, 40, 0.2, 10, 16]],
    ['opus-5-5', [4, 20, 0.2, 5, 8]],
    ['opus', [4, 20, 0.2, 5, 8]],
    ['opus-5', [5, 25, 0.5, 6.25, 10]],
    ['opus-4-8', [5, 25, 0.5, 6.25, 10]],
    ['opus-4-7', [5, 25, 0.5, 6.25, 10]],
    ['sonnet-5-5', [2, 10, 0.1, 2.5, 4]],
    ['sonnet', [2, 10, 0.1, 2.5, 4]],
    ['sonnet-5', [2, 10, 0.2, 2.5, 4]],
    ['sonnet-4-5', [3, 15, 0.3, 3.75, 6]],
    ['haiku-5-5', [0.1, 0.5, 0.01, 0.125, 0.2]],
    ['haiku', [0.1, 0.5, 0.01, 0.125, 0.2]],
    ['haiku-4-5', [1, 5, 0.1, 1.25, 2]],
  ])('of %s per million tokens: input, output, read, write 5m, write 1h', (model, expected) => {
    const rate = rateOf({ model, tokens: none, at }, {});

    expect(rate && Object.values(rate)).toEqual(expected);
  });

  it('changes on its day', () => {
    const tokens = { ...none, cacheRead: million };

    const before = costOf({ model: 'sonnet', tokens, at: new Date('2026-10-06T23:59:59.999Z') }, {});
    const after = costOf({ model: 'sonnet', tokens, at: new Date('2026-10-07T00:00:00Z') }, {});

    expect([before, after]).toEqual([0.2, 0.1]);
  });

  it('rises for the whole request once its prompt, cached or not, is over the tier', () => {
    const tokens = { ...none, input: 1000, cacheRead: 98_000, cacheWrite5m: 1000, output: 1000 };

    const within = costOf({ model: 'haiku-5-5', tokens, at }, {});
    const over = costOf({ model: 'haiku-5-5', tokens: { ...tokens, input: 1001 }, at }, {});

    expect(within).toBeCloseTo((1000 * 0.1 + 98_000 * 0.01 + 1000 * 0.125 + 1000 * 0.5) / million, 15);
    expect(over).toBeCloseTo((1001 * 0.5 + 98_000 * 0.05 + 1000 * 0.625 + 1000 * 2.5) / million, 15);
  });

  it('is half in a batch', () => {
    const tokens = { ...none, input: million };

    expect(costOf({ model: 'opus', tokens, at, isBatch: true }, {})).toBe(2);
    expect(
      netCacheSaving({ model: 'opus', tokens: { ...none, cacheWrite1h: million }, at, isBatch: true }, {}),
    ).toBe(-2);
  });

  it('is unknown for an unknown model, never a default', () => {
    expect(costOf({ model: 'claude-opus-99', tokens: none, at }, {})).toBeNull();
    expect(costOf({ model: 'constructor', tokens: none, at }, {})).toBeNull();
  });
});

describe('prices in regen.yaml', () => {
  const tokens = { ...none, cacheRead: million, cacheWrite5m: million, cacheWrite1h: million };

  it('stand over the table, cache prices following from the input price', () => {
    const overrides = { 'claude-sonnet-5-5': { input: 4, output: 1 } };

    expect(rateOf({ model: 'sonnet', tokens, at }, overrides)).toEqual({
      input: 4,
      output: 1,
      cacheRead: 0.4,
      cacheWrite5m: 5,
      cacheWrite1h: 8,
    });
  });

  it('may price each kind of token of a model that the table lacks', () => {
    const overrides = {
      'qwen3:32b': { input: 0, output: 0, cacheRead: 1, cacheWrite5m: 2, cacheWrite1h: 3 },
    };

    expect(costOf({ model: 'qwen3:32b', tokens, at }, overrides)).toBe(6);
  });

  it('of an exact id win over those of the model', () => {
    const overrides = {
      'sonnet-4-5': { input: 1, output: 1 },
      'claude-sonnet-4-5-20250929': { input: 7, output: 1 },
    };

    const rate = rateOf({ model: 'claude-sonnet-4-5-20250929', tokens, at }, overrides);

    expect(rate?.input).toBe(7);
  });
});

describe('prices in regen.yaml with dates and tiers', () => {
  const overrides = {
    'claude-sonnet-5-5': [
      { input: 3, output: 3, promptOver: 200_000 },
      { input: 2, output: 2 },
      { input: 1, output: 1, from: '2026-12-01' },
    ],
    'opus-5': { input: 9, output: 9, from: '2026-12-01' },
  };
  const inputAt = (model: string, instant: string, input: number) =>
    rateOf({ model, tokens: { ...none, input }, at: new Date(instant) }, overrides)?.input;

  it('may be given in any order: the newest date wins, in it the highest tier', () => {
    expect(inputAt('sonnet', '2026-11-30T23:59:59.999Z', 200_000)).toBe(2);
    expect(inputAt('sonnet', '2026-11-30T23:59:59.999Z', 200_001)).toBe(3);
    expect(inputAt('sonnet', '2026-12-01T00:00:00Z', 200_000)).toBe(1);
  });

  it('replace the tiers of earlier dates as well', () => {
    expect(inputAt('sonnet', '2026-12-01T00:00:00Z', 200_001)).toBe(1);
  });

  it('leave the table in force before their first date', () => {
    expect(inputAt('opus-5', '2026-11-30T23:59:59.999Z', 1)).toBe(5);
    expect(inputAt('opus-5', '2026-12-01T00:00:00Z', 1)).toBe(9);
  });
});

describe('rates made once for many calls', () => {
  const rates = createRates({});

  it.each([
    ['2026-10-06T23:59:59.999Z', 0.2],
    ['2026-10-07T00:00:00.000Z', 0.1],
    ['2026-10-07T01:59:59+02:00', 0.2],
    ['2026-10-07T02:00:00+02:00', 0.1],
    ['2026-10-07', 0.1],
  ])('know what is in force at %s, however it is written', (instant, read) => {
    expect(rates('claude-sonnet-5-5', 1, instant)?.cacheRead).toBe(read);
  });

  it('tell models apart, those without a price too', () => {
    const found = ['claude-opus-5', 'nobody’s', 'claude-opus-5-5'].map((model) =>
      rates(model, 1, '2026-11-20'),
    );

    expect(found.map((rate) => rate?.input ?? null)).toEqual([5, null, 4]);
  });

  it('ask for the tier of the whole prompt', () => {
    const found = [100_000, 100_001].map((prompt) => rates('claude-haiku-5-5', prompt, '2026-11-20')?.output);

    expect(found).toEqual([0.5, 2.5]);
  });
});

describe('the net saving of the cache', () => {
  it.each([
    ['5 minutes: from the second call on', { cacheWrite5m: 1 }, [-0.25, 0.65]],
    ['1 hour: from the third call on', { cacheWrite1h: 1 }, [-1, -0.1, 0.8]],
  ])('breaks even at a tenth for reads; %s', (_, write, expected) => {
    const inputOf = (usd: number | null) => Math.round(((usd ?? NaN) / 3) * million * 100) / 100;

    const savings = expected.map((_saving, reads) => {
      const tokens = { ...none, ...write, cacheRead: reads };
      return inputOf(netCacheSaving({ model: 'sonnet-4-5', tokens, at }, {}));
    });

    expect(savings).toEqual(expected);
  });

  it('is what the reads saved less the premium of the writes', () => {
    const tokens = { ...none, cacheRead: 2000, cacheWrite5m: 40, cacheWrite1h: 60 };

    const saving = netCacheSaving({ model: 'opus-4-8', tokens, at }, {});

    expect(saving).toBe((2000 * 4.5 - 40 * 1.25 - 60 * 5) / million);
  });

  it('is a loss when nothing is read', () => {
    const tokens = { ...none, cacheWrite1h: million };

    expect(netCacheSaving({ model: 'opus-4-8', tokens, at }, {})).toBe(-5);
  });

  it('is unknown without a price', () => {
    expect(netCacheSaving({ model: 'mystery', tokens: none, at }, {})).toBeNull();
  });
});

describe('the name of a model', () => {
  it.each([
    ['claude-sonnet-4-5-20250929', 'sonnet-4-5'],
    ['sonnet', 'sonnet-5-5'],
    ['claude-haiku-5-5', 'haiku-5-5'],
    ['gpt-oss', 'gpt-oss'],
  ])('%s is %s in the table', (model, expected) => {
    expect(canonicalModel(model)).toBe(expected);
  });
});
