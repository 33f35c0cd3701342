import { expect, it } from 'vitest';
import { createOverview } from '../../src/usage/overview.js';
import { messageRow, runRow, writeLedger } from '../support/ledger-rows.js';
import { makeScratch } from '../support/scratch.js';

const now = () => new Date('2026-11-21T00:00:00Z');

it('adds the ledger up from every side in one go', async () => {
  await using scratch = await makeScratch();
  const difference = { input: 0, output: 1, cacheRead: 0, cacheWrite: 0, costUsd: null };
  await writeLedger(scratch.folder, [
    messageRow({ message: '1', at: '2026-11-20T23:59:59.000Z', output: 5, costUsd: 0.5 }),
    messageRow({ message: '2', at: '2026-11-19T11:00:00.000Z', stage: 'evaluate', output: 7, costUsd: 0.25 }),
    messageRow({ message: '3', item: null, model: 'mystery', output: 1, costUsd: null }),
    messageRow({ message: '4', plan: 'other', output: 2, costUsd: 0.125, isEstimate: true }),
    runRow({ run: 'a', difference }),
    runRow({ run: 'b', durationMs: 1500 }),
  ]);
  const read = createOverview({ surroundings: { root: scratch.folder, now }, prices: {}, limits: {} });

  const { spending, forecast } = await read(null);

  const brief = ({ key, pricedUsd, usage }: (typeof spending.days)[number]) => [key, usage.output, pricedUsd];
  expect(forecast).toBeNull();
  expect(brief(spending.all)).toEqual([null, 15, 0.875]);
  expect(spending.all).toMatchObject({ unpricedRequests: 1, estimated: { requests: 1, costUsd: 0.125 } });
  expect(spending.days.map(brief)).toEqual([
    ['2026-11-19', 7, 0.25],
    ['2026-11-20', 8, 0.625],
  ]);
  expect(spending.stages.map(brief)).toEqual([
    ['agent', 8, 0.625],
    ['evaluate', 7, 0.25],
  ]);
  expect(spending.models.map(brief)).toEqual([
    ['claude-opus-4-8', 14, 0.875],
    ['mystery', 1, 0],
  ]);
  expect(spending.items.map(({ plan, item, usage }) => [plan, item, usage.output])).toEqual([
    ['20261120T080000Z', 'one', 12],
    ['20261120T080000Z', null, 1],
    ['other', 'one', 2],
  ]);
  expect(spending.mismatchCount).toBe(1);
  expect(spending.mismatches).toEqual([
    { at: '2026-11-20T11:00:00.000Z', target: 'alpha', item: 'one', stage: 'agent', run: 'a', difference },
  ]);
  expect(spending.unread).toEqual([]);
});

it('a ledger that is not there is an empty one', async () => {
  await using scratch = await makeScratch();
  const read = createOverview({ surroundings: { root: scratch.folder, now }, prices: {}, limits: {} });

  const { spending } = await read(null);

  expect(spending).toMatchObject({ days: [], stages: [], models: [], items: [], mismatchCount: 0 });
});
