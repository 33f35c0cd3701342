import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { RegenError } from '../model/errors.js';
import { emptyFolder, scratchHome } from '../system/item-command.js';
import type { CommandResult } from '../system/command.js';
import { roundFolder } from './bench.js';
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
  const log = join(roundFolder(place), 'setup.log');
  await rm(log, { force: true });
  const run = (template: string): Promise<CommandResult> => runSetup(bench, { place, template, log }, signal);

  if (setup.check !== null && (await run(setup.check)).failure === null) return;
  ensureSuccess(bench, { template: setup.fix, result: await run(setup.fix), log });
  if (setup.check !== null) {
    ensureSuccess(bench, { template: setup.check, result: await run(setup.check), log });
  }
}

interface SetupRun {
  readonly place: CheckPlace;
  readonly template: string;
  readonly log: string;
}

async function runSetup(bench: Bench, run: SetupRun, signal: AbortSignal): Promise<CommandResult> {
  const artifacts = join(roundFolder(run.place), 'setup.artifacts');
  await emptyFolder(artifacts);
  try {
    const { template, log } = run;
    const home = scratchHome(run.place.attempt);
    const names = bench.config.checks.env;
    return await bench.run(run.place, { template, names, artifacts, home, timeoutMs, log }, signal);
  } finally {
    await rm(artifacts, { recursive: true, force: true });
  }
}

interface Ended {
  readonly template: string;
  readonly result: CommandResult;
  readonly log: string;
}

function ensureSuccess(bench: Bench, { template, result, log }: Ended): void {
  if (result.failure === null) return;
  const path = relative(bench.surroundings.root, log);
  const said = result.excerpt.last.slice(-5).map((line) => `\n  ${line}`);
  throw new RegenError('environment', `the set-up failed: ${template}: ${result.failure}${said.join('')}`, {
    hint: `The whole output is in ${path}. Mend what it names, or checks.setup in regen.yaml.`,
  });
}
