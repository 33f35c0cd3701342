/** Ruby's minitest. */
import type { RunnerReader } from './report.js';
import { createRuns, numberBefore } from './runs.js';

export function createMinitest(): RunnerReader {
  const runs = createRuns();
  let isTitle = false;
  return {
    get isListening() {
      return isTitle || runs.failures.current !== null;
    },
    line(text) {
      if (/^ {2}\d+\) (?:Failure|Error|Skipped):$/.test(text)) runs.failures.close();
      const counts = /^\d+ runs, \d+ assertions, .*$/.exec(text)?.[0];
      if (counts !== undefined) {
        const failed = numberBefore(counts, 'failures') + numberBefore(counts, 'errors');
        const skipped = numberBefore(counts, 'skips');
        runs.close({ passed: Math.max(0, numberBefore(counts, 'runs') - failed - skipped), failed, skipped });
      } else if (isTitle) {
        const [, title = text, file, line] = /^(.+?)(?: \[(\S+):(\d+)\])?:$/.exec(text) ?? [];
        runs.failures.open({ title, file: file ?? null, line: line === undefined ? null : Number(line) });
      } else runs.failures.say(text);
      isTitle = /^ {2}\d+\) (?:Failure|Error):$/.test(text);
    },
    end: (hasFailed) =>
      runs.isEmpty ? null : { runner: 'minitest', ...runs.end(hasFailed), abortedBy: null },
  };
}
