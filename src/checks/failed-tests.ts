/** What a runner is told to run again: the words that `{failed}` and `{failedFiles}` stand for. Pure. */
import type { TestFailure } from '../model/test-report/report.js';

export interface FailedTests {
  readonly failed: readonly string[];
  readonly failedFiles: readonly string[];
}

/** More of them are run with the whole suite: a command line has an end. In characters. */
const mostNames = 200;
const longestNames = 30_000;

/** null: these can't be named, or are too many. */
export function failedTests(
  runner: string | null,
  failures: readonly Pick<TestFailure, 'name' | 'file'>[],
): FailedTests | null {
  if (runner === null || failures.length === 0 || failures.length > mostNames) return null;
  // What begins with a dash would be an option, and no shell takes a NUL.
  if (failures.some(({ name }) => name === '' || /^-|\p{Cc}/u.test(name))) return null;
  const names = [...new Set(failures.map(({ name }) => name))];
  if (names.join(' ').length > longestNames) return null;
  const failedFiles = [...new Set(failures.flatMap(({ file }) => file ?? []))];
  return { failed: patternOf[runner]?.(names) ?? names, failedFiles };
}

/** Runners that take one regular expression; every other takes the names as they are, one after the other. */
const patternOf: Readonly<Partial<Record<string, (names: readonly string[]) => readonly string[]>>> = {
  vitest: anyOf,
  jest: anyOf,
  mocha: anyOf,
  'node:test': anyOf,
  'bun test': anyOf,
  // A subtest is found below its parent, and its parent's name alone is sure to be taken whole.
  'go test': (names) => {
    const tests = new Set(names.map((name) => name.split('/', 1)[0] ?? name));
    return [`^(${[...tests].map(escaped).join('|')})$`];
  },
};

/** With or without the names of the suites before it. */
function anyOf(names: readonly string[]): readonly string[] {
  return [`(?:^| )(?:${names.map((name) => escaped(name.trim())).join('|')})\\s*$`];
}

function escaped(name: string): string {
  return name.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
