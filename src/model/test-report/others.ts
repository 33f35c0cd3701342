/** Runners of whose output only the outlines are read: Gradle, dotnet test, bun. */
import { createFailureList } from './failure-list.js';
import type { RunnerReader, TestCounts } from './report.js';
import { untold } from './runs.js';

/** `LegendTest > draws() FAILED`, `5 tests completed, 1 failed`. */
export function createGradle(): RunnerReader {
  return reader('gradle', {
    title: (text) => (text.endsWith(' FAILED') ? /^(\S.* > .+) FAILED$/.exec(text)?.[1] : undefined),
    counts(text) {
      const found = /^(\d+) tests? completed, (\d+) failed(?:, (\d+) skipped)?/.exec(text);
      if (found === null) return null;
      const [all = 0, failed = 0, skipped = 0] = found.slice(1).map((digits) => Number(digits || 0));
      return { passed: Math.max(0, all - failed - skipped), failed, skipped };
    },
  });
}

/** `  Failed Sample.Legend.Draws [5 ms]`, `Failed! - Failed: 1, Passed: 2, Skipped: 0`: one per project. */
export function createDotnet(): RunnerReader {
  return reader('dotnet test', {
    title: (text) => /^ {2}Failed (\S.*?) \[[^\]]+\]$/.exec(text)?.[1],
    counts(text) {
      const found = /Failed:\s+(\d+), Passed:\s+(\d+)(?:, Skipped:\s+(\d+))?/.exec(text);
      if (found === null) return null;
      return { failed: Number(found[1]), passed: Number(found[2]), skipped: Number(found[3] ?? 0) };
    },
  });
}

/** ` 5 pass`, ` 1 fail`, then `Ran 6 tests across 2 files.` */
export function createBun(): RunnerReader {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  return reader('bun test', {
    title: (text) => /^\(fail\) (.+?)(?: \[[\d.]+m?s\])?$/.exec(text)?.[1],
    counts(text) {
      const [, digits = '', kind] = /^[ \t]*(\d+) (pass|fail|skip)$/.exec(text) ?? [];
      if (kind === 'pass') counts = { passed: Number(digits), failed: 0, skipped: 0 };
      else if (kind === 'fail') counts = { ...counts, failed: Number(digits) };
      else if (kind === 'skip') counts = { ...counts, skipped: Number(digits) };
      return /^Ran \d+ tests? across /.test(text) ? counts : null;
    },
  });
}

interface Outline {
  /** The failing test that a line announces. */
  readonly title: (text: string) => string | undefined;
  readonly counts: (text: string) => TestCounts | null;
}

function reader(runner: string, outline: Outline): RunnerReader {
  const failures = createFailureList();
  let sum: TestCounts | null = null;
  return {
    get isListening() {
      return failures.current !== null;
    },
    line(text) {
      const title = outline.title(text);
      const counts = outline.counts(text);
      if (title !== undefined) failures.open({ title });
      else if (counts !== null) sum = added(sum ?? { passed: 0, failed: 0, skipped: 0 }, counts);
      else if (/^\S/.test(text)) failures.close();
      else if (!/^\s*(?:Error Message|Stack Trace):$/.test(text)) failures.say(text);
    },
    end: () =>
      sum === null && failures.all.length === 0
        ? null
        : { runner, counts: sum ?? untold, failures: failures.end(), abortedBy: null },
  };
}

function added(one: TestCounts, other: TestCounts): TestCounts {
  const sum = (kind: keyof TestCounts): number => (one[kind] ?? 0) + (other[kind] ?? 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}
