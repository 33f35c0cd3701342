import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse.js';
import type { Plan } from '../../../src/model/plan.js';
import { noTokens } from '../../../src/model/usage.js';
import { batchSums, expectedHits } from '../../../src/step/packs/batch-cache.js';
import { isByBatch } from '../../../src/step/packs/batch-step.js';
import { costOf } from '../../../src/usage/prices.js';
import { guideConfig } from '../../support/guide.js';

const at = new Date('2026-11-21T00:00:00Z');

function sums(requests: number) {
  return batchSums({
    requests,
    tokens: 10_000,
    price: (use, isBatch) => costOf({ model: 'haiku', tokens: { ...noTokens, ...use }, at, isBatch }, {}),
  });
}

it('writes a prefix before a batch only when enough requests read it', () => {
  const few = sums(3);
  const many = sums(100);

  // haiku-5-5: write 1h 0.20, read 0.01, input 0.10 per million; in a batch half of that.
  const each = (expectedHits * 0.01 + (1 - expectedHits) * 0.2) / 2;
  expect(many?.cached).toBeCloseTo((10_000 * (0.2 + 100 * each)) / 1e6, 12);
  expect(many?.plain).toBeCloseTo((10_000 * 100 * 0.05) / 1e6, 12);
  expect(few !== null && few.cached > few.plain).toBe(true);
  expect(many !== null && many.cached < many.plain).toBe(true);
});

it('guesses no price', () => {
  expect(batchSums({ requests: 5, tokens: 10, price: () => null })).toBeNull();
});

it('goes by the deadline: a batch as long as it leaves a day, calls at once after that', () => {
  const config = parseConfig(guideConfig({ worker: 'mode: auto, deadline: 20d' }));
  const plan = { created: '2026-11-21T00:00:00Z' } as Plan; // the only part that is looked at
  const after = (hours: number): Date => new Date(at.getTime() + hours * 3_600_000);

  const chosen = [0, 19 * 24, 19 * 24 + 1].map((hours) => isByBatch(config, plan, after(hours)));

  expect(chosen).toEqual([true, true, false]);
});
