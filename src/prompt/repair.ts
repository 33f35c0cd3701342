import type { CheckResult } from '../model/verdict.js';

/** What checks said after the last turn, and after the one before. */
export interface CheckRounds {
  readonly now: readonly CheckResult[];
  /** Empty the first time. */
  readonly before: readonly CheckResult[];
}

/** The next turn of the same session, after checks that failed or changes that are not allowed: digests, never logs. */
export function repairMessage({ now, before }: CheckRounds): string {
  const failed = now.filter((check) => !check.ok);
  const reports = failed.map((check) => `## ${check.name}\n\n${reportOf(check, before)}`);
  const mended = now.filter(({ name, ok }) => ok && before.some((one) => one.name === name && !one.ok));
  const passing = mended.length === 0 ? [] : [`Mended: ${mended.map(({ name }) => name).join(', ')}.`];
  return [
    '# The work does not pass yet',
    ...passing,
    ...reports,
    "Mend the cause in the files that you may write. Don't weaken what is checked. The checks run again by themselves when\nyou end.",
  ].join('\n\n');
}

function reportOf({ name, digest }: CheckResult, before: readonly CheckResult[]): string {
  if (digest === null) return 'It said nothing.';
  const last = before.find((one) => one.name === name)?.digest ?? null;
  // Told in a line: the agent has it in its conversation already.
  if (last !== null && comparable(last) === comparable(digest)) {
    const log = /^Log: .*$/m.exec(digest)?.[0] ?? '';
    return `The very same as before your last turn: ${digest.split('\n', 1)[0] ?? ''}\n${log}`;
  }
  return digest;
}

/** Each round has a log of its own, and takes its own time. */
function comparable(digest: string): string {
  return digest.replace(/^Log: .*$/m, '').replace(/\b\d+(?:\.\d+)? ?m?s\b/g, '');
}
