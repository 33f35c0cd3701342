/** Python's unittest. */
import type { RunnerReader, TestCounts } from './report.js';
import { createRuns, untold } from './runs.js';

export function createUnittest(): RunnerReader {
  const runs = createRuns(true);
  let ran: number | null = null;
  let isHeading = false;
  let isTrace = false;
  let abortedBy: string | null = null;

  function fail(title: string): void {
    const [, method = '', place = ''] = /^(\S+) \(([\w.<>]+)\)/.exec(title) ?? [];
    // Python 3.11 has the method in the parentheses too.
    const name = place === '' ? title : place.endsWith(`.${method}`) ? place : `${place}.${method}`;
    runs.failures.open({ title, name });
    isTrace = false;
  }

  function verdict(text: string): void {
    const number = (word: string): number => Number(new RegExp(`\\b${word}=(\\d+)`).exec(text)?.[1] ?? 0);
    const failed = number('failures') + number('errors');
    const skipped = number('skipped');
    const counts: TestCounts =
      ran === null ? untold : { passed: Math.max(0, ran - failed - skipped), failed, skipped };
    const [first] = runs.failures.all;
    const isImport = runs.failures.all.every(({ name }) => name.startsWith('unittest.loader._FailedTest.'));
    if (first !== undefined && isImport && counts.passed === 0)
      abortedBy = first.message.at(-1) ?? first.title;
    runs.close(counts);
    ran = null;
  }

  return {
    get isListening() {
      return isHeading || runs.failures.current !== null;
    },
    line(text) {
      const failed = /^(?:FAIL|ERROR): (\S+ \(.+\).*)$/.exec(text)?.[1];
      const count = /^Ran (\d+) tests? in /.exec(text)?.[1];
      if (count !== undefined) {
        runs.failures.close();
        ran = Number(count);
      } else if (ran !== null && /^(?:OK|FAILED|NO TESTS RAN)(?: \(|$)/.test(text)) verdict(text);
      else if (failed !== undefined && isHeading) fail(failed);
      else if (runs.failures.current !== null) said(text);
      isHeading = /^={60,}$/.test(text);
    },
    end(hasFailed) {
      if (ran !== null) verdict('');
      return runs.isEmpty ? null : { runner: 'unittest', ...runs.end(hasFailed), abortedBy };
    },
  };

  /** The docstring comes before the trace; what is wrong stands at its end, at the margin. */
  function said(text: string): void {
    if (text.startsWith('Traceback ')) {
      isTrace = true;
      const { current } = runs.failures;
      if (current !== null) current.message.length = 0;
    } else if (isTrace && (/^\S/.test(text) || /^\s*File "/.test(text))) runs.failures.say(text);
    else if (!isTrace && /^\w*Error: /.test(text)) runs.failures.say(text);
  }
}
