/** jest. */
import type { RunnerReader } from './report.js';
import { fullName } from './full-name.js';
import { createRuns, numberBefore } from './runs.js';

export function createJest(): RunnerReader {
  const runs = createRuns();
  let file: string | null = null;
  let abortedBy: string | null = null;
  let leaves = new Set<string>();
  return {
    get isListening() {
      return runs.failures.current !== null;
    },
    line(text) {
      const leaf = /^\s+✕ (.+?)(?: \(\d+ m?s\))?$/.exec(text)?.[1];
      const bullet = /^ {2}● (.+)$/.exec(text)?.[1];
      const ended = /^ ?(?:FAIL|PASS) +(?:.* )?(\S+\.\w+)(?: \([\d.]+ m?s\))?$/.exec(text)?.[1];
      const counts = /^[ \t]*Tests:[ \t]+(\d+ (?:failed|passed|skipped|todo|total)\b.*)$/.exec(text)?.[1];
      if (ended !== undefined) {
        file = ended.replace(/^\.\//, '');
        leaves = new Set();
        runs.failures.close();
      } else if (bullet !== undefined) fail(bullet);
      else if (counts !== undefined) {
        runs.close({
          passed: numberBefore(counts, 'passed'),
          failed: numberBefore(counts, 'failed'),
          skipped: numberBefore(counts, 'skipped'),
        });
      } else if (/^(?:Test Suites: |=+ Coverage summary|-+\|-|Jest: )/.test(text)) runs.failures.close();
      else if (/^No tests found, exiting with code/.test(text)) abortedBy = text;
      else if (leaf !== undefined && runs.failures.current === null) leaves.add(leaf);
      else runs.failures.say(text);
    },
    end: (hasFailed) =>
      runs.isEmpty && abortedBy === null ? null : { runner: 'jest', ...runs.end(hasFailed), abortedBy },
  };

  function fail(bullet: string): void {
    if (/^(?:Console|Validation Warning:?|Deprecation Warning:?)$/.test(bullet)) runs.failures.close();
    else if (bullet === 'Test suite failed to run') runs.failures.open({ title: file ?? bullet, file });
    else runs.failures.open({ title: bullet, name: fullName(bullet, ' › ', leaves), file });
  }
}
