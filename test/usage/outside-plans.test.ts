/** What sessions say for no item is on the books, and no budget is spent by it. */
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { MessageRow } from '../../src/model/ledger.js';
import { createLedger } from '../../src/usage/ledger.js';
import { messageRow, writeLedger } from '../support/ledger-rows.js';
import { makeScratch } from '../support/scratch.js';

const outside = { plan: '', target: '', item: null, attempt: null, stage: 'session' };

/** Every 20 minutes one, in turn of a plan and of none, of a dollar or two, some without a price. */
function rowAt(index: number): MessageRow {
  return messageRow({
    ...(index % 2 === 0 ? {} : outside),
    at: new Date(Date.UTC(2026, 10, 18) + index * 20 * 60_000).toISOString(),
    message: `m${index}`,
    model: index % 7 === 1 ? 'of-nobody' : 'claude-opus-4-8',
    costUsd: index % 7 === 1 ? null : 1 + (index % 2),
    input: index,
  });
}

test('sums since an instant leave it out when they are of plans, whatever of them was kept before', async () => {
  const scratch = await makeScratch();
  onTestFinished(() => scratch[Symbol.asyncDispose]());
  const root = scratch.folder;
  const surroundings = { root, env: {}, now: () => new Date(), newId: () => 'id', progress: () => undefined };
  const rows = Array.from({ length: 300 }, (_, index) => rowAt(index));
  await writeLedger(root, rows.slice(0, 280));
  const ledger = createLedger({ surroundings, prices: {} });
  await ledger.sum({}); // more than is read again and again: it is kept
  for (const row of rows.slice(280)) await appendFile(ledgerFile(root), `${JSON.stringify(row)}\n`);
  const instants = [
    '2026-11-18T00:00:00Z',
    '2026-11-18T11:30:00Z',
    '2026-11-22T00:00:00Z',
    '2026-11-22T01:10:00Z',
  ];

  for (const since of instants.map((text) => new Date(text))) {
    const of = rows.filter(({ plan, at }) => plan !== '' && new Date(at) >= since);
    const sum = await ledger.sum({ since, ofPlans: true });
    const { usd } = await ledger.spent({ since, ofPlans: true });
    const all = await ledger.sum({ since });

    expect([sum.requests, sum.input]).toEqual([of.length, of.reduce((total, { input }) => total + input, 0)]);
    expect(usd).toBe(of.reduce((total, { costUsd }) => total + (costUsd ?? 0), 0));
    expect(all.requests).toBe(rows.filter(({ at }) => new Date(at) >= since).length);
  }
  const since = new Date('2026-11-22T01:10:00Z');
  expect((await ledger.spent({ since })).unpriced).toEqual(['of-nobody']);
  expect((await ledger.spent({ since, ofPlans: true })).unpriced).toEqual([]);
});

function ledgerFile(root: string): string {
  return path.join(root, '.regen', 'ledger.jsonl');
}
