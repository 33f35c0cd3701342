/** PHPUnit. */
import { createFailureList } from './failure-list.js';
import type { RunnerReader, TestCounts } from './report.js';

export function createPhpunit(): RunnerReader {
  const failures = createFailureList();
  let counts: TestCounts | null = null;
  let abortedBy: string | null = null;
  let isListing = false;
  return {
    get isListening() {
      return failures.current !== null;
    },
    line(text) {
      const title = /^\d+\) (\S.*)$/.exec(text)?.[1];
      const ok = /^OK \((\d+) tests?/.exec(text)?.[1];
      if (/^There (?:was|were) \d+ (?:errors?|failures?):$/.test(text)) isListing = true;
      else if (/^There (?:was|were) \d+ /.test(text) || text === '--') {
        isListing = false;
        failures.close();
      } else if (ok !== undefined) counts = { passed: Number(ok), failed: 0, skipped: 0 };
      else if (/^Tests: \d+, /.test(text)) counts = countsIn(text);
      else if (text === 'No tests executed!') [abortedBy, counts] = [text, countsIn('Tests: 0')];
      else if (/^(?:FAILURES|ERRORS|WARNINGS)!$/.test(text)) failures.close();
      else if (isListing && title !== undefined)
        failures.open({ title, name: title.replace(/ \(.*\)$/, '') });
      else if (!/^(?:---|\+\+\+|@@) /.test(text)) failures.say(text);
    },
    end: () => (counts === null ? null : { runner: 'phpunit', counts, failures: failures.end(), abortedBy }),
  };
}

function countsIn(summary: string): TestCounts {
  const number = (word: string): number => Number(new RegExp(`\\b${word}: (\\d+)`).exec(summary)?.[1] ?? 0);
  const failed = number('Failures') + number('Errors');
  const skipped = number('Skipped') + number('Incomplete');
  return { passed: Math.max(0, number('Tests') - failed - skipped), failed, skipped };
}
