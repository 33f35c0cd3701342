/** What a test run came to, as its output tells, for counting runs and comparing them. Pure. */
import type { TestOutcome } from '../model/profile.js';
import { readTestReport } from '../model/test-report/read.js';
import { excerpt } from './json.js';

export interface TestOutput {
  readonly outcome: TestOutcome;
  readonly passed: number | null;
  readonly failed: number | null;
  /** The same for the same set of failing tests; null: none are named. */
  readonly failureKey: string | null;
  /** The first failing tests, or why no test ran. */
  readonly detail: string | null;
  /** No test ran, and it isn't the code under test that is to blame. */
  readonly isEnvironment: boolean;
}

/** Summaries stand at the end, and what kept a run from starting at the beginning. */
const headLength = 4_000;
const tailLength = 24_000;

/** @param isError - whether the tool said that the command failed. */
export function readTestOutput(output: string, isError: boolean): TestOutput {
  const report = readTestReport(endsOf(output), { hasFailed: isError });
  const { outcome, counts, failures, abortedBy, isEnvironment } = report;
  const names = outcome === 'failed' ? failures.map(({ title }) => excerpt(title)) : [];
  const why = abortedBy === null ? null : excerpt(abortedBy);
  return {
    outcome,
    passed: counts.passed,
    failed: outcome === 'aborted' ? 0 : counts.failed,
    failureKey: names.length === 0 ? null : names.toSorted().join('\n'),
    detail: names.length === 0 ? why : listed(names),
    isEnvironment,
  };
}

function endsOf(output: string): string {
  return output.length <= headLength + tailLength
    ? output
    : `${output.slice(0, headLength)}\n${output.slice(-tailLength)}`;
}

function listed(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more}`;
}
