/**
 * The real thing: `npx tsx bench/tldr/main.ts <clone of tldr-pages/tldr> [--steps 10] [--target common] [--cli FILE]`,
 * or with the clone in REGEN_TLDR. Plans a platform and does some pages over the real Claude Code, each step followed by
 * a shell script with the same git commands.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { succeed } from '../measure.js';
import type { Measured } from '../measure.js';
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

const planDocument = z.object({ items: z.array(z.string()) });

const stepDocument = z.object({
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

  const { items } = planDocument.parse(JSON.parse(plans[1]?.run.stdout ?? ''));
  const steps = [];
  for (const [index, item] of items.slice(0, Number(values.steps)).entries()) {
    steps.push(await runBoth(scene, { item, index, step: () => regen('--json') }));
  }
  const plain = [];
  for (const [index, item] of items.slice(0, 2).entries()) {
    const run = await runShell(scene, { page: pageOf(item), name: `plain-${index}`, workers: 1 });
    plain.push(run.wallMs);
  }
  reportSteps(steps, { startUps, plain });
}

interface Round {
  readonly item: string;
  readonly index: number;
  readonly step: () => Promise<Measured>;
}

/** A step and the script; in turns, since whoever is second waits for the disk to write what the first has left it. */
async function runBoth(scene: Scene, { item, index, step }: Round): Promise<Step> {
  const runScript = async () => {
    const shell = await runShell(scene, { page: pageOf(item), name: String(index), workers: 4 });
    return { shell, shellGitRuns: await scene.gitRuns() };
  };
  const earlier = index % 2 === 0 ? null : await runScript();
  const run = await step();
  const { checks } = stepDocument.parse(JSON.parse(run.stdout));
  const times = await readStepTimes(await journalOf(scene.root, { target: values.target, item }), run);
  const gitRuns = await scene.gitRuns();
  return { run, checks, times, gitRuns, ...(earlier ?? (await runScript())) };
}

function pageOf(item: string): string {
  return `pages/${values.target}/${item}.md`;
}
