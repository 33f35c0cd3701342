/**
 * `regen profile` of a long transcript beside a node that only reads it line by line and parses every line:
 * `npx tsx bench/profile/main.ts [--mb 200] [--result 6000] [--runs 5] [--cli dist/cli.js]`. Whole processes, in turn;
 * --result is the size of a tool's result in characters, on the average: the smaller, the more records.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mebibytes, median, milliseconds, printTable, succeed } from '../measure.js';
import type { Measured } from '../measure.js';
import { writeTranscript } from './transcript.js';

const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '200' },
    result: { type: 'string', default: '6000' },
    runs: { type: 'string', default: '5' },
    cli: { type: 'string', default: 'dist/cli.js' },
  },
});

const floor = `
  import { createReadStream } from 'node:fs';
  import { createInterface } from 'node:readline';
  for await (const line of createInterface({ input: createReadStream(process.argv[1]) })) JSON.parse(line);
`;

/** Written at the end of a process: its own processor time doesn't depend on who else is at work. */
const times = `data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => { const { userCPUTime: u, systemCPUTime: s } = process.resourceUsage(); process.stderr.write('cpu ' + (u + s)); });`,
)}`;

const folder = await mkdtemp(path.join(tmpdir(), 'regen-bench-'));
const file = path.join(folder, 'session.jsonl');
const requests = await writeTranscript(file, {
  bytes: Number(values.mb) * 1e6,
  resultCharacters: Number(values.result),
});
const node = [process.execPath, '--import', times] as const;
const commands: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'JSON.parse of every line': [...node, '--input-type=module', '-e', floor, file],
  'regen profile': [...node, path.resolve(values.cli), 'profile', file],
  'regen profile --json': [...node, path.resolve(values.cli), 'profile', file, '--json'],
};

const measured = new Map<string, Measured[]>(Object.keys(commands).map((name) => [name, []]));
for (let run = 0; run < Number(values.runs); run += 1) {
  for (const [name, command] of Object.entries(commands)) {
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
    measured.get(name)?.push(await succeed({ command, cwd: folder, env }));
  }
}
await rm(folder, { recursive: true });

console.log(`${values.mb} MB, ${requests} requests; medians of ${values.runs} runs, taken in turn`);
const base = median((measured.get('JSON.parse of every line') ?? []).map(cpuOf));
printTable([
  ['', 'wall', 'processor', 'ratio', 'peak memory'],
  ...[...measured].map(([name, runs]) => [
    name,
    milliseconds(median(runs.map(({ wallMs }) => wallMs))),
    milliseconds(median(runs.map(cpuOf))),
    `${(median(runs.map(cpuOf)) / base).toFixed(2)}x`,
    mebibytes(median(runs.map(({ peaks }) => Math.max(0, ...peaks.values())))),
  ]),
]);

function cpuOf({ stderr }: Measured): number {
  return Number(/cpu (\d+)/.exec(stderr)?.[1] ?? 0) / 1000;
}
