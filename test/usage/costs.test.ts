import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CostQuestion } from '../../src/model/cost.js';
import { ledgerKeys } from '../../src/model/ledger.js';
import type { LedgerKey, LedgerRow } from '../../src/model/ledger.js';
import type { Plan } from '../../src/model/plan.js';
import { noUsage } from '../../src/model/usage.js';
import { createCosts } from '../../src/usage/costs.js';
import { createLedger } from '../../src/usage/ledger.js';
import { messageRow, runRow, writeLedger } from '../support/ledger-rows.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';

let scratch: Scratch;

beforeEach(async () => {
  scratch = await makeScratch();
});

afterEach(() => scratch[Symbol.asyncDispose]());

const everything: CostQuestion = { by: 'stage', since: null, target: null, plan: null };

const now = () => new Date('2026-11-20T12:00:00Z');

function ask(question: Partial<CostQuestion> = {}, plan: Plan | null = null) {
  const surroundings = { root: scratch.folder, now };
  return createCosts({ surroundings, prices: {}, limits: {} })({ ...everything, ...question }, plan);
}

function keysAndInputs(rows: readonly { key: string | null; usage: { input: number } }[]) {
  return rows.map(({ key, usage }) => [key, usage.input]);
}

describe('the sums of a group', () => {
  it('are those of its messages, with the time of its runs', async () => {
    await writeLedger(scratch.folder, [
      messageRow({ message: '1', input: 10, cacheRead: 2000, output: 5, costUsd: 0.25 }),
      messageRow({ message: '2', cacheWrite5m: 40, cacheWrite1h: 60, costUsd: 0.5, session: 'session-2' }),
      messageRow({ message: '3', output: 7, costUsd: 1, isEstimate: true }),
      runRow({ durationMs: 1500 }),
      runRow({ durationMs: 500, session: 'session-2' }),
    ]);

    const { report } = await ask();

    const sums = {
      ...{ requests: 3, input: 10, output: 12, cacheRead: 2000, cacheWrite5m: 40, cacheWrite1h: 60 },
      costUsd: 1.75,
    };
    const group = {
      usage: sums,
      estimated: { ...noUsage, requests: 1, output: 7, costUsd: 1 },
      pricedUsd: 1.75,
      unpricedRequests: 0,
      sessions: 2,
      peakContext: 2010,
      durationMs: 2000,
      netCacheSavingUsd: (2000 * 4.5 - 40 * 1.25 - 60 * 5) / 1e6,
    };
    expect(report.groups).toEqual([{ key: 'agent', ...group }]);
    expect(report.total).toEqual({ key: null, ...group });
  });

  it('have the largest prompt of a request, which that of calls known only as a sum is not', async () => {
    await writeLedger(scratch.folder, [
      messageRow({ message: '1', input: 10 }),
      messageRow({ message: 'session-1:unlisted', input: 5000, isEstimate: true }),
    ]);

    const { report } = await ask();

    expect(report.total).toMatchObject({ peakContext: 10, usage: { input: 5010 } });
  });

  it('are unrounded: a thousand calls of one cached token are no nothing', async () => {
    const calls = Array.from({ length: 1000 }, (_, index) =>
      messageRow({ message: `${index}`, cacheRead: 1, costUsd: 3e-7 }),
    );
    await writeLedger(scratch.folder, calls);

    const { report } = await ask();

    expect(report.total.usage.costUsd).toBeCloseTo(0.0003, 12);
  });

  it('have no cost where a model has no price; what is priced stands beside it', async () => {
    await writeLedger(scratch.folder, [
      messageRow({ message: '1', costUsd: 2, cacheRead: 1 }),
      messageRow({ message: '2', costUsd: null, model: 'mystery', isEstimate: true }),
      messageRow({ message: '3', costUsd: null, model: 'mystery', stage: 'evaluate' }),
    ]);

    const { report } = await ask();

    expect(report.total).toMatchObject({
      usage: { requests: 3, costUsd: null },
      estimated: { requests: 1, costUsd: null },
      pricedUsd: 2,
      unpricedRequests: 2,
      netCacheSavingUsd: null,
    });
    expect(report.unpriced).toEqual([{ model: 'mystery', requests: 2 }]);
  });
});

describe('groups', () => {
  const rows: readonly LedgerRow[] = [
    messageRow({ message: '1', input: 1 }),
    messageRow({ message: '2', input: 2, item: null, stage: 'plan', at: '2026-11-20T23:30:00-02:00' }),
    messageRow({ message: '3', input: 4, target: 'beta', model: 'claude-haiku-5-5' }),
    messageRow({ message: '4', input: 8, session: 'session-2', at: '2026-11-21T00:00:00.000Z' }),
    runRow({ durationMs: 1000 }),
  ];

  it.each<[LedgerKey, readonly (readonly [string | null, number])[]]>([
    [
      'stage',
      [
        ['agent', 13],
        ['plan', 2],
      ],
    ],
    [
      'item',
      [
        ['one', 13],
        [null, 2],
      ],
    ],
    [
      'target',
      [
        ['alpha', 11],
        ['beta', 4],
      ],
    ],
    [
      'model',
      [
        ['claude-opus-4-8', 11],
        ['claude-haiku-5-5', 4],
      ],
    ],
    [
      'session',
      [
        ['session-1', 7],
        ['session-2', 8],
      ],
    ],
    [
      'day',
      [
        ['2026-11-20', 5],
        ['2026-11-21', 10],
      ],
    ],
  ])('by %s stand in the order in which they first appear', async (by, expected) => {
    await writeLedger(scratch.folder, rows);

    const { report } = await ask({ by });

    expect(keysAndInputs(report.groups)).toEqual(expected);
  });

  it.each(ledgerKeys)('by %s are those that the ledger tells the rest of regen', async (by) => {
    await writeLedger(scratch.folder, rows);
    const surroundings = { root: scratch.folder, env: {}, now, newId: () => '', progress: () => undefined };

    const { report } = await ask({ by });

    expect(report.groups).toEqual(await createLedger({ surroundings, prices: {} }).groups(by, {}));
  });

  it('by day have one of their own for a row whose instant can’t be read', async () => {
    await writeLedger(scratch.folder, [messageRow({ at: 'yesterday', input: 3 })]);

    const { report } = await ask({ by: 'day' });

    expect(keysAndInputs(report.groups)).toEqual([[null, 3]]);
  });

  it.each<[string, Partial<CostQuestion>, number]>([
    ['a target', { target: 'beta' }, 4],
    ['a plan', { plan: 'another' }, 0],
    ['what was booked since', { since: new Date('2026-11-20T12:00:00Z') }, 10],
  ])('can be limited to %s', async (_, question, expected) => {
    await writeLedger(scratch.folder, rows);

    const { report } = await ask(question);

    expect(report.total.usage.input).toBe(expected);
  });
});

describe('beside the sums the report tells', () => {
  it('which lines it couldn’t read', async () => {
    await writeLedger(scratch.folder, [messageRow(), '{"v":2,"kind":', '{"v":9}', '[]']);

    const { report } = await ask();

    expect(report.unread).toEqual({ torn: 1, unknown: 2 });
  });

  it('where Claude Code added up something else, the first twenty runs one by one', async () => {
    const difference = { input: 3, output: -1, cacheRead: 0, cacheWrite: 10, costUsd: 0.5 };
    const runs = Array.from({ length: 21 }, (_, index) => runRow({ run: `agent-${index}`, difference }));
    await writeLedger(scratch.folder, [...runs, runRow({ run: 'agrees' })]);

    const { report } = await ask();

    const { first, ...rest } = report.differences;
    expect(rest).toEqual({
      runs: 21,
      sum: { input: 63, output: -21, cacheRead: 0, cacheWrite: 210, costUsd: 10.5 },
    });
    expect(first).toHaveLength(20);
    expect(first[0]).toEqual({
      ...{ target: 'alpha', item: 'one', stage: 'agent', session: 'session-1', run: 'agent-0' },
      difference,
    });
  });

  it('what the ledger knows, also beyond what was asked for', async () => {
    await writeLedger(scratch.folder, [messageRow(), runRow({ target: 'beta', plan: 'p2' })]);

    const { known } = await ask({ target: 'alpha' });

    expect(known).toEqual({ targets: ['alpha', 'beta'], plans: ['20261120T080000Z', 'p2'] });
  });

  it('zeros where nothing was ever booked', async () => {
    const { report, known, forecast } = await ask();

    expect(report.groups).toEqual([]);
    expect(report.total).toMatchObject({ usage: noUsage, estimated: noUsage, netCacheSavingUsd: 0 });
    expect({ known, forecast }).toEqual({ known: { targets: [], plans: [] }, forecast: null });
  });
});

describe('the forecast', () => {
  const plan: Plan = {
    ...{ target: 'alpha', title: null, updated: null, base: null, created: '2026-11-20T08:00:00Z' },
    ...{ heading: 'Items', changeRequests: [], log: [] },
    items: [
      { id: 'one', state: 'done', line: 1, note: '' },
      { id: 'two', state: 'todo', line: 2, note: '' },
    ],
  };

  it('looks at the whole ledger, whatever is asked for', async () => {
    await writeLedger(scratch.folder, [messageRow({ costUsd: 2 }), runRow({ durationMs: 1000 })]);

    const { forecast } = await ask({ since: now(), target: 'alpha' }, plan);

    expect(forecast).toMatchObject({
      remaining: 1,
      basis: { plan: 1, target: 0, others: 0 },
      toEnd: { costUsd: { p50: 2, p90: 2 }, durationMs: { p50: 1000, p90: 1000 } },
    });
  });
});
