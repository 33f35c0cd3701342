/** Failures that the base has too. Pure. */
import { isSameFailure, isSameMessage } from '../model/test-report/compare.js';
import type { TestFailure, TestReport } from '../model/test-report/report.js';
import type { Baseline } from './baseline.js';
import type { Trial } from './trial.js';

/** Whether the tests that failed are all that the run failed of, and all of them are known. */
export function isToldByTests({ outcome, counts, failures, besides }: TestReport): boolean {
  if (outcome !== 'failed' || failures.length === 0 || besides !== null) return false;
  return (counts.failed ?? 0) <= failures.length;
}

/** What fails here and not, or with another message, at the base. Without a message nothing says that it is the same. */
export function ownFailures(own: readonly TestFailure[], base: Baseline): readonly TestFailure[] {
  return own.filter(
    (failure) => failure.message === '' || !base.failures.some((other) => isSameFailure(failure, other)),
  );
}

/** A command that came to its own end: one that was cut short has not said all that is wrong. */
export function hasEnded(failure: string | null): boolean {
  return failure !== null && /^exit code \d+$/.test(failure);
}

/** Of a run without failing tests: whether the base's fails with the very same words, all of them known. */
export function failsAlike({ failure, report }: Trial, base: Baseline): boolean {
  if (!hasEnded(failure) || failure !== base.failure || report.runner !== base.runner) return false;
  if (report.failures.length > 0 || base.failures.length > 0) return false;
  if (!report.excerpt.isWhole || !base.excerpt.isWhole) return false;
  const words = wordsOf(report);
  return words.trim() !== '' && isSameMessage(words, wordsOf(base));
}

function wordsOf({ excerpt }: TestReport): string {
  return [...excerpt.errors, ...excerpt.last].join('\n');
}
