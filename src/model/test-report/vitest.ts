/** vitest, with any of its reporters for people. */
import type { RunnerReader } from './report.js';
import { fullName } from './full-name.js';
import { createRuns, numberBefore } from './runs.js';
import type { OpenFailure } from './failure-list.js';

export function createVitest(): RunnerReader {
  const runs = createRuns();
  let hasSeen = false;
  let abortedBy: string | null = null;
  /** Tests of one error are listed above it, one after the other. */
  let together: OpenFailure[] = [];
  let isUntold = false;
  const leaves = new Set<string>();
  /** The list that is printed while tests run: the only one when the run was ended early. */
  const running = createRuns();

  function fail(heading: string): void {
    const [file = '', ...path] = heading.replace(/^\|[^|]+\| /, '').split(' > ');
    const isSuite = path.length === 0;
    const plainFile = isSuite ? file.replace(/ \[ .* \]$/, '') : file;
    const failure = runs.failures.open({
      title: isSuite ? plainFile : [plainFile, ...path].join(' > '),
      name: isSuite ? plainFile : fullName(path.join(' > '), ' > ', leaves),
      file: plainFile,
    });
    if (isUntold) together.push(failure);
    else together = [failure];
    isUntold = true;
  }

  function share(): void {
    const [first, ...others] = together;
    for (const other of others) {
      other.message.push(...(first?.message ?? []));
      other.frames.push(...(first?.frames ?? []));
    }
    together = [];
    isUntold = false;
  }

  return {
    get isListening() {
      return runs.failures.current !== null;
    },
    line(text) {
      const heading = /^ FAIL {1,2}(\S.*)$/.exec(text)?.[1];
      const late = /^⎯+ (Unhandled \w+|Uncaught \w+) ⎯+$/.exec(text)?.[1];
      const counts = /^[ \t]*Tests[ \t]+((?:\d+ (?:failed|passed|skipped|todo)\b|no tests).*)$/.exec(
        text,
      )?.[1];
      if (heading !== undefined) fail(heading);
      else if (late !== undefined && !/Unhandled Errors/.test(late)) {
        share();
        together = [runs.failures.open({ title: late })];
      } else if (counts !== undefined) {
        share();
        runs.close({
          passed: numberBefore(counts, 'passed'),
          failed: numberBefore(counts, 'failed'),
          skipped: numberBefore(counts, 'skipped'),
        });
      } else if (/^ RUN +v\d/.test(text)) hasSeen = true;
      else if (/^No test files found/.test(text)) abortedBy = text;
      else if (/^⎯{5,}/.test(text)) {
        share();
        runs.failures.close();
      } else if (runs.failures.current !== null) told(text);
      else listed(text);
    },
    end(hasFailed) {
      share();
      if (runs.isEmpty && !running.isEmpty && hasSeen)
        return { runner: 'vitest', ...running.end(hasFailed), abortedBy };
      return runs.isEmpty && !hasSeen ? null : { runner: 'vitest', ...runs.end(hasFailed), abortedBy };
    },
  };

  function told(text: string): void {
    if (text.trim() === '') return;
    isUntold = false;
    const head = together[0];
    // All of them share the first one's error; the last one is the one that is open.
    if (head !== undefined && head !== runs.failures.current) runs.failures.open(head);
    runs.failures.say(text);
  }

  function listed(text: string): void {
    const name = /^\s*[×✗] (.+?)(?: \d+ ?m?s)?$/.exec(text)?.[1];
    if (name === undefined) return;
    running.failures.open({ title: name });
    if (leaves.size < 1000) leaves.add(name);
  }
}
