import type { CheckResult } from '../model/verdict.js';

/** The next turn of the same session, after checks that failed or changes that are not allowed. */
export function repairMessage(failures: readonly CheckResult[]): string {
  const failed = failures.filter((check) => !check.ok);
  const reports = failed.map((check) => `## ${check.name}\n\n${check.digest ?? 'It said nothing.'}`);
  return `# The work does not pass yet

${reports.join('\n\n')}

Mend the cause in the files that you may write. Don't weaken what is checked. The checks run again by themselves when
you end.`;
}
