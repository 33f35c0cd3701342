/** cargo test: one block per binary, with or without `-q`. */
import { createFailureList } from './failure-list.js';
import type { RunnerReader } from './report.js';
import { untold } from './runs.js';

/** `listed`: the names while tests run; `told`: what they said. */
type Part = 'build' | 'listed' | 'told';

export function createCargo(): RunnerReader {
  const failures = createFailureList();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let part: Part = 'build';
  let suite: string | null = null;
  let hasSummary = false;
  let isTrace = false;
  let abortedBy: string | null = null;
  let isBuild = false;

  function read(text: string): void {
    const name = /^test (.+?) \.\.\. FAILED$/.exec(text)?.[1] ?? /^(.+?) --- FAILED$/.exec(text)?.[1];
    const block = /^---- (.+) stdout ----$/.exec(text)?.[1];
    if (part !== 'told' && name !== undefined) {
      failures.open(announced(name, suite));
      failures.close();
    } else if (part === 'told' && block !== undefined) {
      isTrace = false;
      failures.open(announced(block, suite));
    } else if (text === 'failures:') {
      part = 'told';
      failures.close();
    } else if (part === 'told') said(text);
    else if (
      /^\s+(?:Compiling|Updating) \S+ v\d|^error: (?:could not compile|failed to|no such command)/.test(text)
    )
      isBuild = true;
    if (
      part === 'build' &&
      /^error(?:\[E\d+\])?: (?!test failed|doctest failed|\d+ targets? failed)/.test(text)
    )
      abortedBy ??= text;
  }

  function said(text: string): void {
    if (/^stack backtrace:/.test(text)) isTrace = true;
    else if (/^\S/.test(text) && !/^note: /.test(text)) isTrace = false;
    if (isTrace || /^note: (?!test did not panic)|^\s*(?:\d+: |stderr:)/.test(text)) return;
    // What the test printed before tells less than the panic.
    if (/^thread '.*' (?:\(\d+\) )?panicked at /.test(text) && failures.current !== null)
      failures.current.message.length = 0;
    const old = /^thread '.*' panicked at '(.*)', \S+:\d+:\d+$/.exec(text)?.[1];
    if (/^note: test did not panic/.test(text) || old !== undefined)
      failures.current?.message.push(old ?? 'test did not panic as expected');
    failures.say(text);
  }

  return {
    get isListening() {
      return part === 'told';
    },
    line(text) {
      const running = /^\s+(?:Running (?:unittests )?(\S+)|(Doc-tests) \S+)/.exec(text);
      const result =
        /^test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed(?:; (?<skipped>\d+) ignored)?/.exec(
          text,
        )?.groups;
      if (running !== null) {
        suite = running[1] ?? running[2] ?? null;
        part = 'build';
      } else if (/^running \d+ tests?$/.test(text)) part = 'listed';
      else if (result !== undefined) {
        hasSummary = true;
        for (const kind of ['passed', 'failed', 'skipped'] as const)
          counts[kind] += Number(result[kind] ?? 0);
        part = 'build';
        failures.close();
      } else read(text);
    },
    end() {
      const isUnbuilt = abortedBy !== null && isBuild;
      if (!hasSummary && failures.all.length === 0 && !isUnbuilt) return null;
      const told = hasSummary ? counts : untold;
      const hasRun = counts.passed + counts.failed + counts.skipped > 0;
      return {
        runner: 'cargo test',
        counts: told,
        failures: failures.end(),
        abortedBy: isUnbuilt ? abortedBy : hasRun || !hasSummary ? null : 'running 0 tests',
      };
    },
  };
}

function announced(name: string, suite: string | null): { title: string; suite: string | null } {
  return { title: name.replace(/ - should panic(?: with .*)?$/, ''), suite };
}
