/** A test run in few words: what an agent is told of it in place of the log. */
import { cut, formatDigest } from '../excerpt.js';
import { normaliseMessage } from './compare.js';
import type { FailureChanges } from './compare.js';
import type { TestCounts, TestFailure, TestReport } from './report.js';

export interface DigestFacts {
  /** Where the whole output is. */
  readonly log: string;
  /** How the command ended, such as `exit code 1`. */
  readonly ending?: string;
  /** Characters, at most. */
  readonly limit?: number;
  /** Since the run before. */
  readonly changes?: FailureChanges;
  /** Said below the headline, a line each. */
  readonly remarks?: readonly string[];
}

const usualLimit = 2000;

/** The headline, the first failures with what they say, those of the same cause together, and the path of the log. */
export function testDigest(report: TestReport, facts: DigestFacts): string {
  const { log, changes, remarks = [], limit = usualLimit } = facts;
  const headline = headlineOf(report, facts.ending);
  const changed = changes === undefined ? [] : changeLines(changes);
  const head = [headline, ...changed, ...remarks.map((remark) => cut(remark, 300))];
  const tail = `Log: ${log}`;
  if (report.failures.length === 0 || report.outcome === 'aborted') {
    const named = report.failures.length === 0 ? [] : causesOf(report.failures).map(headingOf);
    return cut(formatDigest([...head, ...named.slice(0, 5), tail], report.excerpt, limit), limit);
  }
  const room = limit - head.join('\n').length - tail.length - 4;
  return cut([head.join('\n'), ...paragraphs(report, room), tail].join('\n\n'), limit);
}

/** One line, such as `pytest: 2 failed, 30 passed`. */
function headlineOf(report: TestReport, ending?: string): string {
  const { runner, outcome, abortedBy } = report;
  const told = outcome === 'aborted' ? 'no test ran' : countsOf(report.counts);
  const parts = [told, abortedBy].filter((part) => part !== null && part !== '');
  const said = parts.join(': ') || outcome;
  const headline = runner === null ? said : `${runner}: ${said}`;
  return cut(ending === undefined ? headline : `${ending}; ${headline}`, 400);
}

function countsOf({ failed, passed, skipped }: TestCounts): string {
  return [
    failed === null ? null : `${failed} failed`,
    passed === null ? null : `${passed} passed`,
    skipped === null || skipped === 0 ? null : `${skipped} skipped`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function changeLines({ fixed, still, fresh }: FailureChanges): readonly string[] {
  const listed = (failures: readonly TestFailure[]): string =>
    failures.length === 0 || failures.length > 8
      ? ''
      : ` (${failures.map(({ title }) => cut(title, 80)).join(', ')})`;
  return [
    cut(
      `Since the last run: ${fixed.length} fixed${listed(fixed)}, ${fresh.length} new${listed(fresh)}, ${still.length} as before`,
      500,
    ),
  ];
}

/** Failures of one cause: told once, with the names of the first. */
interface Cause {
  readonly failures: readonly TestFailure[];
  readonly message: string;
}

function causesOf(failures: readonly TestFailure[]): readonly Cause[] {
  const causes = new Map<string, TestFailure[]>();
  for (const failure of failures) {
    // Without a message nothing says that two have the same cause.
    const key =
      failure.message === ''
        ? JSON.stringify([failure.file, failure.title])
        : normaliseMessage(failure.message);
    const known = causes.get(key);
    if (known === undefined) causes.set(key, [failure]);
    else known.push(failure);
  }
  return [...causes.values()].map((same) => ({ failures: same, message: same[0]?.message ?? '' }));
}

/** As many causes as there is room for, each with fewer lines when there are many. */
function paragraphs(report: TestReport, room: number): readonly string[] {
  const causes = causesOf(report.failures);
  // A few get all their lines, many share the room.
  const lines = causes.length <= 3 ? 10 : causes.length <= 6 ? 5 : 3;
  const told: string[] = [];
  let used = 0;
  for (const [index, cause] of causes.entries()) {
    const rest = room - used;
    const left = restLine(report, causes.slice(index));
    const paragraph = fitted(cause, lines, rest - (index === causes.length - 1 ? 0 : left.length + 2));
    if (paragraph === null) return [...told, left];
    told.push(paragraph);
    used += paragraph.length + 2;
  }
  const unlisted = (report.counts.failed ?? 0) - report.failures.length;
  return unlisted > 0 && used + 40 < room ? [...told, `and ${unlisted} more`] : told;
}

function restLine({ counts, failures }: TestReport, causes: readonly Cause[]): string {
  const listed = causes.reduce((sum, cause) => sum + cause.failures.length, 0);
  const more = Math.max(listed, listed + (counts.failed ?? 0) - failures.length);
  const names = causes.flatMap((cause) => cause.failures.map(({ title }) => title)).slice(0, 3);
  return cut(
    `and ${more} more: ${names.map((name) => cut(name, 60)).join(', ')}${more > names.length ? ', …' : ''}`,
    240,
  );
}

function fitted(cause: Cause, lines: number, room: number): string | null {
  const heading = headingOf(cause);
  const message = cause.message
    .split('\n')
    .slice(0, lines)
    .map((line) => `  ${line}`);
  while (message.length > 0 && heading.length + message.join('\n').length + 1 > room) message.pop();
  const text = [heading, ...message].join('\n');
  if (text.length <= room && (message.length > 0 || cause.message === '')) return text;
  // The first of all is told in any case.
  const first = `${heading}\n  ${cause.message.split('\n', 1)[0] ?? ''}`;
  return room > 120 ? cut(first, room) : null;
}

function headingOf({ failures }: Cause): string {
  const [first] = failures;
  if (first === undefined) return '';
  const place = first.file === null ? '' : ` (${first.file}${first.line === null ? '' : `:${first.line}`})`;
  const isPlaceTold = first.file === first.title && first.line === null;
  const others = failures.length - 1;
  const more = others === 0 ? '' : `, and ${others} more with the same error`;
  return `✗ ${cut(first.title, 300)}${isPlaceTold ? '' : place}${more}`;
}
