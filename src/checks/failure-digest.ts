/** What is told of a check that failed: the tests that did, or else the end of its output. Pure. */
import { cut, formatDigest, tellingLine } from '../model/excerpt.js';
import type { Excerpt } from '../model/excerpt.js';
import { compareFailures } from '../model/test-report/compare.js';
import { testDigest } from '../model/test-report/digest.js';
import type { TestFailure, TestReport } from '../model/test-report/report.js';

export interface DigestFacts {
  /** How it ended, such as `exit code 1, in the last of 3 tries`. */
  readonly ending: string;
  /** Relative to the repository's root. */
  readonly log: string;
  /** Said below the headline, a line each. */
  readonly remarks?: readonly string[];
}

/** The failures that are the item's own, and how they differ from those of the run before. */
export interface OwnFailures {
  readonly own: readonly TestFailure[];
  /** null: there was no run before. */
  readonly before: readonly TestFailure[] | null;
}

/** At most 2,000 characters. */
export function failureDigest(report: TestReport, { own, before }: OwnFailures, facts: DigestFacts): string {
  if (report.runner === null) return outputDigest(report.excerpt, facts);
  const others = report.failures.length - own.length;
  const failed = report.counts.failed === null ? null : report.counts.failed - others;
  const changes = before === null || before.length === 0 ? {} : { changes: compareFailures(before, own) };
  return testDigest(
    { ...report, failures: own, counts: { ...report.counts, failed } },
    { ...facts, ...changes },
  );
}

/** The same of a command that runs no tests. */
export function outputDigest(excerpt: Excerpt, { ending, log, remarks = [] }: DigestFacts): string {
  const telling = ending.startsWith('exit code') ? tellingLine(excerpt) : null;
  const reason = telling === null ? ending : `${ending}: ${cut(telling, 160)}`;
  return formatDigest([reason, ...remarks, `Log: ${log}`], excerpt);
}

export function endingOf(failure: string, tries: number): string {
  return tries === 1 ? failure : `${failure}, in the last of ${tries} tries`;
}
