/** mocha: counts, then the failures with their suites line by line. */
import { createRuns } from './runs.js';
import type { RunnerReader } from './report.js';

export function createMocha(): RunnerReader {
  const runs = createRuns();
  let counts: { passed: number; failed: number; skipped: number } | null = null;
  /** The suites and the test's name, until the line with the colon. */
  let path: string[] | null = null;
  function close(): void {
    if (counts !== null) runs.close(counts);
    [counts, path] = [null, null];
  }
  function titled(text: string): void {
    path?.push(text.replace(/:$/, ''));
    if (!text.endsWith(':') || path === null) return;
    runs.failures.open({ title: path.join(' > '), name: path.join(' ') });
    path = null;
  }
  return {
    get isListening() {
      return path !== null || runs.failures.current !== null;
    },
    line(text) {
      const [, digits = '', kind = ''] = /^ {2}(\d+) (passing|failing|pending)\b/.exec(text) ?? [];
      const first = /^ {2}\d+\) (.+)$/.exec(text)?.[1];
      if (kind === 'passing') {
        close();
        counts = { passed: Number(digits), failed: 0, skipped: 0 };
      } else if (counts === null) return;
      else if (kind === 'failing') counts.failed = Number(digits);
      else if (kind === 'pending') counts.skipped = Number(digits);
      else if (first !== undefined) {
        path = [];
        titled(first);
      } else if (path !== null) titled(text.trim());
      else runs.failures.say(text);
    },
    end(hasFailed) {
      close();
      return runs.isEmpty ? null : { runner: 'mocha', ...runs.end(hasFailed), abortedBy: null };
    },
  };
}
