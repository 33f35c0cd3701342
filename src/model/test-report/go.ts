/** go test, as text and with `-v`. */
import { createFailureList } from './failure-list.js';
import type { FailureList, OpenFailure } from './failure-list.js';
import type { RunnerReader } from './report.js';

interface Package {
  failures: FailureList;
  passed: number;
  skipped: number;
}

export function createGo(): RunnerReader {
  const done: FailureList[] = [];
  const sums = { passed: 0, failed: 0, skipped: 0, passedPackages: 0, unbuilt: 0, kept: 0 };
  let open = newPackage();
  let hasSeen = false;
  let abortedBy: string | null = null;
  let none: string | null = null;
  /** What stands below `# package`: the compiler's words. */
  let compiled: OpenFailure | null = null;
  /** Lines of tests that -v shows before anybody knows that they fail. */
  let spoken = new Map<string, string[]>();
  let speaker: string | null = null;
  let isDump = false;

  function closePackage(name: string, isBuilt = true): void {
    const leaves = leavesOf(open.failures);
    for (const failure of leaves) failure.suite = name;
    if (isBuilt) sums.failed += leaves.length;
    else sums.unbuilt += 1;
    sums.passed += open.passed;
    sums.skipped += open.skipped;
    if (leaves.length > 0 && sums.kept < mostKept) done.push(open.failures);
    sums.kept += leaves.length;
    isDump = false;
    open = newPackage();
    spoken = new Map();
    [speaker, compiled] = [null, null];
  }

  function verdict(kind: string, name: string): void {
    hasSeen = true;
    const said = spoken.get(name) ?? [];
    spoken.delete(name);
    if (kind === 'PASS') open.passed += 1;
    else if (kind === 'SKIP') open.skipped += 1;
    if (kind === 'FAIL') {
      open.failures.open({ title: name });
      for (const line of said) open.failures.say(line);
    } else open.failures.close();
    // With -v the lines came before.
    speaker = null;
  }

  function read(text: string): void {
    const running = /^=== (RUN|CONT|NAME|PAUSE) +(\S.*)$/.exec(text);
    const ended = /^\s*--- (FAIL|PASS|SKIP): (\S+) \([\d.]+s\)$/.exec(text);
    if (running !== null) {
      speaker = running[1] === 'PAUSE' ? null : (running[2] ?? null);
      open.failures.close();
    } else if (ended !== null) {
      compiled = null;
      verdict(ended[1] ?? '', ended[2] ?? '');
    } else if (/^panic: /.test(text) && !isDump) panics(text);
    else if (speaker !== null) {
      const lines = spoken.get(speaker) ?? [];
      if (lines.length < 12 && /^\s/.test(text)) spoken.set(speaker, [...lines, text]);
    } else if (compiled !== null) compiles(text);
    else if (isDump) dumped(text);
    else if (/^(?:FAIL|PASS)$/.test(text)) open.failures.close();
    else open.failures.say(text);
  }

  function panics(text: string): void {
    const test = open.failures.current ?? (speaker === null ? null : open.failures.open({ title: speaker }));
    speaker = null;
    const message = text.replace(/ \[recovered.*\]$/, '');
    if (test === null) open.failures.open({ title: message, name: '' });
    open.failures.say(message);
    isDump = true;
  }

  /** A panic outside of a known test is the test's whose frames the dump shows. */
  function dumped(text: string): void {
    const test = /\.((?:Test|Fuzz|Example|Benchmark)\w*)(?:\.func[\d.]+)?\(/.exec(text)?.[1];
    const { current } = open.failures;
    if (current?.name === '' && test !== undefined) [current.title, current.name] = [test, test];
    open.failures.trace(text);
  }

  function compiles(text: string): void {
    if (compiled === null || text.trim() === '') return;
    const place = /^(?:\.\/)?(\S+\.go):(\d+):(?:\d+:)? (.*)$/.exec(text);
    if (place !== null && compiled.file === null)
      [compiled.file, compiled.line] = [place[1] ?? null, Number(place[2])];
    if (compiled.message.length < 12) compiled.message.push(place?.[3] ?? text);
  }

  return {
    get isListening() {
      return speaker !== null || compiled !== null || isDump || open.failures.current !== null;
    },
    line(text) {
      const ended = /^(ok|FAIL|\?) {0,3}\t(\S+)(?:\t(.*)| (\[.*\]))?$/.exec(text);
      const compiling = /^# (\S+)(?: \[.*\])?$/.exec(text)?.[1];
      if (ended !== null) {
        hasSeen = true;
        const note = ended[3] ?? ended[4] ?? '';
        const isBuilt = !/\[(?:build|setup) failed\]/.test(note);
        if (!isBuilt) abortedBy ??= compiledBy() ?? text;
        else if (ended[1] === 'ok' && !note.includes('[no test')) sums.passedPackages += 1;
        else if (ended[1] === '?' || note.includes('[no test')) none ??= text;
        // A TestMain that ends with an error, a leak: no test's failure, and one all the same.
        if (ended[1] === 'FAIL' && isBuilt && open.failures.all.length === 0) {
          open.failures.open({ title: ended[2] ?? '' }).message.push('failed without a failing test');
        }
        closePackage(ended[2] ?? '', isBuilt);
      } else if (compiling !== undefined) compiled = open.failures.open({ title: compiling });
      else if (/^testing: warning: no tests to run/.test(text)) none ??= text;
      else read(text);
    },
    end() {
      if (open.failures.all.length > 0 || open.passed > 0) closePackage('');
      if (!hasSeen) return null;
      const { passed, failed, skipped, passedPackages, unbuilt } = sums;
      const ran = passed + failed + passedPackages > 0;
      return {
        runner: 'go test',
        // Without -v packages that passed are named, not their tests.
        counts: {
          passed: passed > 0 || !ran ? passed : null,
          failed: ran ? failed + unbuilt : 0,
          skipped: passed > 0 ? skipped : null,
        },
        failures: done.flatMap((list) => list.end()),
        abortedBy: abortedBy ?? none,
      };
    },
  };

  function compiledBy(): string | null {
    return compiled === null
      ? null
      : `${compiled.file ?? ''}:${compiled.line ?? ''}: ${compiled.message[0] ?? ''}`;
  }
}

const mostKept = 1000;

function newPackage(): Package {
  return { failures: createFailureList(), passed: 0, skipped: 0 };
}

/** A test fails with its subtests: only these are told, unless it says something itself. */
function leavesOf(failures: FailureList): readonly OpenFailure[] {
  for (const failure of [...failures.all]) {
    const hasSubtest = failures.all.some(({ title }) => title.startsWith(`${failure.title}/`));
    if (hasSubtest && failure.message.length === 0) failures.drop(failure);
  }
  return failures.all;
}
