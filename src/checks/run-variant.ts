/** One variant of a check, from its command to what is said of it. */
import { rm } from 'node:fs/promises';
import type { TestFailure } from '../model/test-report/report.js';
import type { CheckResult } from '../model/verdict.js';
import { afterFix, hasRunNothing } from './aborted.js';
import { logPath } from './bench.js';
import type { Bench, CheckPlace } from './bench.js';
import { failuresBefore, keepFailures } from './earlier.js';
import type { Earlier } from './earlier.js';
import { endingOf, failureDigest, outputDigest } from './failure-digest.js';
import { judge } from './judgement.js';
import type { Judgement } from './judgement.js';
import { keepProducts, missingProducts } from './products.js';
import { stillFailing } from './targeted.js';
import { removeLeftovers, tryOnce, variantRun } from './trial.js';
import type { Trial, VariantRun } from './trial.js';
import { productsOf } from './variants.js';
import type { Variant } from './variants.js';

/**
 * What failed before is run first, then the whole. What it must produce is kept in `place.artifacts` once it has passed.
 *
 * @throws RegenError `environment` when no test can be run here.
 */
export async function runVariant(
  bench: Bench,
  place: CheckPlace,
  variant: Variant,
  signal: AbortSignal,
): Promise<CheckResult> {
  const run = variantRun(bench, place, variant);
  await rm(run.log, { force: true });
  try {
    const before = await failuresBefore(run);
    return (await failAgain(run, before, signal)) ?? (await runWhole(run, before, signal));
  } finally {
    await removeLeftovers(run);
  }
}

/** Where they still fail, the whole suite would only take longer to say so. */
async function failAgain(
  run: VariantRun,
  before: Earlier | null,
  signal: AbortSignal,
): Promise<CheckResult | null> {
  const again = before === null || run.place.isLast === true ? null : await stillFailing(run, before, signal);
  if (again === null || before === null) return null;
  const { trial, failures } = again;
  await keepFailures(run, { runner: trial.report.runner, failures });
  const count = before.failures.length;
  const which =
    count === 1 ? 'the test that failed before was' : `the ${count} tests that failed before were`;
  const remark = `Only ${which} run; the whole check comes once ${count === 1 ? 'it passes' : 'they pass'}.`;
  return failed(
    run,
    { trial, tries: 1, durationMs: trial.durationMs },
    {
      before,
      own: failures,
      notes: [],
      remarks: [remark],
    },
  );
}

async function runWhole(run: VariantRun, before: Earlier | null, signal: AbortSignal): Promise<CheckResult> {
  const tried = await tryOften(run, signal);
  const judgement = await judge(run, tried.trial, signal);
  const missing = judgement.ok
    ? await missingProducts(productsOf(run.variant, run.place.attempt), run.artifacts)
    : [];
  const { runner } = tried.trial.report;
  if (judgement.own.length > 0 || before !== null)
    await keepFailures(run, { runner, failures: judgement.own });
  const notes = [...oftenNotes(run, tried), ...judgement.notes];
  if (judgement.ok && missing.length === 0) {
    await keepProducts(productsOf(run.variant, run.place.attempt), run.artifacts, run.place.artifacts);
    return { ...named(run, tried), ok: true, digest: null, notes };
  }
  if (missing.length > 0) return unproductive(run, tried, { missing, notes });
  return failed(run, tried, { before, own: judgement.own, notes, remarks: judgement.notes });
}

interface Tried {
  /** The last. */
  readonly trial: Trial;
  readonly tries: number;
  /** Of all together. */
  readonly durationMs: number;
}

/** Until it succeeds or the retries are used up; one that executed no test is given its chance after that. */
async function tryOften(run: VariantRun, signal: AbortSignal): Promise<Tried> {
  let durationMs = 0;
  for (let tries = 1; ; tries += 1) {
    const trial = await tryOnce(run, signal);
    durationMs += trial.durationMs;
    const isOver = tries > run.variant.check.retries;
    if (hasRunNothing(run, trial) && (isOver || trial.report.runner !== null)) {
      return { trial: await afterFix(run, trial, signal), tries, durationMs };
    }
    const isDone = trial.failure === null && (await lacksNothing(run));
    if (isDone || isOver) return { trial, tries, durationMs };
  }
}

async function lacksNothing({ variant, place, artifacts }: VariantRun): Promise<boolean> {
  return (await missingProducts(productsOf(variant, place.attempt), artifacts)).length === 0;
}

function oftenNotes({ variant }: VariantRun, { trial, tries }: Tried): readonly string[] {
  if (tries === 1 || trial.failure !== null) return [];
  return [`passed in try ${tries} of ${variant.check.retries + 1}`];
}

type Named = Pick<CheckResult, 'name' | 'durationMs' | 'log'>;

function named({ bench, variant, log }: VariantRun, { durationMs }: Tried): Named {
  return { name: variant.name, durationMs, log: logPath(bench, log) };
}

interface Faults extends Pick<Judgement, 'own' | 'notes'> {
  readonly before: Earlier | null;
  readonly remarks: readonly string[];
}

function failed(run: VariantRun, tried: Tried, { before, own, notes, remarks }: Faults): CheckResult {
  const { report, failure } = tried.trial;
  const known: readonly TestFailure[] | null = before?.failures ?? null;
  const ending = endingOf(failure ?? 'no test ran', tried.tries);
  const facts = { ending, log: logPath(run.bench, run.log), remarks };
  const digest = failureDigest(report, { own, before: known }, facts);
  return { ...named(run, tried), ok: false, digest, notes };
}

function unproductive(
  run: VariantRun,
  tried: Tried,
  { missing, notes }: { readonly missing: readonly string[]; readonly notes: readonly string[] },
): CheckResult {
  const ending = endingOf(missing.join('; '), tried.tries);
  const digest = outputDigest(tried.trial.report.excerpt, { ending, log: logPath(run.bench, run.log) });
  return { ...named(run, tried), ok: false, digest, notes };
}
