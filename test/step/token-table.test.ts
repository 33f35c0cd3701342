import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TokenSum } from '../../src/model/token-table.js';
import { addUsage, noUsage } from '../../src/model/usage.js';
import type { Usage } from '../../src/model/usage.js';
import { attemptUsage, drivingSessions, itemTable, planTable } from '../../src/step/token-table.js';

function usage(input: number, costUsd: number | null = 0): Usage {
  return { ...noUsage, requests: 1, input, costUsd };
}

function sum(change: Partial<TokenSum>): TokenSum {
  return {
    ...{ item: 'bar', sharedBy: [], attempt: 'u1', stage: 'agent', isFirstRound: true },
    ...{
      sessions: ['s1'],
      usage: usage(100),
      pricedUsd: 0,
      estimated: noUsage,
      peakContext: 100,
      durationMs: 0,
    },
    ...change,
  };
}

const bar = { item: 'bar', attempt: 'u1' };

describe('the table of an item', () => {
  test('has a row per stage, the author’s later rounds apart, and one for the orchestrator', () => {
    const sums = [
      sum({ usage: usage(100, 0.5), peakContext: 90, durationMs: 60_000 }),
      sum({ stage: 'evaluate', sessions: ['judge'], usage: usage(7, 0.1), durationMs: 1000 }),
      sum({ isFirstRound: false, usage: usage(50, 0.25), peakContext: 120, durationMs: 5000 }),
      sum({ item: 'pie', usage: usage(1_000_000, 99) }),
      sum({ item: null, attempt: null, stage: 'audit', usage: usage(5) }),
    ];

    const table = itemTable(sums, bar, noUsage);

    const row = { pricedUsd: 0, estimated: noUsage, sessions: 1 };
    expect(table).toEqual({
      rows: [
        { ...row, name: 'agent', usage: usage(100, 0.5), peakContext: 90, durationMs: 60_000 },
        { ...row, name: 'agent, later rounds', usage: usage(50, 0.25), peakContext: 120, durationMs: 5000 },
        { ...row, name: 'orchestrator', usage: usage(7, 0.1), peakContext: 100, durationMs: 1000 },
      ],
      total: {
        ...{ name: 'Total', usage: { ...usage(157, 0.85), requests: 3 }, estimated: noUsage },
        ...{ pricedUsd: 0, sessions: 2, peakContext: 120, durationMs: 66_000 },
      },
      orchestrator: { evaluation: usage(7, 0.1), ownTurns: noUsage, sharedTurns: noUsage },
      outside: noUsage,
    });
  });

  test('tells the money that is known where a model has no price, split like the tokens', () => {
    const turns = { stage: 'session', sessions: ['s'] };
    const sums = [
      sum({ ...turns, usage: usage(3, null), pricedUsd: 0.5 }),
      sum({ ...turns, item: 'pie', usage: usage(1, 0.25), pricedUsd: 0.25 }),
      sum({
        ...turns,
        item: null,
        attempt: null,
        sharedBy: ['bar', 'pie'],
        usage: usage(8, null),
        pricedUsd: 4,
      }),
    ];

    const { total } = itemTable(sums, bar, noUsage);

    expect(total).toMatchObject({ usage: { input: 9, costUsd: null }, pricedUsd: 3.5 });
    expect(attemptUsage(sums, bar)).toMatchObject({ input: 9, costUsd: null });
  });

  test('shows what the attempts before and after it took, for that was paid too', () => {
    const sums = [
      sum({ attempt: 'u0', usage: usage(10) }),
      sum({ attempt: 'u1', usage: usage(20) }),
      sum({ attempt: 'u2', usage: usage(30) }),
      sum({ attempt: 'u2', stage: 'evaluate', usage: usage(1) }),
      sum({ attempt: 'u3', usage: usage(40) }),
    ];

    const { rows, total } = itemTable(sums, bar, noUsage);

    expect(rows.map(({ name, usage: { input } }) => `${name}: ${input}`)).toEqual([
      'agent: 20',
      '1 earlier attempt: 10',
      '2 later attempts: 71',
    ]);
    expect(total.usage.input).toBe(101);
  });

  test('counts all other attempts as earlier ones while the attempt itself has taken nothing', () => {
    const { rows } = itemTable([sum({ attempt: 'u0' })], bar, noUsage);

    expect(rows.map(({ name }) => name)).toEqual(['1 earlier attempt']);
  });

  test('has its share of shared turns, in proportion to its own ones in the same session', () => {
    const turns = { stage: 'session', sessions: ['s'] };
    const sums = [
      sum({ ...turns, usage: usage(5400) }),
      sum({ ...turns, item: 'pie', usage: usage(4600) }),
      sum({ ...turns, item: 'pie', sessions: ['another'], usage: usage(9_999_999) }),
      sum({ ...turns, item: null, attempt: null, sharedBy: ['bar', 'pie'], usage: usage(1000, 1) }),
    ];

    const [ours, theirs] = [itemTable(sums, bar, noUsage), itemTable(sums, { ...bar, item: 'pie' }, noUsage)];

    expect(ours.rows.map(({ name, usage: { input, costUsd } }) => [name, input, costUsd])).toEqual([
      ['orchestrator', 5940, 0.54],
    ]);
    expect(ours.orchestrator).toEqual({
      evaluation: noUsage,
      ownTurns: usage(5400),
      sharedTurns: usage(540, 0.54),
    });
    expect(theirs.orchestrator?.sharedTurns).toEqual({ ...usage(460, 0.46), requests: 0 });
  });
});

test('the items’ tables and what belongs to no item come to all that is on the plan’s books, to the token', () => {
  const items = ['bar', 'pie', 'map'];
  const anySum = fc
    .record({
      owner: fc.oneof(
        fc.constantFrom(...items).map((item) => ({ item, sharedBy: [] as string[] })),
        fc.subarray(items, { minLength: 2 }).map((sharedBy) => ({ item: null, sharedBy })),
        fc.constant({ item: null, sharedBy: [] as string[] }),
      ),
      stage: fc.constantFrom('agent', 'evaluate', 'session'),
      attempt: fc.constantFrom('u0', 'u1', 'u2'),
      session: fc.constantFrom('s1', 's2'),
      counts: fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat()),
    })
    .map(({ owner, stage, attempt, session, counts }) => {
      const [requests, input, output, cacheRead, cacheWrite5m, cacheWrite1h] = counts;
      const tokens = { requests, input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd: 0 };
      const isShared = owner.sharedBy.length > 0;
      return sum({
        ...owner,
        attempt: owner.item === null ? null : attempt,
        stage: isShared ? 'session' : stage,
        sessions: [session],
        usage: tokens,
      });
    });
  fc.assert(
    fc.property(fc.array(anySum, { maxLength: 20 }), (sums) => {
      const tables = items.map((item) => itemTable(sums, { item, attempt: 'u1' }, noUsage));

      const nobodys = sums.filter(({ item, sharedBy }) => item === null && sharedBy.length === 0);
      const parts = [...tables.map(({ total }) => total.usage), ...nobodys.map((one) => one.usage)];
      const all = sums.map((one) => one.usage).reduce(addUsage, noUsage);
      expect(parts.reduce(addUsage, noUsage)).toEqual(all);
      expect(planTable(sums, noUsage).total.usage).toEqual(all);
      for (const { rows, total } of tables) {
        expect(rows.map((row) => row.usage).reduce(addUsage, noUsage)).toEqual(total.usage);
      }
    }),
  );
});

test('the sessions that drove an item are those with turns of its own or shared ones', () => {
  const sums = [
    sum({}),
    sum({ stage: 'session', sessions: ['a'] }),
    sum({ stage: 'session', sessions: ['b'], item: 'pie' }),
    sum({ stage: 'session', sessions: ['c'], item: null, sharedBy: ['pie', 'bar'] }),
  ];

  expect(drivingSessions(sums, ['bar'])).toEqual(['a', 'c']);
  expect(drivingSessions(sums, null)).toEqual(['a', 'b', 'c']);
});
