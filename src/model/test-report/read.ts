/** Reads the output of a test run, whatever the runner, as a stream and in bounded memory. */
import { pathToFileURL } from 'node:url';
import { createExcerpt } from '../excerpt.js';
import { createCauses, isEnvironmentFault, isFault } from './aborted.js';
import type { CauseReader } from './aborted.js';
import { createCargo } from './cargo.js';
import { createCtest } from './ctest.js';
import { createGoJson } from './go-json.js';
import { createGo } from './go.js';
import { createJest } from './jest.js';
import { createJunit } from './junit.js';
import { createLines } from './lines.js';
import { createMaven } from './maven.js';
import { createMinitest } from './minitest.js';
import { createMocha } from './mocha.js';
import { createNodeSpec } from './node-spec.js';
import { mayAnnounce } from './announcing.js';
import { createBun, createDotnet, createGradle } from './others.js';
import { createPhpunit } from './phpunit.js';
import { createPytest } from './pytest.js';
import { createRspec } from './rspec.js';
import { createTap } from './tap.js';
import { createUnittest } from './unittest.js';
import { createVitest } from './vitest.js';
import type { RunFacts, RunnerReader, RunnerReport, TestFailure, TestReport } from './report.js';
import { untold } from './runs.js';

export interface TestReportCollector {
  /** A part of the output; it may end anywhere, also inside a line, a colour code or a character's surrogate pair. */
  add(text: string): void;
  /** What the output told; to be asked once, when the command has ended. */
  report(facts: RunFacts): TestReport;
}

export function readTestReport(output: string, facts: RunFacts): TestReport {
  const collector = createTestReport();
  collector.add(output);
  return collector.report(facts);
}

export function createTestReport(): TestReportCollector {
  const readers = runners.map((create) => create());
  const dataReaders = dataRunners.map((create) => create());
  const causes = createCauses();
  const excerpt = createExcerpt();
  const lines = createLines((line) => {
    // Patterns on a line of many thousand characters are dear, and no runner for people prints one.
    const text = line.length > longestText ? line.slice(0, longestText) : line;
    const mayTell = mayAnnounce(text);
    for (const reader of readers) if (mayTell || reader.isListening) reader.line(text);
    for (const reader of dataReaders) if (mayTell || reader.isListening) reader.line(line);
    causes.line(text);
    excerpt.add(line);
  });
  return {
    add: (text) => {
      lines.add(text);
    },
    report(facts) {
      lines.end();
      const all = [...readers, ...dataReaders].flatMap((reader) => reader.end(facts.hasFailed) ?? []);
      const told = tellingOf(all);
      const other = all.find((one) => one !== told && one.failures.length > 0 && isAnother(one, told));
      const besides = other === undefined ? causes.sessionFault : `${other.runner} failed as well`;
      const report = { ...judged(told, causes, facts.hasFailed), besides, excerpt: excerpt.excerpt() };
      return facts.directory === undefined
        ? report
        : relativeTo(facts.directory, facts.folders ?? {}, report);
    },
  };
}

/** In the order in which they are believed: a wrapper's summary comes after the one that it wraps, and says less. */
const runners: readonly (() => RunnerReader)[] = [
  createPytest,
  createVitest,
  createJest,
  createCargo,
  createMaven,
  createGradle,
  createMocha,
  createNodeSpec,
  createUnittest,
  createBun,
  createRspec,
  createMinitest,
  createPhpunit,
  createDotnet,
  createCtest,
  createGo,
  createTap,
];

/** Of formats for programs, whose lines may be long. */
const dataRunners: readonly (() => RunnerReader)[] = [createGoJson, createJunit];

const longestText = 1000;

function tellingOf(reports: readonly RunnerReport[]): RunnerReport | null {
  const hasCounts = ({ counts }: RunnerReport): boolean => counts.passed !== null || counts.failed !== null;
  return (
    reports.find((report) => hasCounts(report) && !isEmpty(report)) ??
    reports.find(({ failures }) => failures.length > 0) ??
    reports.find(hasCounts) ??
    reports[0] ??
    null
  );
}

/** Not the same tests in another form: a wrapper names those that it wraps. */
function isAnother(one: RunnerReport, told: RunnerReport | null): boolean {
  const titles = new Set(told?.failures.flatMap(({ title, name }) => [title, name]) ?? []);
  return one.failures.some(({ title, name }) => !titles.has(title) && !titles.has(name));
}

function isEmpty({ counts, failures }: RunnerReport): boolean {
  return failures.length === 0 && !counts.passed && !counts.failed && !counts.skipped;
}

type Judged = Omit<TestReport, 'excerpt' | 'besides'>;

function judged(told: RunnerReport | null, causes: CauseReader, hasFailed: boolean): Judged {
  if (told === null) return unread(causes, hasFailed);
  const { runner, counts, failures, abortedBy } = told;
  const failed = counts.failed ?? failures.length;
  const hasRun = (counts.passed ?? 0) > 0 || (counts.passed === null && counts.failed !== null);
  const isLoading = failures.length > 0 && failures.every(isUnloadable);
  if (!hasRun && (abortedBy !== null || isLoading || (failed === 0 && failures.length === 0)))
    return {
      ...aborted(causes, abortedBy ?? failures[0]?.message ?? null),
      runner,
      failures,
      counts: withoutRun(told),
    };
  if (failed > 0 || failures.length > 0) {
    // A hook that failed, an error outside of all tests: no test's, and not counted as one.
    const counted = { ...counts, failed: Math.max(failed, failures.length) };
    return { runner, outcome: 'failed', counts: counted, failures, abortedBy: null, isEnvironment: false };
  }
  // Coverage limits, lint in the same command, a crash when everything was over.
  if (hasFailed)
    return { runner, outcome: 'failed', counts, failures, abortedBy: causes.complaint, isEnvironment: false };
  return { runner, outcome: 'passed', counts, failures, abortedBy: null, isEnvironment: false };
}

/** A file in place of a test: it could not be loaded. */
function isUnloadable({ name, title, file }: TestFailure): boolean {
  return file !== null && (name === file || title === file || name.endsWith(`/${file}`));
}

function withoutRun({ counts }: RunnerReport): TestReport['counts'] {
  return { passed: 0, failed: counts.failed ?? 0, skipped: counts.skipped ?? 0 };
}

/** Nothing of a known runner's: only the command's end and its words are left. */
function unread(causes: CauseReader, hasFailed: boolean): Judged {
  const nothing = { runner: null, counts: untold, failures: [], abortedBy: null, isEnvironment: false };
  const { kind } = causes.cause();
  if (causes.saysNothingRan) return { ...nothing, ...aborted(causes, null) };
  if (!hasFailed) return { ...nothing, outcome: 'unknown' };
  // Tests that were running are no reason to say that none ran.
  if (causes.timeout !== null) return { ...nothing, outcome: 'unknown', abortedBy: causes.timeout };
  if (kind !== null) return { ...nothing, ...aborted(causes, null) };
  return { ...nothing, outcome: 'failed', abortedBy: causes.complaint };
}

type Aborted = Pick<TestReport, 'outcome' | 'abortedBy' | 'isEnvironment' | 'counts'>;

function aborted(causes: CauseReader, toldBy: string | null): Aborted {
  const { why, kind } = causes.cause();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const said = toldBy?.split('\n') ?? [];
  const line = (said.find(isFault) ?? said[0] ?? '').replace(/^[=\s]+|[=\s]+$/g, '');
  // What the runner says is believed, unless it says only that there was nothing to run.
  const abortedBy = line === '' || (kind !== null && !isFault(line)) ? why : line;
  return {
    outcome: 'aborted',
    abortedBy,
    isEnvironment: kind !== 'code' || isEnvironmentFault(abortedBy),
    counts,
  };
}

/** Paths in the directory are told without it, wherever they stand. */
function relativeTo(
  directory: string,
  folders: Readonly<Record<string, string>>,
  report: TestReport,
): TestReport {
  const prefix = directory.endsWith('/') ? directory : `${directory}/`;
  // In a URL some characters of a path are written in another way.
  const url = pathToFileURL(prefix).href;
  const forms = [url, `file://${prefix}`, url.slice('file://'.length), prefix];
  // The longest first: one may lie in another.
  const words = Object.entries({ ...folders, [directory]: '.' }).toSorted(
    ([left], [right]) => right.length - left.length,
  );
  const short = (text: string): string =>
    words.reduce(
      (rest, [folder, word]) => rest.replaceAll(folder, word),
      forms.reduce((rest, form) => rest.replaceAll(form, ''), text),
    );
  return {
    ...report,
    abortedBy: report.abortedBy === null ? null : short(report.abortedBy),
    excerpt: {
      ...report.excerpt,
      errors: report.excerpt.errors.map(short),
      last: report.excerpt.last.map(short),
    },
    failures: report.failures.map((failure) => ({
      ...failure,
      name: short(failure.name),
      title: short(failure.title),
      file: failure.file === null ? null : short(failure.file),
      message: short(failure.message),
    })),
  };
}
