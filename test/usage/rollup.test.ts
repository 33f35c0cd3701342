import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerFilter, LedgerRow, MessageRow } from '../../src/model/ledger.js';
import { usageOf } from '../../src/model/ledger.js';
import { addUsage, noUsage } from '../../src/model/usage.js';
import { appendDurably } from '../../src/system/append.js';
import { formatRow, parseRow } from '../../src/usage/ledger-row.js';
import { createLedger } from '../../src/usage/ledger.js';
import { eachRow, rowFilter } from '../../src/usage/rows.js';
import { messageRow, runRow } from '../support/ledger-rows.js';

const day = Date.parse('2026-11-20T00:00:00Z');

/** So many of these lines fill more than may stand behind a rollup without being kept. */
const padding = 'f'.repeat(5000);

describe('the rollup', () => {
  it('comes to what the rows come to, whatever was written, cut off, killed or put back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(deed, anyFilter), { minLength: 1, maxLength: 10 }),
        async (course) => {
          await using books = await makeBooks();
          for (const [one, filter] of course) {
            await books.do(one);
            expect(await books.asked(filter)).toEqual(await books.counted(filter));
          }
          for (const filter of filters)
            expect(await books.asked(filter)).toEqual(await books.counted(filter));
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it('is kept beside the ledger, made anew when it is gone, and nobody’s business when it can’t be kept', async () => {
    await using books = await makeBooks();
    await books.do({ kind: 'append', rows: many });
    await books.asked({ plan: 'p1', target: 't1' });
    const kept = await books.rollups();
    await rm(books.folder, { recursive: true });
    await writeFile(books.folder, 'in the way');

    expect(kept).toEqual(['index.json', 'plan-p1.json']);
    expect(await books.asked({})).toEqual(await books.counted({}));
  });

  it('of a file that nobody has read for long is brought up to date from where it stands', async () => {
    await using books = await makeBooks();
    await books.do({ kind: 'append', rows: many });
    await books.asked({});
    const ledger = await readFile(books.file, 'latin1');
    const middle = ledger.indexOf('"input":7', ledger.length / 2);
    // What lies before is not looked at again: a change of a count there would be seen only by who reads the rows.
    await writeFile(books.file, `${ledger.slice(0, middle)}"input":8${ledger.slice(middle + 9)}`, 'latin1');
    await books.do({ kind: 'append', rows: [{ ...many[0], input: 100 }] });

    expect((await books.asked({})).sum.input).toBe(many.length * 7 + 100);
  });
});

interface Sketch {
  readonly plan: string;
  readonly target: string;
  readonly item: string | null;
  readonly attempt: string | null;
  readonly minute: number;
  readonly input: number;
  /** In 1/64 dollars, so that sums are exact in whatever order. */
  readonly cents: number | null;
  readonly isRun: boolean;
}

type Deed =
  | { readonly kind: 'append'; readonly rows: readonly Sketch[] }
  | { readonly kind: 'torn'; readonly bytes: number }
  | { readonly kind: 'foreign'; readonly line: string }
  | { readonly kind: 'cut'; readonly share: number }
  /** A process that was killed, or slower than another one, leaves older files, half of one, or a temporary one. */
  | { readonly kind: 'remember' | 'put back' | 'spoil' | 'temporary' };

const sketch: fc.Arbitrary<Sketch> = fc.record({
  plan: fc.constantFrom('p1', 'p2', ''),
  target: fc.constantFrom('t1', 't2'),
  item: fc.option(fc.constantFrom('one', 'two', '__proto__', '1')),
  attempt: fc.option(fc.constantFrom('a1', 'a2', 'größe')),
  minute: fc.nat(48 * 60),
  input: fc.nat(1000),
  cents: fc.option(fc.nat(1000), { freq: 20 }),
  isRun: fc.boolean(),
});

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(sketch, { maxLength: 30 }).map((rows) => ({ kind: 'append', rows }) as const),
  },
  { weight: 1, arbitrary: fc.nat(400).map((bytes) => ({ kind: 'torn', bytes }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('{"v":9}', '[]', 'null', '{"v":2,')
      .map((line) => ({ kind: 'foreign', line }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ kind: 'cut', share }) as const),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('remember', 'put back', 'spoil', 'temporary')
      .map((kind) => ({ kind }) as const),
  },
);

const filters: readonly LedgerFilter[] = [
  {},
  { target: 't1' },
  { plan: 'p1' },
  { plan: 'p1', target: 't1' },
  { plan: 'p1', target: 't1', item: '__proto__' },
  { plan: 'p2', item: 'one' },
  { plan: '', attempt: 'größe' },
  { plan: 'p1', target: 't2', attempt: 'a1' },
  { attempt: 'a2' },
  { since: new Date(day + 90 * 60_000) },
  { since: new Date(day + 72 * 3_600_000) },
  { plan: 'p1', since: new Date(day + 30 * 60_000) },
];

const anyFilter = fc.constantFrom(...filters);

const many: readonly [Sketch, ...Sketch[]] = [
  { plan: 'p1', target: 't1', item: 'one', attempt: 'a1', minute: 5, input: 7, cents: 1, isRun: false },
  ...Array<Sketch>(29).fill({
    ...{ plan: 'p1', target: 't1', item: 'one', attempt: 'a1', minute: 5, input: 7, cents: 1, isRun: false },
  }),
];

async function makeBooks() {
  const root = await mkdtemp(path.join(tmpdir(), 'regen-rollup-'));
  const file = path.join(root, '.regen', 'ledger.jsonl');
  const folder = path.join(root, '.regen', 'rollup');
  const memory = path.join(root, 'memory');
  await mkdir(path.dirname(file));
  await mkdir(memory);
  const says: string[] = [];
  const surroundings = {
    root,
    env: {},
    now: () => new Date(day),
    newId: () => 'id',
    progress: (line: string) => says.push(line),
  };
  let written = 0;

  const rowOf = (one: Sketch): LedgerRow => {
    written += 1;
    const { plan, target, item, attempt, input, cents } = one;
    const at = new Date(day + one.minute * 60_000).toISOString();
    const place = { at, plan, target, item, attempt, prefixHash: padding };
    return one.isRun
      ? runRow({ ...place, run: `run-${written}` })
      : messageRow({ ...place, message: `m${written}`, input, costUsd: cents === null ? null : cents / 64 });
  };
  const rollups = async () =>
    (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));

  return {
    file,
    folder,
    rollups: async () => (await rollups()).sort(),
    async do(one: Deed): Promise<void> {
      switch (one.kind) {
        case 'append':
          if (one.rows.length > 0) await appendDurably(file, one.rows.map(rowOf).map(formatRow).join(''));
          return;
        case 'torn':
          return writeFile(file, formatRow(messageRow({ message: `t${one.bytes}` })).slice(0, one.bytes), {
            flag: 'a',
          });
        case 'foreign':
          return appendDurably(file, one.line);
        case 'cut': {
          const { length } = await readFile(file).catch(() => Buffer.alloc(0));
          if (length > 0) await truncate(file, Math.floor(length * one.share));
          return;
        }
        case 'remember':
          for (const name of await rollups())
            await copyFile(path.join(folder, name), path.join(memory, name));
          return;
        case 'put back':
          await mkdir(folder, { recursive: true });
          for (const name of await readdir(memory))
            await copyFile(path.join(memory, name), path.join(folder, name));
          return;
        case 'spoil':
          for (const name of await rollups()) await truncate(path.join(folder, name), 100);
          return;
        case 'temporary':
          await mkdir(folder, { recursive: true });
          await writeFile(path.join(folder, 'index.json.1-1.tmp'), '{"v":1,"offset":99');
      }
    },
    /** As regen asks, each time as another process. */
    async asked(filter: LedgerFilter) {
      const ledger = createLedger({ surroundings, prices: {} });
      const { all, byItem } = await ledger.totals(filter);
      const rows: string[] = [];
      await eachRow(file, filter, { row: (row) => rows.push(keyOf(row)), say: () => undefined });
      return { sum: await ledger.sum(filter), all, byItem: new Map([...byItem].sort()), rows };
    },
    /** Line by line, all of them. */
    async counted(filter: LedgerFilter) {
      const text = await readFile(file, 'utf8').catch(() => '');
      const passes = rowFilter(filter);
      const rows = text.split('\n').flatMap((line) => {
        const parsed = parseRow(line);
        return parsed.kind === 'row' && passes(parsed.row) ? [parsed.row] : [];
      });
      const messages = rows.filter((row): row is MessageRow => row.kind === 'message');
      const byItem = new Map<string, ReturnType<typeof usageOf>>();
      for (const row of messages)
        if (row.item !== null) byItem.set(row.item, addUsage(byItem.get(row.item) ?? noUsage, usageOf(row)));
      const sum = messages.map(usageOf).reduce(addUsage, noUsage);
      return { sum, all: sum, byItem: new Map([...byItem].sort()), rows: rows.map(keyOf) };
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

function keyOf(row: LedgerRow): string {
  return row.kind === 'run' ? row.run : row.message;
}
