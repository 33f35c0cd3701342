/** The failures of two runs beside each other: for repairs, and for what a base has too. */
import type { TestFailure } from './report.js';

export interface FailureChanges {
  /** Failed before and don't now, as they were. */
  readonly fixed: readonly TestFailure[];
  /** Fail as before, as they are now; what they say may have changed. */
  readonly still: readonly TestFailure[];
  readonly fresh: readonly TestFailure[];
}

/** By test, whatever it says. */
export function compareFailures(before: readonly TestFailure[], now: readonly TestFailure[]): FailureChanges {
  const known = new Set(before.map(testOf));
  const failing = new Set(now.map(testOf));
  return {
    fixed: before.filter((failure) => !failing.has(testOf(failure))),
    still: now.filter((failure) => known.has(testOf(failure))),
    fresh: now.filter((failure) => !known.has(testOf(failure))),
  };
}

/** What the base fails at too, and with the same message: a test that fails of something else is the item's again. */
export function isSameFailure(one: TestFailure, other: TestFailure): boolean {
  return (
    testOf(one) === testOf(other) && one.rest === other.rest && isSameMessage(one.message, other.message)
  );
}

export function isSameMessage(one: string, other: string): boolean {
  return one === other || normaliseMessage(one) === normaliseMessage(other);
}

/** A message without what differs from run to run: times, addresses, ports, process ids, scratch folders. */
export function normaliseMessage(message: string): string {
  return variable.reduce((text, [pattern, word]) => text.replace(pattern, word), message).trim();
}

const variable: readonly (readonly [RegExp, string])[] = [
  [/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi, '<uuid>'],
  [/\b0x[\da-f]{4,}\b/gi, '<address>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<instant>'],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, '<time>'],
  [/\b\d+(?:\.\d+)? ?(?:ns|[µm]s|s|secs?|seconds?|minutes?|milliseconds?)\b/g, '<duration>'],
  [/(\b(?:localhost|127\.0\.0\.1|\[::1\])):\d+\b/g, '$1:<port>'],
  [/\b(pid|process|thread)([ =:#]+)\d+/gi, '$1$2<id>'],
  [/(?:\/private)?(?:\/var\/folders|\/tmp)\/[^\s'":,)\]]+/g, '<scratch>'],
  [/[A-Za-z]:\\[^\s'":,)\]]*\\Temp\\[^\s'":,)\]]+/g, '<scratch>'],
  // The place may move when something above it changes; what went wrong there is the same.
  [/(\.[A-Za-z]{1,5}):\d+(?::\d+)?\b/g, '$1:<line>'],
  [/[ \t]+$/gm, ''],
];

function testOf({ suite, file, name }: TestFailure): string {
  return JSON.stringify([suite, file, name]);
}
