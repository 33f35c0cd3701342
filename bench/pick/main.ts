/**
 * How long it takes to find the oldest target, beside the two git commands that any way of doing it needs:
 * `npx tsx bench/pick/main.ts [--runs 15] [--cli dist/cli.js] [--directory bench/.work/pick]`.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { BaseTree } from '../../src/model/base-tree.js';
import { parseConfig } from '../../src/config/parse.js';
import { splitFile } from '../../src/blocks/split.js';
import { createPicker } from '../../src/pick/picker.js';
import { createBaseTree } from '../../src/workspace/base-tree.js';
import { createGit } from '../../src/workspace/git.js';
import { gitEnvironment } from '../../test/support/git-repo.js';
import { config, makeCatalog, metadataPaths } from './catalog.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    cli: { type: 'string', default: 'dist/cli.js' },
    directory: { type: 'string', default: 'bench/.work/pick' },
  },
});
const runs = Number(values.runs);
const root = path.resolve(values.directory);
/** What regen does before there is anything to read: loading, the config, finding the base. */
const small = path.join(path.dirname(root), `${path.basename(root)}-small`);
const cli = path.resolve(values.cli);
const { signal } = new AbortController();
const floorName = 'git ls-tree and git cat-file alone';
const plainStart = 'regen plan --dry-run, one target to read';
const planning = 'regen plan --dry-run';

for (const folder of [root, small]) rmSync(folder, { recursive: true, force: true });
await makeCatalog(root);
await makeCatalog(small, { targets: 1 });
const request = await objectsOfMetadata();
const subjects = new Map<string, () => Promise<void>>([
  [floorName, readWithGit],
  ['the pick station in this process', pick],
]);
if (existsSync(cli)) {
  subjects.set(plainStart, () => run(process.execPath, [cli, 'plan', '--dry-run', '--cwd', small]));
  subjects.set(planning, () => run(process.execPath, [cli, 'plan', '--dry-run', '--cwd', root]));
}
const medians = await measure();
if (existsSync(cli)) medians.set(`${planning}, start-up taken off`, at(planning) - at(plainStart));
console.log(`${metadataPaths().length} metadata files of 10 KB; medians of ${runs} runs, taken in turn`);
for (const [name, ms] of medians) {
  console.log(`${name.padEnd(40)} ${ms.toFixed(0).padStart(5)} ms  ${(ms / at(floorName)).toFixed(2)}x`);
}
for (const folder of [root, small]) rmSync(folder, { recursive: true, force: true });

async function readWithGit(): Promise<void> {
  await run('git', ['ls-tree', '-r', '-l', '-z', 'origin/main']);
  await run('git', ['cat-file', '--batch'], request);
}

async function pick(): Promise<void> {
  const picker = createPicker({
    config: parseConfig(config),
    goodWork: () => Promise.resolve([]),
    split: splitFile,
    surroundings: {
      root,
      env: {},
      now: () => new Date(),
      newId: () => '',
      progress: (line) => {
        throw new Error(line); // every file of the catalog can be read
      },
    },
  });
  const question = {
    tree: openTree(),
    wanted: null,
    shipped: new Map(),
    archives: new Map<string, Date>(),
    openPullRequests: null,
    now: new Date(),
  };
  const choice = await picker.choose(question, signal);
  if (choice.kind !== 'picked' || choice.target.updated === null)
    throw new Error(`nothing picked: ${choice.kind}`);
}

function openTree(): BaseTree {
  return createBaseTree(createGit({ root, env: process.env }), 'origin/main');
}

async function objectsOfMetadata(): Promise<string> {
  const entries = await openTree().entries(signal);
  const objects = new Map(entries.map((entry) => [entry.path, entry.sha]));
  return metadataPaths()
    .map((file) => `${objects.get(file) ?? ''}\n`)
    .join('');
}

/** In turn, so that a machine that is busy for a while is busy for all of them. */
async function measure(): Promise<Map<string, number>> {
  const times = new Map([...subjects.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < runs; round += 1) {
    for (const [name, act] of subjects) {
      const start = performance.now();
      await act();
      times.get(name)?.push(performance.now() - start);
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

function at(name: string): number {
  return medians.get(name) ?? NaN;
}

/** Runs a program to its end; what it prints goes nowhere. */
async function run(file: string, args: readonly string[], stdin = ''): Promise<void> {
  const child = spawn(file, [...args], {
    cwd: root,
    env: gitEnvironment(),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.on('error', () => undefined).end(stdin);
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${String(code)}`);
}
