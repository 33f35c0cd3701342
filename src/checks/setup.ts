import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RegenError } from '../model/errors.js';
import { emptyFolder, scratchHome } from '../system/item-command.js';
import type { CommandResult } from '../system/command.js';
import { logPath, roundFolder } from './bench.js';
import type { Bench, CheckPlace } from './bench.js';

/** Set-up may install everything from scratch; regen.yaml has no limit for it. */
const timeoutMs = 30 * 60_000;

/**
 * Makes the worktree ready for its checks: the fix runs only when the check asks for it, and the check has the last word.
 *
 * @throws RegenError `environment` when the worktree isn't ready after the fix: nothing that the item could mend.
 */
export async function setUp(bench: Bench, place: CheckPlace, signal: AbortSignal): Promise<void> {
  const { setup } = bench.config.checks;
  if (setup === undefined) return;
  const run = setupRun(bench, place);
  await rm(run.log, { force: true });
  if (setup.check !== null && (await runSetup(run, setup.check, signal)).failure === null) return;
  await fix(bench, place, signal);
}

/**
 * The fix, whatever the check says; then the check.
 *
 * @throws RegenError `environment` like `setUp`.
 */
export async function fix(bench: Bench, place: CheckPlace, signal: AbortSignal): Promise<void> {
  const { setup } = bench.config.checks;
  if (setup === undefined) return;
  const run = setupRun(bench, place);
  for (const template of [setup.fix, setup.check ?? []].flat()) {
    ensureSuccess(run, template, await runSetup(run, template, signal));
  }
}

interface SetupRun {
  readonly bench: Bench;
  readonly place: CheckPlace;
  /** Absolute. */
  readonly log: string;
}

function setupRun(bench: Bench, place: CheckPlace): SetupRun {
  return { bench, place, log: join(roundFolder(place), 'setup.log') };
}

async function runSetup(
  { bench, place, log }: SetupRun,
  template: string,
  signal: AbortSignal,
): Promise<CommandResult> {
  const artifacts = join(roundFolder(place), 'setup.artifacts');
  await emptyFolder(artifacts);
  try {
    const home = scratchHome(place.attempt);
    const names = bench.config.checks.env;
    return await bench.run(place, { template, names, artifacts, home, timeoutMs, log }, signal);
  } finally {
    await rm(artifacts, { recursive: true, force: true });
  }
}

function ensureSuccess({ bench, log }: SetupRun, template: string, result: CommandResult): void {
  if (result.failure === null) return;
  const path = logPath(bench, log);
  const said = result.excerpt.last.slice(-5).map((line) => `\n  ${line}`);
  throw new RegenError('environment', `the set-up failed: ${template}: ${result.failure}${said.join('')}`, {
    hint: `The whole output is in ${path}. Mend what it names, or checks.setup in regen.yaml.`,
  });
}
