/**
 * What nine items cost with regen, with a plain `claude -p` per item, and at the least: `npx tsx bench/tokens/main.ts
 * [--requests 4,14,42,120] [--shared 5000] [--guide 1500] [--tracebacks 3] [--no-replay]`. The real command line and the real Claude Code; the model and its prompt cache
 * are simulated.
 */
import { parseArgs } from 'node:util';
import { printTable } from '../measure.js';
import { floorUsd, reuse } from './bill.js';
import type { PlanBill } from './bill.js';
import { sharedTexts } from './catalog.js';
import { replay } from './replay.js';
import { editsOf, sessionScript } from './session.js';
import { plainClaude, regenRun } from './ways.js';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '4,14,42,120' },
    // What a launch tuned by hand was measured with, and the goals come from; in characters.
    shared: { type: 'string', default: '5000' },
    // What sessions bring along of their own: no launch makes that cheaper.
    guide: { type: 'string', default: '1500' },
    tracebacks: { type: 'string', default: '3' },
    replay: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

/** Of a plain `claude -p`, at most, by requests per item; and of the floor. */
const goals: Readonly<Record<string, number>> = { 4: 0.2, 14: 0.28, 42: 0.36 };
const goalOfFloor = 1.15;
const goalBytes = 8192;

const shared = sharedTexts(Number(values.shared));
const ownBytes = Buffer.byteLength(JSON.stringify(shared.rules + shared.specification)) - 2;
const faults: string[] = [];
for (const requests of values.requests.split(',').map(Number)) await compare(requests);
if (values.replay) await replay();
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;

async function compare(requests: number): Promise<void> {
  const content = {
    entries: editsOf(requests),
    guide: Number(values.guide),
    tracebacks: Number(values.tracebacks),
  };
  const plain = await plainClaude({ shared, content, script: sessionScript(requests, 'bash') });
  const ours = await regenRun({ shared, content, script: sessionScript(requests, 'bash') });
  const short = await regenRun({
    shared,
    content,
    script: sessionScript(requests, 'run_checks'),
    agent: '  mcp: [run_checks]\n',
  });
  const floor = floorUsd(ours);
  const ratio = ours.costUsd / plain.costUsd;
  console.log(`\n${requests} requests per item, 9 items that share ${values.shared} characters of yours`);
  printTable([
    ['', 'requests', 'MB sent', 'input', 'output', 'read', 'written', 'money', 'of plain', 'of the floor'],
    rowOf('claude -p', plain, plain.costUsd, floor),
    rowOf('regen', ours, plain.costUsd, floor),
    rowOf('  with run_checks', short, plain.costUsd, floor),
    ['floor', '', '', '', '', '', '', usd(floor), times(floor / plain.costUsd), times(1)],
  ]);
  const boilerplate = boilerplateBytes(ours);
  const peaks = ours.sessions.map(({ peak }) => peak);
  console.log(
    `  boilerplate per request ${boilerplate} bytes (claude -p: ${boilerplateBytes(plain, 0)}); prefix read again from the second item on: ${percent(reuse(ours))}`,
  );
  console.log(
    `  peak context, first to last item: ${peaks.map((peak) => (peak / 1000).toFixed(1)).join(', ')} k`,
  );

  const goal = goals[requests];
  if (goal !== undefined && ratio > goal)
    faults.push(`${requests} requests: ${times(ratio)} of plain, not ${goal}`);
  if (ours.costUsd / floor > goalOfFloor)
    faults.push(`${requests} requests: ${times(ours.costUsd / floor)} of the floor`);
  if (short.costUsd >= ours.costUsd) faults.push(`${requests} requests: run_checks saves nothing`);
  if (boilerplate > goalBytes) faults.push(`${requests} requests: ${boilerplate} bytes of boilerplate`);
  if (reuse(ours) < 1)
    faults.push(`${requests} requests: the prefix is read again to ${percent(reuse(ours))} only`);
  if (Math.max(...peaks) > 1.02 * (peaks[0] ?? 0))
    faults.push(`${requests} requests: the context grows with the items`);
}

function rowOf(name: string, bill: PlanBill, plainUsd: number, floor: number): readonly string[] {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = bill.tokens;
  const written = cacheWrite5m + cacheWrite1h;
  const counts = [input, output, cacheRead, written].map((tokens) => `${(tokens / 1000).toFixed(1)}k`);
  return [
    name,
    String(bill.requests),
    (bill.bytes / 1e6).toFixed(1),
    ...counts,
    usd(bill.costUsd),
    times(bill.costUsd / plainUsd),
    times(bill.costUsd / floor),
  ];
}

/** Tools and system without the user's own segments, as JSON, in the largest request. */
function boilerplateBytes({ sessions }: PlanBill, own = ownBytes): number {
  return (
    Math.max(...sessions.flatMap(({ requests }) => requests.map(({ sharedBytes }) => sharedBytes))) - own
  );
}

function usd(amount: number): string {
  return `$${amount.toFixed(3)}`;
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}x`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share === 1 ? 0 : 1)} %`;
}
