/** The figures of the bench, in words. */
import { mebibytes, median, milliseconds, printTable } from '../measure.js';
import type { Measured } from '../measure.js';
import type { GitRun } from './git-trace.js';
import type { StepTimes } from './parts.js';

export interface Plan {
  readonly name: string;
  readonly run: Measured;
  readonly gitRuns: readonly GitRun[];
}

export interface Step {
  readonly checks: readonly { readonly durationMs: number }[];
  readonly run: Measured;
  readonly times: StepTimes;
  readonly gitRuns: readonly GitRun[];
  readonly shell: Measured;
  readonly shellGitRuns: readonly GitRun[];
}

/** A step's own work may take this many times what the git commands take alone. */
const goal = 1.5;

export function reportPlan(plans: readonly Plan[]): void {
  console.log('Planning');
  printTable([
    ['', 'wall', 'git’s own', 'peak memory'],
    ...plans.map(({ name, run, gitRuns }) => [
      name,
      milliseconds(run.wallMs),
      milliseconds(sum(gitRuns.map(({ ms }) => ms))),
      mebibytes(run.peaks.get('node')),
    ]),
  ]);
  for (const { name, gitRuns } of plans) console.log(`  ${name}: ${commands([gitRuns])}`);
}

/** Wall times to compare with, ms. */
export interface Beside {
  /** An invocation that does nothing. */
  readonly startUps: readonly number[];
  /** The shell script with git's own default of one writer. */
  readonly plain: readonly number[];
}

export function reportSteps(steps: readonly Step[], { startUps, plain }: Beside): void {
  const startUp = median(startUps);
  const rest = steps.map(
    ({ run, times, checks }) =>
      run.wallMs - times.agentMs - sum(checks.map(({ durationMs }) => durationMs)) - startUp,
  );
  const shell = steps.map((step) => step.shell.wallMs);

  console.log(`\n${steps.length} steps, medians`);
  const names = [...new Set(steps.flatMap(({ times }) => [...times.parts.keys()]))];
  printTable([
    ['a whole step', milliseconds(median(steps.map(({ run }) => run.wallMs)))],
    ...names.map((name) => [
      `  ${name}`,
      milliseconds(median(steps.map(({ times }) => times.parts.get(name) ?? 0))),
    ]),
    ['its agent', milliseconds(median(steps.map(({ times }) => times.agentMs)))],
    ['its checks', milliseconds(median(steps.map(({ checks }) => sum(checks.map((one) => one.durationMs)))))],
    ['start-up (regen --version)', milliseconds(startUp)],
    ['the rest', milliseconds(median(rest))],
    ['  of it git’s own', milliseconds(median(steps.map(({ gitRuns }) => sum(gitRuns.map(({ ms }) => ms)))))],
    ['the git commands by shell script', milliseconds(median(shell))],
    [
      '  of it git’s own',
      milliseconds(median(steps.map((step) => sum(step.shellGitRuns.map(({ ms }) => ms))))),
    ],
    ['the same, with one writer instead of four', milliseconds(median(plain))],
  ]);
  const ratio = median(rest) / median(shell);
  const verdict = ratio <= goal ? 'met' : 'missed';
  console.log(`  the rest ÷ the shell script: ${ratio.toFixed(2)} (goal: at most ${goal}, ${verdict})`);
  const ownRest = median(steps.map(({ gitRuns }, at) => (rest[at] ?? 0) - checkout(gitRuns)));
  const ownShell = median(steps.map(({ shellGitRuns }, at) => (shell[at] ?? 0) - checkout(shellGitRuns)));
  const own = `${milliseconds(ownRest)} ÷ ${milliseconds(ownShell)} = ${(ownRest / ownShell).toFixed(2)}`;
  console.log(`  without checkout-index, whose time is mostly the disk's, in both: ${own}`);
  console.log(`  a step’s git: ${commands(steps.map(({ gitRuns }) => gitRuns))}`);
  console.log(`  the script’s git: ${commands(steps.map(({ shellGitRuns }) => shellGitRuns))}`);

  console.log('\nPeak memory of one process');
  const programs = [...new Set(steps.flatMap(({ run }) => [...run.peaks.keys()]))];
  printTable(
    programs.map((name) => [
      name === 'node' ? 'node (regen, tldr-lint)' : name,
      mebibytes(Math.max(...steps.map(({ run }) => run.peaks.get(name) ?? 0))),
    ]),
  );
}

/** `3 fetch 40 ms, …`: the median over the steps of what each command took together. */
function commands(runs: readonly (readonly GitRun[])[]): string {
  const names = [...new Set(runs.flat().map(({ name }) => name))];
  const rows = names.map((name) => {
    const own = runs.map((step) => step.filter((run) => run.name === name));
    return {
      name,
      count: median(own.map((some) => some.length)),
      ms: median(own.map((some) => sum(some.map(({ ms }) => ms)))),
    };
  });
  return rows
    .toSorted((left, right) => right.ms - left.ms)
    .map(({ name, count, ms }) => `${count} ${name} ${milliseconds(ms)}`)
    .join(', ');
}

function checkout(runs: readonly GitRun[]): number {
  return sum(runs.filter(({ name }) => name === 'checkout-index').map(({ ms }) => ms));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
