/** Which of a run's failures are the item's own. */
import { cut } from '../model/excerpt.js';
import type { TestFailure, TestReport } from '../model/test-report/report.js';
import { hasRunNothing } from './aborted.js';
import { baselineOf } from './baseline.js';
import { failsAlike, hasEnded, isToldByTests, ownFailures } from './excused.js';
import { passingAlone } from './targeted.js';
import type { Trial, VariantRun } from './trial.js';

export interface Judgement {
  readonly ok: boolean;
  /** The failing tests that are the item's own. */
  readonly own: readonly TestFailure[];
  /** A line each: what failed and isn't. */
  readonly notes: readonly string[];
}

/** Those that pass alone are flaky; with `baseline`, those that fail at the base too are not the item's. */
export async function judge(run: VariantRun, trial: Trial, signal: AbortSignal): Promise<Judgement> {
  const { report } = trial;
  if (hasRunNothing(run, trial)) return { ok: false, own: report.failures, notes: [] };
  if (trial.failure === null) return { ok: true, own: [], notes: unheeded(report) };
  if (report.failures.length === 0) return judgeWithoutTests(run, trial, signal);

  const flaky = new Set(await passingAlone(run, report, signal));
  const lasting = report.failures.filter((failure) => !flaky.has(failure));
  const base = run.variant.check.baseline && lasting.length > 0 ? await baselineOf(run, signal) : null;
  // Where no test passes, here or there, nothing was checked, and nobody is excused from that.
  const isBlind = flaky.size === 0 && report.counts.passed === 0 && base?.counts.passed === 0;
  const own = base === null || isBlind ? lasting : ownFailures(lasting, base);
  const known = lasting.filter((failure) => !own.includes(failure));
  const notes = [
    ...(flaky.size === 0 ? [] : [`flaky, failed and then passed alone: ${titles([...flaky])}`]),
    ...(known.length === 0 ? [] : [`fails at the base too: ${titles(known)}`]),
  ];
  // Something besides the tests may have failed, and nobody has excused that.
  const isAll = isToldByTests(report) && hasEnded(trial.failure);
  const isBases = known.length === 0 || trial.failure === base?.failure;
  return { ok: own.length === 0 && isAll && isBases, own, notes };
}

/** A linter, a coverage limit: only a base that fails with the same words excuses it. */
async function judgeWithoutTests(run: VariantRun, trial: Trial, signal: AbortSignal): Promise<Judgement> {
  const isKnown = run.variant.check.baseline && failsAlike(trial, await baselineOf(run, signal));
  return { ok: isKnown, own: [], notes: isKnown ? ['fails at the base too, with the same words'] : [] };
}

/** The command's end decides; that it says something else than its tests is worth a word. */
function unheeded({ outcome, failures }: TestReport): readonly string[] {
  if (outcome !== 'failed' || failures.length === 0) return [];
  return [`the command succeeded although tests failed: ${titles(failures)}`];
}

const shown = 5;
const longestTitle = 120;

function titles(failures: readonly TestFailure[]): string {
  const names = failures.slice(0, shown).map(({ title }) => cut(title, longestTitle));
  const more = failures.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
