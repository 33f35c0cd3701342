/**
 * The real thing: `npx tsx bench/tldr/main.ts <clone of tldr-pages/tldr> [--steps 10] [--target common] [--cli FILE]`,
 * or with the clone in REGEN_TLDR. Plans a platform and does some pages over the real Claude Code, each step followed by
 * a shell script with the same git commands.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { median, mebibytes, milliseconds, printTable, succeed } from '../measure.js';
import type { Measured } from '../measure.js';
import type { GitRun } from './git-trace.js';
import { journalOf, readStepTimes } from './parts.js';
import type { StepTimes } from './parts.js';
import { makeScene } from './scene.js';
import type { Scene } from './scene.js';
import { runShell } from './shell.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '10' },
    target: { type: 'string', default: 'common' },
    cli: { type: 'string', default: 'dist/cli.js' },
  },
});
const source = positionals[0] ?? process.env['REGEN_TLDR'];
if (source === undefined) {
  console.log('Left out: name a clone of tldr-pages/tldr, as an argument or in REGEN_TLDR.');
} else {
  await using scene = await makeScene(path.resolve(source));
  await bench(scene);
}

interface Step {
  readonly run: Measured;
  readonly times: StepTimes;
  readonly checksMs: number;
  readonly gitRuns: readonly GitRun[];
  readonly shell: Measured;
}

async function bench(scene: Scene): Promise<void> {
  const cli = path.resolve(values.cli);
  const regen = (...args: readonly string[]) =>
    succeed({ command: [process.execPath, cli, ...args], cwd: scene.root, env: scene.env });

  const startUps: number[] = [];
  for (let round = 0; round < 9; round += 1) startUps.push((await regen('--version')).wallMs);
  const dry = await regen('plan', values.target, '--dry-run', '--json');
  const dryRuns = await scene.gitRuns();
  const plan = await regen('plan', values.target, '--json');
  const planRuns = await scene.gitRuns();
  const { items } = z.object({ items: z.array(z.string()) }).parse(JSON.parse(plan.stdout));
  console.log(`regen plan ${values.target}: ${items.length} items`);
  printTable([
    ['', 'wall', "git's own", 'peak memory'],
    ['plan --dry-run', milliseconds(dry.wallMs), milliseconds(sum(dryRuns)), mebibytes(dry.peaks.get('node'))],
    ['plan', milliseconds(plan.wallMs), milliseconds(sum(planRuns)), mebibytes(plan.peaks.get('node'))],
  ]);
  reportGit(planRuns, 1);
}
