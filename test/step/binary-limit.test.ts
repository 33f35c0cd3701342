import { describe, expect, it } from 'vitest';
import { createPurse } from '../../src/step/purse.js';
import { dearestUsd, factorOf, inBinaryPrices, isCutShort } from '../../src/step/binary-limit.js';

const outcome = { kind: 'failed', failure: 'max_budget', detail: 'Reached maximum budget ($2)' } as const;

/** Of a model that costs a dime, and a dollar in the binary's list. */
const run = {
  outcome,
  booked: { costUsd: 0.2 },
  reported: { costUsd: 2 },
  maxUsd: 2,
  binaryMaxUsd: 2,
};

describe('a run that the binary ended for money', () => {
  it('was cut short while its dearest answer would have fitted in once more', () => {
    expect(isCutShort(run, 0.1)).toBe(true);
    expect(isCutShort({ ...run, booked: { costUsd: 1.9 } }, 0.1)).toBe(true);
    expect(isCutShort({ ...run, booked: { costUsd: 1.95 } }, 0.1)).toBe(false);
  });

  it.each([
    ['came to another end', { outcome: { kind: 'interrupted' } as const }],
    ['had no limit of ours', { maxUsd: null }],
    ['was told none', { binaryMaxUsd: null }],
    ['asked a model without a price', { booked: { costUsd: null } }],
  ])('was not cut short when it %s', (_when, change) => {
    expect(isCutShort({ ...run, ...change }, 0.1)).toBe(false);
  });

  it('shows what the binary takes for a dollar of ours, and the next limit is told in that', () => {
    expect(factorOf(run)).toBe(10);
    expect(factorOf({ ...run, reported: { costUsd: null } })).toBe(10);
    expect(factorOf({ ...run, booked: { costUsd: 0 } })).toBe(Infinity);
    expect([inBinaryPrices(1.8, 10), inBinaryPrices(1.8, Infinity), inBinaryPrices(null, 10)]).toEqual([
      18,
      null,
      null,
    ]);
  });

  it('has its dearest answer, whatever has no price', () => {
    const tokens = { input: 0, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
    const said = (output: number, model = 'known') => ({
      ...{ id: `${output}`, model, isSidechain: false, isEstimate: false },
      tokens: { ...tokens, output },
    });

    const usd = dearestUsd([said(1), said(3), said(9, 'unknown')], (model, { output }) =>
      model === 'known' ? output : null,
    );

    expect(usd).toBe(3);
  });
});

it('a purse is empty as soon as what is booked reaches the limit', () => {
  const message = {
    ...{ id: 'm', model: 'known', isSidechain: false, isEstimate: false },
    tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
  };
  const prices = [0.5, null, 0.5];
  const purse = createPurse({ onMessage: () => prices.shift() ?? null }, 1);

  const states = [1, 2, 3].map(() => {
    purse.onMessage(message);
    return purse.usedUp.aborted;
  });

  expect(states).toEqual([false, false, true]);
});
