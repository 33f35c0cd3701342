/** Several runs of one runner in one output: workspaces one after the other, or failures tried again. */
import { createFailureList } from './failure-list.js';
import type { FailureList } from './failure-list.js';
import type { TestCounts, TestFailure } from './report.js';

export interface Runs {
  /** Of the run that is being read. */
  readonly failures: FailureList;
  /** The run's summary: what comes now is another run's. A summary that comes again is the same run's. */
  close(counts: TestCounts): void;
  readonly isEmpty: boolean;
  end(hasFailed: boolean): RunSum;
}

export interface RunSum {
  readonly counts: TestCounts;
  readonly failures: readonly TestFailure[];
}

export const untold: TestCounts = { passed: null, failed: null, skipped: null };

/** Older ones are added up, so that an output of thousands of runs stays small. */
const mostRuns = 16;

export function createRuns(isInnermostLast = false): Runs {
  let failures = createFailureList(isInnermostLast);
  let runs: RunSum[] = [];
  return {
    get failures() {
      return failures;
    },
    get isEmpty() {
      return runs.length === 0 && failures.all.length === 0;
    },
    close(counts) {
      runs.push({ counts, failures: failures.end() });
      if (runs.length > mostRuns) runs = [sumOf(runs.slice(0, 2)), ...runs.slice(2)];
      failures = createFailureList(isInnermostLast);
    },
    end(hasFailed) {
      // A run that was killed has failures and no summary.
      const open = failures.all.length === 0 ? [] : [{ counts: untold, failures: failures.end() }];
      return decided([...runs, ...open], hasFailed);
    },
  };
}

/** The last run counts, unless the command's failure says that an earlier one was no first try of it. */
function decided(runs: readonly RunSum[], hasFailed: boolean): RunSum {
  const last = runs.at(-1) ?? { counts: untold, failures: [] };
  const before = runs.slice(0, -1);
  const known = new Set(before.flatMap(({ failures }) => failures.map(keyOf)));
  const isAgain = last.failures.length > 0 && last.failures.every((failure) => known.has(keyOf(failure)));
  return before.length === 0 || !hasFailed || isAgain ? last : sumOf(runs);
}

function sumOf(runs: readonly RunSum[]): RunSum {
  const failures = new Map(runs.flatMap((run) => run.failures.map((failure) => [keyOf(failure), failure])));
  const sum = (kind: keyof TestCounts): number | null =>
    runs.reduce<number | null>(
      (total, { counts }) => (counts[kind] === null ? total : (total ?? 0) + counts[kind]),
      null,
    );
  return {
    counts: { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') },
    failures: [...failures.values()],
  };
}

function keyOf({ suite, file, name }: TestFailure): string {
  return JSON.stringify([suite, file, name]);
}

/** The number before a word in a summary such as `2 failed | 30 passed`; 0 when the word isn't there. */
export function numberBefore(text: string, word: string): number {
  return Number(new RegExp(`(\\d+) (?:${word})\\b`).exec(text)?.[1] ?? 0);
}
