/** What adding up a ledger costs beside parsing its lines: `npx tsx bench/ledger/main.ts [--rows 100000] [--runs 9]`. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createLedger } from '../../src/usage/ledger.js';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, runs: { type: 'string', default: '9' } },
});
const root = await mkdtemp(path.join(tmpdir(), 'regen-bench-'));
const file = path.join(root, '.regen', 'ledger.jsonl');
await mkdir(path.dirname(file));
await writeFile(file, Array.from({ length: Number(values.rows) }, (_, number) => row(number)).join(''));

const parsing: number[] = [];
const adding: number[] = [];
for (let run = 0; run < Number(values.runs); run += 1) {
  parsing.push(await timed(parseAll));
  adding.push(await timed(() => ledger().totals({ plan: 'p1' })));
}
await rm(root, { recursive: true });
console.log(`${values.rows} rows; medians of ${values.runs} runs, taken in turn`);
console.log(`JSON.parse of every line  ${median(parsing).toFixed(0).padStart(5)} ms  1.00x`);
console.log(
  `ledger.totals             ${median(adding).toFixed(0).padStart(5)} ms  ${(median(adding) / median(parsing)).toFixed(2)}x`,
);

function ledger() {
  const surroundings = { root, env: {}, now: () => new Date(), newId: () => '', progress: () => undefined };
  return createLedger({ surroundings, prices: {} });
}

async function parseAll(): Promise<void> {
  for (const line of (await readFile(file, 'utf8')).split('\n')) if (line !== '') JSON.parse(line);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

function median(times: readonly number[]): number {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? 0;
}

function row(number: number): string {
  const counts = { input: 12, output: 340, cacheRead: 18_000, cacheWrite5m: 900, cacheWrite1h: 0 };
  const place = {
    plan: 'p1',
    target: 't',
    item: `item-${number % 300}`,
    stage: 'agent',
    round: 0,
    attempt: 'a',
  };
  const message = { session: 's', message: `msg_${number}`, model: 'claude-sonnet-5', costUsd: 0.01 };
  const rest = { prefixHash: null, isSidechain: false, isEstimate: false };
  return `${JSON.stringify({ v: 1, at: '2026-11-20T12:00:00.000Z', ...place, ...message, ...counts, ...rest })}\n`;
}
