/** What `run_checks` says: counts, and the digest of what failed. Pure. */
import type { Violation } from '../model/change.js';
import { formatDuration } from '../model/duration.js';
import { cut } from '../model/excerpt.js';
import type { CheckResult } from '../model/verdict.js';

/** Characters of an answer: what the stage's digest may have, too. */
const longestAnswer = 2000;

interface Asked {
  readonly asked: readonly string[];
  /** Every configured check. */
  readonly all: readonly string[];
  readonly products: string | null;
}

export function checksAnswer(results: readonly CheckResult[], { asked, all, products }: Asked): string {
  const failed = results.filter(({ ok }) => !ok);
  const passed = results.filter(({ ok }) => ok);
  const left = asked.filter((name) => !results.some((result) => isOf(result, name)));
  const facts = [
    ...(passed.length === 0 ? [] : [`Passed: ${passed.map(timed).join(', ')}.`]),
    ...passed.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}. Nothing to mend.`)),
    ...(left.length === 0 ? [] : [`Not run, since one before failed: ${left.join(', ')}.`]),
    ...(products === null || passed.length === 0 ? [] : [`Their products: ${products}`]),
  ];
  if (failed.length === 0) return cut([headline(asked, all), ...facts].join('\n'), longestAnswer);
  const head = cut([`FAILED: ${failed.map(timed).join(', ')}.`, ...facts].join('\n'), longestAnswer / 4);
  const room = Math.floor((longestAnswer - head.length) / failed.length) - 2;
  const digests = failed.map((result) => cut(`## ${result.name}\n${digestOf(result)}`, room));
  return [head, ...digests].join('\n\n');
}

export function violationAnswer(violations: readonly Violation[]): string {
  const lines = violations.map(({ path, reason }) => `- ${JSON.stringify(path)}: ${reason}`);
  const head =
    'FAILED: files were changed that this item may not change. No check was run. Undo these first:';
  return cut([head, ...lines].join('\n'), longestAnswer);
}

function headline(asked: readonly string[], all: readonly string[]): string {
  const isAll = all.every((name) => asked.includes(name));
  return isAll
    ? 'All checks pass.'
    : `These checks pass; not asked for: ${all.filter((name) => !asked.includes(name)).join(', ')}.`;
}

function timed({ name, durationMs }: CheckResult): string {
  return `${name} (${formatDuration(durationMs)})`;
}

/** A result's name is the check's, with its variant behind it. */
function isOf({ name }: CheckResult, check: string): boolean {
  return name === check || name.startsWith(`${check} (`);
}

function digestOf({ digest, log }: CheckResult): string {
  return digest ?? `It said nothing. Log: ${log}`;
}
