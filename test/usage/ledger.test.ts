import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PriceOverrides } from '../../src/model/config.js';
import type { MessageRow } from '../../src/model/ledger.js';
import type { Surroundings } from '../../src/model/surroundings.js';
import { createLedger } from '../../src/usage/ledger.js';
import { runRow } from '../support/ledger-rows.js';

let root: string;
let said: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'regen-ledger-'));
  said = [];
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('booking', () => {
  it('appends one line for each message', async () => {
    await ledger().book([row({ message: 'm1' }), row({ message: 'm2' })]);

    expect(await bookedMessages()).toEqual(['m1', 'm2']);
  });

  it('books a message of a session once, within a process and across processes', async () => {
    const first = ledger();

    await Promise.all([
      first.book([row({ message: 'm1' }), row({ message: 'm1' })]),
      first.book([row({ message: 'm1' })]),
    ]);
    await ledger().book([row({ message: 'm1' }), row({ message: 'm2' })]);

    expect(await bookedMessages()).toEqual(['m1', 'm2']);
  });

  it('books the same message id of another session', async () => {
    await ledger().book([row({ session: 's1' }), row({ session: 's2' })]);

    expect(await bookedMessages()).toEqual(['m', 'm']);
  });

  it('begins a new line after one that a crash cut off', async () => {
    await ledger().book([row({ message: 'm1' })]);
    await appendFile(ledgerFile(), '{"v":1,"at":"2026-');

    await ledger().book([row({ message: 'm2' })]);

    const totals = await ledger().totals({});
    expect(totals.all.requests).toBe(2);
    expect(said).toEqual([`${ledgerFile()}: lines left out of the sums: 1 cut off by a crash`]);
  });

  it('goes on after a booking that failed', async () => {
    await writeFile(join(root, '.regen'), 'in the way');
    const open = ledger();
    await expect(open.book([row({ message: 'm1' })])).rejects.toThrow();
    await rm(join(root, '.regen'));

    await open.book([row({ message: 'm1' })]);

    expect(await bookedMessages()).toEqual(['m1']);
  });
});

describe('totals', () => {
  it('are zero without a ledger', async () => {
    const totals = await ledger().totals({});

    expect(totals).toEqual({ all: usage({ requests: 0, input: 0, costUsd: 0 }), byItem: new Map() });
  });

  it('add up all and by item; what belongs to no item is in all only', async () => {
    await ledger().book([
      row({ message: '1', item: 'altair', input: 10, costUsd: 0.25 }),
      row({ message: '2', item: 'altair', input: 20, costUsd: 0.5 }),
      row({ message: '3', item: 'plotly', input: 40, costUsd: 1 }),
      row({ message: '4', item: null, input: 80, costUsd: 2 }),
    ]);

    const totals = await ledger().totals({});

    expect(totals).toEqual({
      all: usage({ requests: 4, input: 150, costUsd: 3.75 }),
      byItem: new Map([
        ['altair', usage({ requests: 2, input: 30, costUsd: 0.75 })],
        ['plotly', usage({ requests: 1, input: 40, costUsd: 1 })],
      ]),
    });
  });

  it('have no cost when a model without a price took part', async () => {
    await ledger().book([row({ message: '1', costUsd: 1 }), row({ message: '2', costUsd: null })]);

    const totals = await ledger().totals({});

    expect(totals.all.costUsd).toBeNull();
  });

  it.each([
    ['plan', { plan: 'p2' }, ['2']],
    ['target', { target: 't2' }, ['3']],
    ['item', { item: 'i2' }, ['4']],
    ['attempt', { attempt: 'a2' }, ['5']],
    ['instant, however it is written', { since: new Date('2026-11-20T12:00:00Z') }, ['6', '7']],
  ])('can be limited to one %s', async (_, filter, expected) => {
    const rows = [
      row({ message: '1' }),
      row({ message: '2', plan: 'p2' }),
      row({ message: '3', target: 't2' }),
      row({ message: '4', item: 'i2' }),
      row({ message: '5', attempt: 'a2' }),
      row({ message: '6', at: '2026-11-20T13:00:00+01:00' }),
      row({ message: '7', at: '2026-11-20T12:00:00.001Z' }),
    ].map((each) => ({ ...each, input: 2 ** Number(each.message) }));
    await ledger().book(rows);

    const totals = await ledger().totals(filter);

    expect(totals.all.input).toBe(expected.reduce((sum, message) => sum + 2 ** Number(message), 0));
  });

  it('leave out, and say so, what another version wrote', async () => {
    await ledger().book([row({})]);
    await appendFile(ledgerFile(), '{"v":3,"cost":"much"}\n{"v":1}\n[]\n');

    const totals = await ledger().totals({});

    expect(totals.all.requests).toBe(1);
    expect(said).toEqual([
      `${ledgerFile()}: lines left out of the sums: 3 not written by this version of regen`,
    ]);
  });
});

describe('what was spent', () => {
  it('is what is on the books', async () => {
    await ledger().book([
      row({ message: '1', costUsd: 0.25 }),
      row({ message: '2', costUsd: 0.5, plan: 'p2' }),
    ]);

    expect(await ledger().spent({ plan: 'p2' })).toEqual({ usd: 0.5, unpriced: [] });
    expect(await ledger().spent({})).toEqual({ usd: 0.75, unpriced: [] });
  });

  it('counts what had no price when it was booked as soon as it has one, and names what has none', async () => {
    await ledger().book([
      row({ message: '1', costUsd: 0.25 }),
      row({ message: '2', costUsd: null, model: 'qwen3', input: 1_000_000 }),
      row({ message: '3', costUsd: null, model: 'gpt', input: 1_000_000 }),
    ]);

    const spent = await ledger({ qwen3: { input: 2, output: 4 } }).spent({ plan: 'p1' });

    expect(spent).toEqual({ usd: 2.25, unpriced: ['gpt'] });
  });
});

describe('runs', () => {
  it('are told in the order in which they were booked, each once', async () => {
    const runs = [runRow({ run: 'agent-0', attempt: 'a1' }), runRow({ run: 'agent-1', attempt: 'a2' })];
    await ledger().book([...runs, row({ attempt: 'a1' })]);
    await ledger().book(runs);

    expect(await ledger().runs({})).toEqual(runs);
    expect(await ledger().runs({ attempt: 'a2' })).toEqual(runs.slice(1));
  });

  it('add nothing to any sum', async () => {
    const usage = {
      requests: 4,
      input: 9,
      output: 9,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      costUsd: 7,
    };
    await ledger().book([runRow({ usage }), row({ input: 1 })]);

    expect((await ledger().sum({})).input).toBe(1);
  });
});

function ledger(prices: PriceOverrides = {}): ReturnType<typeof createLedger> {
  const surroundings: Surroundings = {
    root,
    env: {},
    now: () => new Date('2026-11-20T12:00:00Z'),
    newId: () => 'id',
    progress: (line) => said.push(line),
  };
  return createLedger({ surroundings, prices });
}

function ledgerFile(): string {
  return join(root, '.regen', 'ledger.jsonl');
}

async function bookedMessages(): Promise<unknown[]> {
  const lines = (await readFile(ledgerFile(), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as MessageRow).message);
}

function row(own: Partial<MessageRow>): MessageRow {
  return {
    v: 2,
    kind: 'message',
    at: '2026-11-20T11:59:59Z',
    plan: 'p1',
    target: 't1',
    item: 'i1',
    stage: 'agent',
    round: 0,
    attempt: 'a1',
    session: 's',
    message: 'm',
    model: 'claude-sonnet-5-5',
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    costUsd: 0,
    prefixHash: null,
    isSidechain: false,
    isEstimate: false,
    ...own,
  };
}

function usage(own: { requests: number; input: number; costUsd: number }): unknown {
  return { output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, ...own };
}
