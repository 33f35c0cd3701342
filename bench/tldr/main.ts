/**
 * The real thing: `npx tsx bench/tldr/main.ts <clone of tldr-pages/tldr> [--steps 10] [--target common] [--cli FILE]`,
 * or with the clone in REGEN_TLDR. Plans a platform and does some pages over the real Claude Code, each step followed by
 * a shell script with the same git commands.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { succeed } from '../measure.js';
import { journalOf, readStepTimes } from './parts.js';
import { reportPlan, reportSteps } from './report.js';
import type { Step } from './report.js';
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
const stepDocument = z.object({
  target: z.string(),
  item: z.string(),
  outcome: z.literal('shipped'),
  checks: z.array(z.object({ durationMs: z.number() })),
});

const source = positionals[0] ?? process.env['REGEN_TLDR'];
if (source === undefined) {
  console.log('bench/tldr is left out: name a clone of tldr-pages/tldr, as an argument or in REGEN_TLDR.');
} else {
  await using scene = await makeScene(path.resolve(source));
  await bench(scene);
}

async function bench(scene: Scene): Promise<void> {
  const cli = path.resolve(values.cli);
  const regen = (...args: readonly string[]) =>
    succeed({ command: [process.execPath, cli, ...args], cwd: scene.root, env: scene.env });

  const startUps: number[] = [];
  for (let round = 0; round < 9; round += 1) startUps.push((await regen('--version')).wallMs);

  const plans = [];
  for (const args of [['--dry-run'], []]) {
    const run = await regen('plan', values.target, ...args, '--json');
    plans.push({ name: ['plan', values.target, ...args].join(' '), run, gitRuns: await scene.gitRuns() });
  }
  reportPlan(plans);

  const steps: Step[] = [];
  for (let number = 1; number <= Number(values.steps); number += 1) {
    const run = await regen('--json');
    const gitRuns = await scene.gitRuns();
    const step = stepDocument.parse(JSON.parse(run.stdout));
    const times = await readStepTimes(await journalOf(scene.root, step), run);
    const page = `pages/${step.target}/${step.item}.md`;
    const shell = await runShell(scene, { page, name: String(number), workers: 4 });
    steps.push({ ...step, run, times, gitRuns, shell, shellGitRuns: await scene.gitRuns() });
  }
  const plain = [];
  for (const { target, item } of steps.slice(0, 2)) {
    const page = `pages/${target}/${item}.md`;
    plain.push(await runShell(scene, { page, name: `plain-${plain.length}`, workers: 1 }));
  }
  reportSteps(steps, { startUps, plain: plain.map(({ wallMs }) => wallMs) });
}
