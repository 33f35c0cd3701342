import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LedgerRow, MessageRow, RunRow } from '../../src/model/ledger.js';
import { noUsage } from '../../src/model/usage.js';
import { createLedger } from '../../src/usage/ledger.js';
import type { LedgerFile } from '../../src/usage/ledger.js';

let root: string;
let ledger: LedgerFile;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'regen-sums-'));
  const surroundings = { root, env: {}, now: () => new Date(), newId: () => 'id', progress: () => undefined };
  ledger = createLedger({ surroundings, prices: {} });
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const place = {
  v: 2,
  ...{ at: '2026-05-02T14:00:00.000Z', plan: 'p1', target: 'charts', item: 'bar' },
  ...{ stage: 'agent', round: 0, attempt: 'u1', session: 's1' },
} as const;

let number = 0;

function message(change: Partial<MessageRow>): MessageRow {
  number += 1;
  return {
    ...place,
    ...{ kind: 'message', message: `m${number}`, model: 'claude-sonnet-5', input: 1, output: 0 },
    ...{ cacheRead: 10, cacheWrite5m: 0, cacheWrite1h: 0, costUsd: 0.5, prefixHash: null },
    ...{ isSidechain: false, isEstimate: false },
    ...change,
  };
}

function run(change: Partial<RunRow>): RunRow {
  return {
    ...place,
    ...{ kind: 'run', run: 'agent-0', outcome: 'completed', durationMs: 0, prefixHash: null },
    ...{ usage: noUsage, estimated: noUsage, peakContext: 0, reported: null, difference: null },
    ...change,
  };
}

test('one sum for each item, attempt, stage, first or later round, and for each session of turns', async () => {
  const turn = { stage: 'session', session: 't1' };
  const rows: readonly LedgerRow[] = [
    message({}),
    message({ cacheRead: 40, isEstimate: true }),
    run({ durationMs: 1500 }),
    message({ round: 1 }),
    message({ round: 2, session: 's2' }),
    message({ attempt: 'u2' }),
    message({ ...turn }),
    message({ ...turn, session: 't2' }),
    message({ ...turn, item: null, attempt: null, sharedBy: ['bar', 'pie'] }),
    message({ plan: 'p2' }),
    message({ target: 'p1' }),
  ];
  await ledger.book(rows);

  const sums = await ledger.tokenSums({ plan: 'p1', target: 'charts' });

  const one = { ...noUsage, requests: 1, input: 1, cacheRead: 10, costUsd: 0.5 };
  const common = {
    ...{ item: 'bar', sharedBy: [], attempt: 'u1', stage: 'agent', isFirstRound: true, sessions: ['s1'] },
    ...{ usage: one, pricedUsd: 0.5, estimated: noUsage, peakContext: 11, durationMs: 0 },
  };
  const estimate = { ...one, cacheRead: 40 };
  expect(sums).toEqual([
    {
      ...common,
      ...{
        usage: { ...one, requests: 2, input: 2, cacheRead: 50, costUsd: 1 },
        pricedUsd: 1,
        estimated: estimate,
      },
      ...{ peakContext: 41, durationMs: 1500 },
    },
    {
      ...common,
      ...{ isFirstRound: false, sessions: ['s1', 's2'] },
      ...{ usage: { ...one, requests: 2, input: 2, cacheRead: 20, costUsd: 1 }, pricedUsd: 1 },
    },
    { ...common, attempt: 'u2' },
    { ...common, stage: 'session', sessions: ['t1'] },
    { ...common, stage: 'session', sessions: ['t2'] },
    {
      ...common,
      ...{ item: null, attempt: null, sharedBy: ['bar', 'pie'], stage: 'session', sessions: ['t1'] },
    },
  ]);
});

test('what sessions said for no item is told for those asked for', async () => {
  const nobodys = { stage: 'session', plan: '', target: '', item: null, attempt: null };
  await ledger.book([
    message({ ...nobodys, message: 'a', session: 't1', costUsd: 0.25 }),
    message({ ...nobodys, message: 'b', session: 't2' }),
    message({ stage: 'session', item: null, message: 'c', session: 't1', sharedBy: ['bar', 'pie'] }),
    message({ stage: 'session', message: 'd', session: 't1' }),
    message({ message: 'e', session: 't1' }),
  ]);

  const outside = await ledger.outsideItems(['t1']);

  expect(outside).toEqual({ ...noUsage, requests: 1, input: 1, cacheRead: 10, costUsd: 0.25 });
  expect(await ledger.outsideItems([])).toEqual(noUsage);
});

test('an id is known whoever booked it, from an instant on', async () => {
  await ledger.book([
    message({ message: 'long ago', at: '2026-05-02T13:59:59.999Z' }),
    message({ message: 'a run’s' }),
    message({ stage: 'session', plan: '', target: '', item: null, attempt: null, message: 'nobody’s' }),
    run({}),
  ]);

  const known = await ledger.messagesSince(new Date('2026-05-02T14:00:00Z'));

  expect([...known]).toEqual(['a run’s', 'nobody’s']);
});

test('without a ledger nothing was booked', async () => {
  expect(await ledger.tokenSums({ plan: 'p1', target: 'charts' })).toEqual([]);
  expect(await ledger.outsideItems(['t1'])).toEqual(noUsage);
  expect(await ledger.messagesSince(new Date(0))).toEqual(new Set());
});
