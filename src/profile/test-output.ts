/** What a test run came to, as its output tells. Pure. */
import type { TestOutcome } from '../model/profile.js';
import { excerpt } from './json.js';

export interface TestOutput {
  readonly outcome: TestOutcome;
  readonly passed: number | null;
  readonly failed: number | null;
  /** The same for the same set of failing tests; null: none are named. */
  readonly failureKey: string | null;
  /** The first failing tests, or why no test ran. */
  readonly detail: string | null;
  /** No test ran, and it isn't the code under test that is to blame. */
  readonly isEnvironment: boolean;
}

interface Counts {
  /** null: some, and nobody says how many. */
  readonly passed: number | null;
  readonly failed: number;
}

/** Summaries stand at the end, and what kept a run from starting at the beginning. */
const headLength = 4_000;
const tailLength = 24_000;

/** @param isError - whether the tool said that the command failed. */
export function readTestOutput(output: string, isError: boolean): TestOutput {
  const text = digestOf(output).replace(colour, '');
  const counts = countsOf(text);
  const names = failingNames(text);
  if (counts !== null && (counts.failed > 0 || counts.passed !== 0)) {
    return {
      ...counts,
      outcome: counts.failed > 0 ? 'failed' : 'passed',
      failureKey: names.length === 0 ? null : names.toSorted().join('\n'),
      detail: names.length === 0 ? null : listed(names),
      isEnvironment: false,
    };
  }
  if (counts === null && !isError && !saysNothingRan.test(text) && !failedBefore.test(text)) return untold;
  return abortedBy(text);
}

const untold: TestOutput = {
  outcome: 'unknown',
  passed: null,
  failed: null,
  failureKey: null,
  detail: null,
  isEnvironment: false,
};

const colour = /\u001B\[[\d;]*m/g;

function digestOf(output: string): string {
  return output.length <= headLength + tailLength
    ? output
    : `${output.slice(0, headLength)}\n${output.slice(-tailLength)}`;
}

const saysNothingRan =
  /\bno tests? (?:ran|files? found|found|to run)|collected 0 items|No tests were (?:found|executed)|no test files/i;

/** Behind a pipe the command's failure is lost, and only its words tell. */
const failedBefore =
  /^.*\b(?:[Ee]rror|ERROR|[Ff]ailed)\b.*(?:virtual environment|venv|No module named|not found)/m;

type Reader = (text: string) => Counts | null;

/** In the order in which they are asked: a wrapper's summary comes after the one that it wraps, and says less. */
const readers: readonly Reader[] = [
  // pytest: `=== 1 failed, 3 passed, 2 errors in 0.21s ===`, with -q without the rules; the last one counts.
  (text) => {
    const summary = lastMatch(text, /^=*[ \t]*((?:\d+ [a-z]+,? ?)+)in [\d.:]+ ?s/gm)?.[1];
    return summary === undefined
      ? null
      : {
          passed: numberBefore(summary, 'passed') ?? 0,
          failed: (numberBefore(summary, 'failed') ?? 0) + (numberBefore(summary, 'errors?') ?? 0),
        };
  },
  // vitest, jest: `Tests  2 failed | 30 passed (32)`, `Tests:       1 failed, 5 passed, 6 total`.
  (text) => {
    const summary = lastMatch(
      text,
      /^[ \t]*Tests:?[ \t]+(\d+ (?:failed|passed|skipped|todo|total).*)$/gm,
    )?.[1];
    return summary === undefined
      ? null
      : { passed: numberBefore(summary, 'passed') ?? 0, failed: numberBefore(summary, 'failed') ?? 0 };
  },
  // cargo: one line per binary.
  (text) => summed(text, /^test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed/gm),
  // Maven: every class has its line with the time it took, the sum has none.
  (text) => {
    const found = lastMatch(
      text,
      /Tests run: (\d+), Failures: (\d+), Errors: (\d+)(?:, Skipped: (\d+))?\s*$/gm,
    );
    if (found === null) return null;
    const [run = 0, failures = 0, errors = 0, skipped = 0] = found
      .slice(1)
      .map((digits) => Number(digits || 0));
    return { passed: Math.max(0, run - failures - errors - skipped), failed: failures + errors };
  },
  // Gradle tells counts only of failures.
  (text) => {
    const found = /^(\d+) tests? completed, (\d+) failed/m.exec(text);
    return found === null ? null : { passed: Number(found[1]) - Number(found[2]), failed: Number(found[2]) };
  },
  // mocha: `5 passing (20ms)`, `1 failing`.
  (text) => {
    const passed = /^[ \t]*(\d+) passing\b/m.exec(text)?.[1];
    const failed = /^[ \t]*(\d+) failing\b/m.exec(text)?.[1];
    return passed === undefined && failed === undefined
      ? null
      : { passed: Number(passed ?? 0), failed: Number(failed ?? 0) };
  },
  // node:test and TAP: `# pass 5`, `ℹ fail 1`.
  (text) => {
    const passed = lastMatch(text, /^(?:#|ℹ) pass (\d+)$/gm)?.[1];
    const failed = lastMatch(text, /^(?:#|ℹ) fail (\d+)$/gm)?.[1];
    return passed === undefined ? null : { passed: Number(passed), failed: Number(failed ?? 0) };
  },
  // unittest: `Ran 5 tests in 0.1s`, `FAILED (failures=1, errors=2)`.
  (text) => {
    const run = lastMatch(text, /^Ran (\d+) tests? in /gm)?.[1];
    if (run === undefined) return null;
    const verdict = lastMatch(text, /^FAILED \((.*)\)/gm)?.[1] ?? '';
    const failed = [...verdict.matchAll(/(?:failures|errors)=(\d+)/g)].reduce(
      (sum, found) => sum + Number(found[1]),
      0,
    );
    return { passed: Math.max(0, Number(run) - failed), failed };
  },
  // RSpec, PHPUnit, .NET, CTest.
  (text) => ofAll(/^(?<all>\d+) examples?, (?<failed>\d+) failures?/m.exec(text)),
  (text) => ofAll(/^OK \((?<all>\d+) tests?/m.exec(text)),
  (text) => ofAll(/^Tests: (?<all>\d+), .*?(?:Failures: (?<failed>\d+)|$)/m.exec(text)),
  (text) => summed(text, /Failed:\s+(?<failed>\d+), Passed:\s+(?<passed>\d+)/g),
  (text) => ofAll(/tests passed, (?<failed>\d+) tests? failed out of (?<all>\d+)/.exec(text)),
  goCounts,
];

function countsOf(text: string): Counts | null {
  for (const read of readers) {
    const counts = read(text);
    if (counts !== null) return counts;
  }
  return null;
}

/** Without -v, go names packages that passed, not how many tests they have. */
function goCounts(text: string): Counts | null {
  const failed = text.match(/^--- FAIL: /gm)?.length ?? 0;
  const passed = text.match(/^--- PASS: /gm)?.length ?? 0;
  const hasPassed = /^ok\s+\S+\s+(?:[\d.]+s|\(cached\))/m.test(text);
  if (failed > 0) return { passed: passed > 0 ? passed : null, failed };
  if (passed > 0) return { passed, failed };
  return hasPassed && !/^FAIL\b/m.test(text) ? { passed: null, failed: 0 } : null;
}

function summed(text: string, pattern: RegExp): Counts | null {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return null;
  const sum = (name: string): number =>
    found.reduce((total, { groups }) => total + Number(groups?.[name] ?? 0), 0);
  return { passed: sum('passed'), failed: sum('failed') };
}

function ofAll(found: RegExpExecArray | null): Counts | null {
  if (found === null) return null;
  const failed = Number(found.groups?.['failed'] ?? 0);
  return { passed: Math.max(0, Number(found.groups?.['all'] ?? 0) - failed), failed };
}

function lastMatch(text: string, pattern: RegExp): RegExpMatchArray | null {
  return [...text.matchAll(pattern)].at(-1) ?? null;
}

function numberBefore(text: string, word: string): number | null {
  const digits = new RegExp(`(\\d+) ${word}\\b`).exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** pytest, go, cargo, vitest and jest, each in its way. */
const failurePatterns = [
  /^(?:FAILED|ERROR) (\S+::\S+)/gm,
  /^[ \t]*--- FAIL: (\S+)/gm,
  /^test (\S+) \.\.\. FAILED/gm,
  /^[ \t]*(?:FAIL|×|✗|✕)[ \t]+(.+? > .+?)(?: \d+ ?ms)?$/gm,
  /^[ \t]*● (.+)$/gm,
  /^(?:FAIL|ERROR): (\S+ \(.+\))$/gm,
];

const mostNames = 200;

function failingNames(text: string): readonly string[] {
  const found = failurePatterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, name = '']) => name.trim()),
  );
  return [...new Set(found)].slice(0, mostNames).map((name) => excerpt(name));
}

function listed(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more}`;
}

function abortedBy(text: string): TestOutput {
  const lines = text.split('\n').map((line) => line.trim());
  const cause =
    lines.find((line) => environmentFault.test(line) && /error|fail/i.test(line)) ??
    lines.find((line) => environmentFault.test(line)) ??
    lines.find((line) => codeFault.test(line));
  const why = cause ?? lines.find((line) => /error|fail|timed out|cannot|no such|not found/i.test(line));
  const isEnvironment = cause === undefined ? !codeFault.test(text) : environmentFault.test(cause);
  return {
    ...untold,
    outcome: 'aborted',
    passed: 0,
    failed: 0,
    detail: excerpt(why ?? lines.find((line) => line !== '') ?? 'no test ran'),
    isEnvironment,
  };
}

/** Missing programs and packages, environments in the way, services that don't answer. */
const environmentFault =
  /virtual environment|venv|No module named|ModuleNotFoundError|Cannot find (?:module|package)|command not found|not installed|No such file or directory|ENOENT|EACCES|Permission denied|lock ?file|out of (?:sync|date)|version (?:mismatch|conflict)|ECONNREFUSED|[Cc]onnection refused|npm (?:ERR!|error)|Missing script|could not (?:resolve|connect)|unrecognized arguments|No space left/;

/** What doesn't compile is the work, not the place. */
const codeFault =
  /SyntaxError|IndentationError|could not compile|build failed|error\[E\d+\]|error TS\d+|COMPILATION ERROR|cannot find symbol|undefined: /;
