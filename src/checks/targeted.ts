/** Runs of failed tests alone: before the whole suite, and to see whether they fail at all. */
import { compareFailures } from '../model/test-report/compare.js';
import type { TestFailure } from '../model/test-report/report.js';
import { placeholdersOf } from '../model/template.js';
import { hasEnded } from './excused.js';
import { failedTests } from './failed-tests.js';
import { removeLeftovers, tryOnce } from './trial.js';
import type { Trial, VariantRun } from './trial.js';

/** null: the check has no command for that, or these tests can't be named. */
async function runAlone(
  run: VariantRun,
  { runner, failures }: Failed,
  signal: AbortSignal,
): Promise<Trial | null> {
  const template = run.variant.check.targeted;
  const words = template === undefined ? null : failedTests(runner, failures);
  if (template === undefined || words === null) return null;
  // Without a word in its place the command would run all tests.
  const isByFile = placeholdersOf(template).includes('failedFiles');
  if (isByFile && failures.some(({ file }) => file === null)) return null;
  // The whole run's products stay where they are.
  const alone = { ...run, artifacts: `${run.stem}.targeted.artifacts` };
  try {
    return await tryOnce(alone, signal, { template, values: { ...words } });
  } finally {
    await removeLeftovers(alone);
  }
}

export interface Failed {
  readonly runner: string | null;
  readonly failures: readonly TestFailure[];
}

export interface StillFailing {
  readonly trial: Trial;
  /** As they are now. */
  readonly failures: readonly TestFailure[];
}

/** What failed before and fails again; null when nothing does, or nothing can be said without the whole suite. */
export async function stillFailing(
  run: VariantRun,
  before: Failed,
  signal: AbortSignal,
): Promise<StillFailing | null> {
  const trial = await runAlone(run, before, signal);
  if (trial?.failure == null) return null;
  const { still, fresh } = compareFailures(before.failures, trial.report.failures);
  if (still.length === 0) return null;
  // What a whole file brings along may be the base's own.
  return { trial, failures: run.variant.check.baseline ? still : [...still, ...fresh] };
}

/** Those of a run's failures that don't fail alone. A run of other tests than were asked for proves nothing. */
export async function passingAlone(
  run: VariantRun,
  failed: Failed,
  signal: AbortSignal,
): Promise<readonly TestFailure[]> {
  const { targeted = '' } = run.variant.check;
  // A file's other tests would be counted as well.
  if (!placeholdersOf(targeted).includes('failed')) return [];
  const trial = await runAlone(run, failed, signal);
  if (trial === null || !isOfThese(trial, failed)) return [];
  const { still, fixed } = compareFailures(failed.failures, trial.report.failures);
  return (trial.failure === null) === (still.length === 0) ? fixed : [];
}

/** Whether exactly these tests were executed. go counts none of those that pass, and is asked for them by their whole names. */
function isOfThese({ failure, report }: Trial, { runner, failures }: Failed): boolean {
  if (report.runner === null || report.runner !== runner) return false;
  if (failure !== null && !hasEnded(failure)) return false;
  const { passed, failed } = report.counts;
  if (runner === 'go test' && passed === null) return failure === null && report.outcome === 'passed';
  return (passed ?? 0) + (failed ?? report.failures.length) === failures.length;
}
