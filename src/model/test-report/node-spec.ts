/** node:test with the spec reporter. */
import type { OpenFailure } from './failure-list.js';
import type { RunnerReader } from './report.js';
import { createRuns } from './runs.js';

const runner = 'node:test';

export function createNodeSpec(): RunnerReader {
  const runs = createRuns();
  const counts = { pass: 0, fail: 0, cancelled: 0, skipped: 0 };
  /** Names of the suites that are open, by depth. */
  let suites: string[] = [];
  let hasSummary = false;
  let abortedBy: string | null = null;
  /** The list at the end tells where each test stands; before it the tree tells the suites. */
  let isListing = false;
  let location: { readonly file: string; readonly line: number } | null = null;
  /** What a file that could not be loaded wrote. */
  let thrown: string | null = null;
  let hasProperties = false;

  function failed(depth: number, name: string): void {
    // A suite is closed under its own name once its tests have failed.
    if (suites[depth] === name) {
      suites = suites.slice(0, depth);
      runs.failures.close();
      return;
    }
    const path = [...suites.slice(0, depth), name];
    // Two files may have tests of the same name; the list at the end tells where each stands.
    const failure = runs.failures.open({ title: path.join(' > '), name, isAnother: true });
    if (depth === 0 && thrown !== null && /\.[cm]?[jt]sx?$/.test(name)) {
      failure.message.push(thrown);
      failure.file = name;
      thrown = null;
      runs.failures.close();
    }
  }

  function listed(name: string): void {
    const known = runs.failures.all.find((failure) => failure.name === name && !placed.has(failure));
    const failure = known ?? runs.failures.open({ title: name });
    placed.add(failure);
    if (known !== undefined) runs.failures.close();
    if (location !== null && failure.file === null)
      [failure.file, failure.line] = [location.file, location.line];
    location = null;
  }

  function read(text: string): void {
    const mark = /^( *)([▶✖✔﹣]) (.+?)(?: \([\d.]+ms\)(?: # .*)?)?$/.exec(text);
    const [, indent = '', sign = '', name = ''] = mark ?? [];
    if (mark !== null) hasProperties = false;
    const at = /^test at (.+):(\d+):\d+$/.exec(text);
    if (at?.[1] !== undefined) location = { file: at[1], line: Number(at[2]) };
    else if (mark === null) said(text);
    else if (sign === '▶') {
      suites = [...suites.slice(0, indent.length / 2), name];
      runs.failures.close();
    } else if (sign === '✖') {
      if (isListing) listed(name);
      else failed(indent.length / 2, name);
    } else runs.failures.close();
  }

  function said(text: string): void {
    if (/^(?:\w+Error|Error)(?: \[\w+\])?: /.test(text)) thrown ??= text;
    // Behind the last frame come the error's properties, which the message has told.
    if (hasProperties) hasProperties = !/^\s*\}$/.test(text);
    else runs.failures.say(text.replace(/^\s*'(.*)'$/, '$1'));
    if (/^\s*at .* \{$/.test(text)) hasProperties = true;
  }

  return {
    get isListening() {
      return runs.failures.current !== null;
    },
    line(text) {
      const count = /^ℹ (pass|fail|cancelled|skipped|duration_ms) ([\d.]+)$/.exec(text);
      const [, kind = '', digits = ''] = count ?? [];
      if (text === '✖ failing tests:') isListing = true;
      else if (text === 'ℹ tests 0') abortedBy = text;
      else if (text.startsWith('ℹ tests ')) runs.failures.close();
      else if (kind === 'pass') {
        runs.failures.close();
        // Another run's summary.
        if (hasSummary) next();
        hasSummary = true;
        counts.pass = Number(digits);
      } else if (kind === 'fail' || kind === 'cancelled' || kind === 'skipped') counts[kind] = Number(digits);
      else if (
        kind === '' &&
        (runs.failures.current !== null || !/^\S/.test(text) || /^[▶✖✔﹣t\w]/u.test(text))
      )
        read(text);
    },
    end(hasFailed) {
      if (hasSummary) next();
      return runs.isEmpty ? null : { runner, ...runs.end(hasFailed), abortedBy };
    },
  };

  function next(): void {
    const { pass, fail, cancelled, skipped } = counts;
    const { length } = runs.failures.all;
    // A test with failing subtests is counted too, and not told.
    const failed = length > 0 && length < 1000 ? Math.min(length, fail + cancelled) : fail + cancelled;
    runs.close({ passed: pass, failed, skipped });
    [hasSummary, isListing, thrown, suites] = [false, false, null, []];
  }
}

const placed = new WeakSet<OpenFailure>();
