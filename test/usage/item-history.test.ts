import { describe, expect, it } from 'vitest';
import type { ItemState, Plan } from '../../src/model/plan.js';
import { createItemHistory } from '../../src/usage/item-history.js';
import { createRates } from '../../src/usage/rates.js';
import { messageRow, runRow } from '../support/ledger-rows.js';

const now = new Date('2026-11-20T12:00:00Z');

function planOf(items: Readonly<Record<string, ItemState>>): Plan {
  return {
    ...{ target: 'alpha', title: null, updated: null, base: null, created: '2026-11-20T08:00:00Z' },
    ...{ heading: 'Items', changeRequests: [], log: [] },
    items: Object.entries(items).map(([id, state], index) => ({ id, state, line: index + 1, note: '' })),
  };
}

function historyOf(rows: readonly Parameters<ReturnType<typeof createItemHistory>['add']>[0][], plan: Plan) {
  const history = createItemHistory(now, createRates({ known: { input: 2, output: 0 } }));
  for (const row of rows) history.add(row);
  return history.of(plan);
}

describe('what finished items took', () => {
  it('is the sum of all their attempts, stages and runs', () => {
    const rows = [
      messageRow({ costUsd: 1 }),
      messageRow({ costUsd: 2, item: 'two' }),
      messageRow({ costUsd: 0.5, attempt: 'attempt-2', stage: 'evaluate' }),
      runRow({ durationMs: 1000 }),
      runRow({ durationMs: 250, stage: 'evaluate' }),
    ];

    const { samples } = historyOf(rows, planOf({ one: 'done', two: 'failed' }));

    expect(samples.plan).toEqual([
      { costUsd: 1.5, durationMs: 1250 },
      { costUsd: 2, durationMs: null },
    ]);
  });

  it('leaves out what is open, what belongs to no item and what cost nothing', () => {
    const rows = [
      messageRow({ costUsd: 1 }),
      messageRow({ costUsd: 2, item: 'two' }),
      messageRow({ costUsd: 4, item: null, stage: 'plan' }),
      messageRow({ costUsd: 8, item: 'gone' }),
    ];

    const { samples, spent } = historyOf(rows, planOf({ one: 'todo', two: 'waiting', three: 'skipped' }));

    expect(samples).toEqual({ plan: [], target: [], others: [] });
    expect(spent).toEqual({ target: 15, day: 15 });
  });

  it('is priced as the limits are: with a price that was missing when it was booked', () => {
    const rows = [
      messageRow({ costUsd: 1 }),
      messageRow({ model: 'known', input: 1_000_000, costUsd: null }),
      messageRow({ model: 'unknown', costUsd: null, target: 'beta', at: '2026-11-19T11:00:00.000Z' }),
    ];

    const { samples, spent } = historyOf(rows, planOf({ one: 'done' }));

    expect(samples.plan).toEqual([{ costUsd: 3, durationMs: null }]);
    expect(samples.others).toEqual([{ costUsd: null, durationMs: null }]);
    expect(spent).toEqual({ target: 3, day: 3 });
  });

  it('is spent by nobody knows how much once a model without a price took part', () => {
    const rows = [messageRow({ costUsd: 1 }), messageRow({ model: 'unknown', costUsd: null })];

    expect(historyOf(rows, planOf({ one: 'done' })).spent).toEqual({ target: null, day: null });
  });

  it('is told apart by plan and target: the same id is another item', () => {
    const rows = [
      messageRow({ costUsd: 1 }),
      messageRow({ costUsd: 2, plan: 'earlier' }),
      messageRow({ costUsd: 4, target: 'beta', plan: 'earlier' }),
      messageRow({ costUsd: 8, target: 'beta' }),
    ];

    const { samples } = historyOf(rows, planOf({ one: 'done' }));

    expect(samples).toEqual({
      plan: [{ costUsd: 1, durationMs: null }],
      target: [{ costUsd: 2, durationMs: null }],
      others: [
        { costUsd: 4, durationMs: null },
        { costUsd: 8, durationMs: null },
      ],
    });
  });

  it('has no cost when a model without a price took part', () => {
    const rows = [
      messageRow({ costUsd: 1 }),
      messageRow({ model: 'unknown', costUsd: null }),
      runRow({ durationMs: 5 }),
    ];

    const { samples } = historyOf(rows, planOf({ one: 'done' }));

    expect(samples.plan).toEqual([{ costUsd: null, durationMs: 5 }]);
  });
});

it('what was spent today is everybody’s since midnight UTC', () => {
  const rows = [
    messageRow({ costUsd: 1, at: '2026-11-19T23:59:59.999Z' }),
    messageRow({ costUsd: 2, at: '2026-11-20T00:00:00.000Z', target: 'beta' }),
    messageRow({ costUsd: 4, at: '2026-11-20T01:00:00+02:00' }),
    messageRow({ costUsd: null }),
  ];

  const { spent } = historyOf(rows, planOf({ one: 'done' }));

  expect(spent).toEqual({ target: 5, day: 2 });
});
