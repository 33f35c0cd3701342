/**
 * What a long ledger costs, beside reading it and parsing each of its lines. Each question is put to a process of its own;
 * start-up isn't counted, memory is the process's largest.
 *
 * `npx tsx bench/ledger/main.ts [--rows 1000000] [--runs 3]`
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatRow } from '../../src/usage/ledger-row.js';
import { mebibytes, median, milliseconds, printTable, succeed } from '../measure.js';
import type { Answer, Question } from './ask.js';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '3' } },
});
const rows = Number(values.rows);
const runs = Number(values.runs);

/** In the order in which each run puts them: the first sums are made without a rollup, the others find one. */
const questions: readonly (readonly [Question, string])[] = [
  ['floor', 'read, JSON.parse of every line'],
  ['rebuild', 'status, the rollup being lost'],
  ['status', 'status: the plan’s sums by item'],
  ['gate', 'budget gate: item, target and day'],
  ['groups', 'all groups by item'],
  ['cost', 'regen cost: groups, differences, forecast'],
  ['booked', 'the messages of a session that are booked'],
];

const root = await mkdtemp(path.join(tmpdir(), 'regen-bench-'));
try {
  const file = path.join(root, '.regen', 'ledger.jsonl');
  await mkdir(path.dirname(file));
  await writeLedger(file);
  const answers = new Map<Question, Answer[]>(questions.map(([question]) => [question, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const [question] of questions) answers.get(question)?.push(await ask(question));
  }
  const { size } = await stat(file);
  console.log(`${rows} rows, ${mebibytes(size)}; medians of ${runs} runs, taken in turn`);
  const floor = median((answers.get('floor') ?? []).map(({ ms }) => ms));
  printTable([
    ['', 'time', 'floor', 'memory'],
    ...questions.map(([question, words]) => {
      const own = answers.get(question) ?? [];
      const ms = median(own.map((answer) => answer.ms));
      const peak = Math.max(...own.map((answer) => answer.peakBytes));
      return [words, milliseconds(ms), `${(ms / floor).toFixed(3)}x`, mebibytes(peak)];
    }),
  ]);
} finally {
  await rm(root, { recursive: true });
}

async function ask(question: Question): Promise<Answer> {
  const program = fileURLToPath(new URL('./ask.ts', import.meta.url));
  const { stdout } = await succeed({
    command: [process.execPath, '--import', 'tsx', program, root, question],
    cwd: process.cwd(),
    env: { PATH: process.env['PATH'] ?? '' },
  });
  return JSON.parse(stdout) as Answer; // as ask.ts prints it
}

/** Targets of 300 items, 15 messages each, one every 20 seconds. */
async function writeLedger(file: string): Promise<void> {
  const out = createWriteStream(file);
  let block = '';
  for (let number = 0; number < rows; number += 1) {
    block += row(number);
    if (block.length < 1 << 20) continue;
    if (!out.write(block)) await once(out, 'drain');
    block = '';
  }
  out.end(block);
  await once(out, 'finish');
}

function row(number: number): string {
  const item = Math.floor(number / 15);
  const target = Math.floor(item / 300);
  const uuid = `4f0b0c1e-0000-4000-8000-${String(item).padStart(12, '0')}`;
  return formatRow({
    ...{
      v: 2,
      kind: 'message',
      plan: `plan-${target}`,
      target: `target-${target}`,
      item: `item-${item % 300}`,
    },
    at: new Date(Date.UTC(2026, 0, 1) + number * 20_000).toISOString(),
    ...{ stage: number % 5 === 4 ? 'evaluate' : 'agent', round: 0, attempt: uuid, session: uuid },
    ...{
      message: `msg_${String(number).padStart(24, '0')}`,
      model: 'claude-sonnet-5',
      prefixHash: 'a'.repeat(64),
    },
    ...{ input: 12, output: 340 + (number % 100), cacheRead: 18_000, cacheWrite5m: 900, cacheWrite1h: 0 },
    ...{ costUsd: 0.0123456 + (number % 100) / 1e5, isSidechain: false, isEstimate: false },
  });
}
