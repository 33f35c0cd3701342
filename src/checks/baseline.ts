/** The same check in a worktree of the base: what fails there too is not the item's. Kept per base, command and set-up. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ItemRef } from '../model/attempt.js';
import { parsedObject } from '../model/parsed-object.js';
import { isSameFailure } from '../model/test-report/compare.js';
import type { TestReport } from '../model/test-report/report.js';
import { writeAtomically } from '../system/atomic-write.js';
import { readOptional } from '../system/read-optional.js';
import { scratchHome } from '../system/item-command.js';
import { failureSchema } from './earlier.js';
import { setUp } from './setup.js';
import { removeLeftovers, tryOnce, variantRun } from './trial.js';
import type { VariantRun } from './trial.js';

/** How a check ended at the base. */
export interface Baseline extends TestReport {
  /** How the command failed; null: it didn't. */
  readonly failure: string | null;
}

const count = z.number().nullable();

const baselineSchema = z.object({
  failure: z.string().nullable(),
  runner: z.string().nullable(),
  outcome: z.enum(['passed', 'failed', 'aborted', 'unknown']),
  counts: z.object({ passed: count, failed: count, skipped: count }),
  failures: z.array(failureSchema),
  abortedBy: z.string().nullable(),
  isEnvironment: z.boolean(),
  besides: z.string().nullable(),
  excerpt: z.object({
    errors: z.array(z.string()),
    last: z.array(z.string()),
    isWhole: z.boolean(),
  }),
});

/** Bases are left behind soon; what is known of them needn't stay for ever. */
const keptMs = 30 * 24 * 3_600_000;

/**
 * Looked up, or run now.
 *
 * @throws RegenError `environment` when the base's worktree can't be made ready.
 */
export async function baselineOf(run: VariantRun, signal: AbortSignal): Promise<Baseline> {
  const folder = join(run.bench.surroundings.root, '.regen', 'baselines');
  const file = join(folder, `${await keyOf(run, signal)}.json`);
  const known = baselineSchema.safeParse(parsedObject((await readOptional(file)) ?? ''));
  if (known.success) return known.data;
  const found = await runAtBase(run, signal);
  // Where no test ran something is amiss that may be mended before the next time.
  if (found.outcome !== 'aborted') {
    await mkdir(folder, { recursive: true });
    await removeOld(folder, run.bench.surroundings.now());
    await writeAtomically(file, `${JSON.stringify(found)}\n`);
  }
  return found;
}

async function runAtBase({ bench, place, variant }: VariantRun, signal: AbortSignal): Promise<Baseline> {
  bench.surroundings.progress(`check ${variant.name}: run at the base, for what fails there too`);
  const cwd = await place.base.open(signal);
  const logs = join(place.attempt.directory, 'checks', 'base');
  // A home of its own: what the item's code left in the other one is the item's.
  const attempt = { ...place.attempt, ...subjectOf({ bench, place, variant }), directory: logs };
  const run = variantRun(bench, { ...place, attempt, cwd, logs }, variant);
  try {
    await rm(run.log, { force: true });
    await rm(scratchHome(attempt), { recursive: true, force: true });
    await setUp(bench, run.place, signal);
    return await tryAsOften(run, signal);
  } finally {
    await removeLeftovers(run);
    await rm(scratchHome(attempt), { recursive: true, force: true });
    // Also when the step is being ended: nobody else would remove it before the item is done.
    await place.base.close(AbortSignal.timeout(closingMs));
  }
}

/** As often as the item is tried; what didn't fail every time is flaky there, and excuses nobody. */
async function tryAsOften(run: VariantRun, signal: AbortSignal): Promise<Baseline> {
  let lasting: Baseline['failures'] | null = null;
  for (let tries = 1; ; tries += 1) {
    const { failure, report } = await tryOnce(run, signal);
    const { failures } = report;
    lasting =
      lasting === null
        ? failures
        : lasting.filter((one) => failures.some((other) => isSameFailure(one, other)));
    const isOver = failure === null || report.outcome === 'aborted' || tries > run.variant.check.retries;
    if (isOver) return { ...report, failures: failure === null ? [] : lasting, failure };
  }
}

const closingMs = 10_000;

async function keyOf(run: VariantRun, signal: AbortSignal): Promise<string> {
  const { bench, place, variant } = run;
  const { env, setup } = bench.config.checks;
  const { run: line, report } = variant.check;
  const { values, settings } = variant;
  const base = await place.base.key(signal);
  const asked = { base, subject: subjectOf(run), line, values, settings, report, env, setup };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32);
}

/**
 * Whom the run is for. Commands that name neither target nor item are the same for all of them, and run once: without
 * REGEN_TARGET and REGEN_ITEM, so that one whose script reads them fails in other words, and excuses nobody.
 */
function subjectOf({ bench, place, variant }: Pick<VariantRun, 'bench' | 'place' | 'variant'>): ItemRef {
  const { setup } = bench.config.checks;
  const lines = [variant.check.run, setup?.check ?? '', setup?.fix ?? ''];
  const { target, item } = place.attempt;
  return lines.some((line) => /\{(?:target|item)\}|REGEN_(?:TARGET|ITEM)/.test(line))
    ? { target, item }
    : { target: '', item: '' };
}

async function removeOld(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && now.getTime() - found.mtimeMs > keptMs) await rm(path, { force: true });
  }
}
