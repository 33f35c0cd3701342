/** What several items share in equal parts, from every side from which the ledger is added up. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apportion, equalPart } from '../../src/model/apportion.js';
import type { LedgerFilter, LedgerRow } from '../../src/model/ledger.js';
import type { Plan } from '../../src/model/plan.js';
import { addUsage, noUsage } from '../../src/model/usage.js';
import type { Usage } from '../../src/model/usage.js';
import { createCosts } from '../../src/usage/costs.js';
import { createLedger } from '../../src/usage/ledger.js';
import { createOverview } from '../../src/usage/overview.js';
import { createRates } from '../../src/usage/rates.js';
import { createItemHistory } from '../../src/usage/item-history.js';
import { messageRow, runRow, writeLedger } from '../support/ledger-rows.js';

const pack = {
  item: null,
  stage: 'worker',
  attempt: 'pack-1',
  session: 's1',
  sharedBy: ['one', 'two', 'three'],
};
const filter = { plan: '20261120T080000Z', target: 'alpha' };
const question = { by: 'item', since: null, target: null, plan: null } as const;

const rows: readonly LedgerRow[] = [
  messageRow({ ...pack, message: 'm1', input: 10, output: 4, cacheWrite5m: 600, costUsd: 0.75 }),
  runRow({ ...pack, run: 'worker-0', durationMs: 100 }),
  messageRow({ ...pack, attempt: 'pack-2', sharedBy: ['three'], message: 'm2', input: 7, costUsd: 0.5 }),
  messageRow({ item: 'one', message: 'm3', output: 1, costUsd: 0.25 }),
  messageRow({
    item: null,
    stage: 'session',
    sharedBy: ['one', 'two'],
    message: 'm4',
    input: 90,
    costUsd: 1,
  }),
];

const parts: Readonly<Record<string, Usage>> = {
  one: { ...noUsage, requests: 2, input: 4, output: 3, cacheWrite5m: 200, costUsd: 0.5 },
  two: { ...noUsage, requests: 0, input: 3, output: 1, cacheWrite5m: 200, costUsd: 0.25 },
  three: { ...noUsage, requests: 1, input: 10, output: 1, cacheWrite5m: 200, costUsd: 0.75 },
};

let root: string;
const now = (): Date => new Date('2026-11-20T12:00:00Z');

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'regen-shares-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function ledger() {
  return createLedger({
    surroundings: { root, env: {}, now, newId: () => 'id', progress: () => undefined },
    prices: {},
  });
}

it('an equal part is what largest remainders give it', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 60 }), (whole, of) => {
      const equal = Array.from({ length: of }, (_, at) => equalPart(whole, { at, of }));

      expect(equal).toEqual(apportion(whole, Array<number>(of).fill(1)));
    }),
  );
});

describe('items that share a pack', () => {
  beforeEach(() => writeLedger(root, rows));

  it('have their parts in the totals; a session’s shared turns stay nobody’s', async () => {
    const { all, byItem } = await ledger().totals(filter);
    const { byItem: read } = await ledger().totals({ ...filter, since: new Date(0) });

    expect(Object.fromEntries(byItem)).toEqual(parts);
    expect(Object.fromEntries(read)).toEqual(parts);
    expect(all).toMatchObject({ requests: 4, input: 107, output: 5, costUsd: 2.5 });
  });

  it.each<LedgerFilter>([filter, { since: new Date(0), target: 'alpha' }])(
    'have the same sums when they are asked for by themselves (%o)',
    async (one) => {
      for (const [item, usage] of Object.entries(parts)) {
        expect(await ledger().sum({ ...one, item })).toEqual(usage);
        expect(await ledger().spent({ ...one, item })).toEqual({ usd: usage.costUsd, unpriced: [] });
      }
    },
  );

  it('are each on a line of the costs, and the lines come to the total', async () => {
    const ask = createCosts({ surroundings: { root, now }, prices: {}, limits: {} });
    const { groups, total } = (await ask(question, null)).report;

    const own = groups.filter(({ key }) => key !== null);
    expect(Object.fromEntries(own.map(({ key, usage }) => [key, usage]))).toEqual(parts);
    expect(own.map(({ durationMs }) => durationMs)).toEqual([34, 33, 33]);
    expect(own.map(({ sessions }) => sessions)).toEqual([2, 1, 1]);
    expect(groups.map(({ usage }) => usage).reduce(addUsage, noUsage)).toEqual(total.usage);
  });

  it('have their parts in the token table’s sums, one for each pack', async () => {
    const sums = await ledger().tokenSums(filter);

    const three = sums.filter(({ item }) => item === 'three');
    expect(three.map(({ attempt, sharedBy, usage }) => ({ attempt, sharedBy, input: usage.input }))).toEqual([
      { attempt: 'pack-1', sharedBy: [], input: 3 },
      { attempt: 'pack-2', sharedBy: [], input: 7 },
    ]);
    expect(sums.filter(({ stage }) => stage === 'session').map(({ sharedBy }) => sharedBy)).toEqual([
      ['one', 'two'],
    ]);
    expect(sums.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(100);
  });

  it('have their parts on the page, whose plans are sums of their items', async () => {
    const overview = createOverview({ surroundings: { root, now }, prices: {}, limits: {} });
    const { items, all } = (await overview(null)).spending;

    const own = items.filter(({ item }) => item !== null);
    expect(Object.fromEntries(own.map(({ item, usage }) => [item, usage]))).toEqual(parts);
    expect(items.map(({ usage }) => usage).reduce(addUsage, noUsage)).toEqual(all.usage);
  });

  it('tell the forecast what an item takes', () => {
    const history = createItemHistory(now(), createRates({}));
    rows.forEach((row) => {
      history.add(row);
    });
    const item = (id: string) => ({ id, state: 'done', line: 1, note: '' }) as const;
    const plan: Plan = {
      ...{ target: 'alpha', title: null, updated: null, base: null, created: '2026-11-20T08:00:00Z' },
      ...{ heading: 'Items', items: ['one', 'two', 'three'].map(item), changeRequests: [], log: [] },
    };

    const { samples, spent } = history.of(plan);

    expect(samples.plan.map(({ costUsd }) => costUsd)).toEqual([0.5, 0.25, 0.75]);
    expect(samples.plan.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0)).toBeCloseTo(100);
    expect(spent).toEqual({ target: 2.5, day: 2.5 });
  });
});

it('a price that is missing is missing for each item, and counted once in the total', async () => {
  await writeLedger(root, [messageRow({ ...pack, input: 9, costUsd: null, model: 'nobody' })]);

  const ask = createCosts({ surroundings: { root, now }, prices: {}, limits: {} });
  const { groups, total } = (await ask(question, null)).report;

  expect(groups.map(({ usage }) => usage.costUsd)).toEqual([null, null, null]);
  expect(groups.map(({ unpricedRequests }) => unpricedRequests)).toEqual([1, 1, 1]);
  expect(total).toMatchObject({ unpricedRequests: 1, usage: { requests: 1, costUsd: null } });
});

it('a rollup knows the parts of what it has read before', async () => {
  const many = Array.from({ length: 400 }, (_, index) =>
    messageRow({ ...pack, message: `m${index}`, input: 7, costUsd: 0.375, prefixHash: 'f'.repeat(64) }),
  );
  await writeLedger(root, many);

  const first = await ledger().totals(filter);
  await ledger().book([messageRow({ ...pack, message: 'later', input: 1, costUsd: 0 })]);
  const second = await ledger().totals(filter);

  expect(first.byItem.get('one')).toMatchObject({ requests: 400, input: 1200, costUsd: 50 });
  expect(second.byItem.get('one')).toMatchObject({ requests: 401, input: 1201 });
  expect(second.byItem.get('three')).toMatchObject({ requests: 0, input: 800 });
});
