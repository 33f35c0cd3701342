/**
 * How long it takes to find the oldest target, beside the two git commands that any way of doing it needs:
 * `npx tsx bench/pick/main.ts [--runs 9] [--cli dist/cli.js] [--directory bench/.work/pick]`.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../../src/config/parse.js';
import { createPicker } from '../../src/pick/picker.js';
import { openGitTree } from '../../test/support/git-tree.js';
import { config, makeCatalog, metadataPaths } from './catalog.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '9' },
    cli: { type: 'string', default: 'dist/cli.js' },
    directory: { type: 'string', default: 'bench/.work/pick' },
  },
});
const runs = Number(values.runs);
const root = path.resolve(values.directory);
const cli = path.resolve(values.cli);
const { signal } = new AbortController();

rmSync(root, { recursive: true, force: true });
const makingMs = await time(() => makeCatalog(root));
console.log(
  `${metadataPaths().length} metadata files made in ${(makingMs / 1000).toFixed(1)} s; medians of ${runs} runs`,
);

const request = metadataPaths()
  .map((file) => `origin/main:${file}\n`)
  .join('');
const listing = () => run('git', ['ls-tree', '-r', '-l', '-z', 'origin/main']);
const reading = () => run('git', ['cat-file', '--batch', '--buffer'], request);
const floor = await median(async () => {
  await listing();
  await reading();
});
report('git ls-tree and git cat-file alone', floor);
report('the pick station in this process', await median(pick));
if (existsSync(cli)) {
  const startUp = await median(() => run(process.execPath, [cli, '--version']));
  const planning = await median(() => run(process.execPath, [cli, 'plan', '--dry-run', '--cwd', root]));
  report('regen --version (start-up)', startUp);
  report('regen plan --dry-run', planning);
  report('regen plan --dry-run without start-up', planning - startUp);
}
rmSync(root, { recursive: true, force: true });

async function pick(): Promise<void> {
  const picker = createPicker(parseConfig(config), {
    root,
    env: {},
    now: () => new Date(),
    newId: () => '',
    progress: (line) => {
      throw new Error(line); // every file of the catalog can be read
    },
  });
  const question = {
    tree: openGitTree(root, 'origin/main'),
    wanted: null,
    archives: new Map<string, Date>(),
    openPullRequests: null,
    now: new Date(),
  };
  const choice = await picker.choose(question, signal);
  if (choice.kind !== 'picked' || choice.target.updated === null)
    throw new Error(`nothing picked: ${choice.kind}`);
}

function report(what: string, ms: number): void {
  console.log(`${what.padEnd(42)} ${ms.toFixed(0).padStart(6)} ms  ${(ms / floor).toFixed(2)}x`);
}

async function median(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < runs; index += 1) times.push(await time(act));
  return times.toSorted((left, right) => left - right)[Math.floor(runs / 2)] ?? NaN;
}

async function time(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/** Runs a program to its end; what it prints goes nowhere. */
async function run(file: string, args: readonly string[], stdin = ''): Promise<void> {
  const child = spawn(file, [...args], { cwd: root, stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.on('error', () => undefined).end(stdin);
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${String(code)}`);
}
