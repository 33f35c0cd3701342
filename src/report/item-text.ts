/** `regen item …`, for the agent session that calls it. */
import { stepText } from './step-text.js';
import type { StepResult } from '../model/step-result.js';
import type { CheckResult } from '../model/verdict.js';

interface Started {
  readonly target: string;
  readonly item: string;
  readonly token: string;
  readonly worktree: string;
  readonly prompt: { readonly prefix: string; readonly message: string };
}

interface StageReport {
  readonly item: string;
  readonly stage: string;
  readonly ok: boolean;
  readonly reason: string | null;
  readonly score: number | null;
  readonly checks: readonly CheckResult[];
  readonly next: string;
  readonly step: StepResult | null;
}

/** Everything a session needs: where to work, what to do, what comes next. */
export function itemStartedText({ target, item, token, worktree, prompt }: Started): string {
  return [
    `Started ${target}/${item}. Work in ${worktree} only. Lease token: ${token}`,
    '',
    prompt.prefix,
    '',
    prompt.message,
    '',
    'When the work is done, run: regen item check',
  ].join('\n');
}

interface Question {
  readonly prefix: string;
  readonly message: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** For a reviewer who has seen nothing of how the item was made. */
export function reviewerText({ prefix, message, schema }: Question): string {
  return [
    prefix,
    message,
    `# The answer\n\nOne JSON document that fits this schema, on the standard input of: regen item evaluate\n\n${JSON.stringify(schema)}`,
  ].join('\n\n');
}

/** What a stage came to: digests of what failed, and the next command. */
export function itemStageText(report: StageReport): string {
  if (report.step !== null) return stepText(report.step, null);
  const digests = report.checks
    .filter(({ ok }) => !ok)
    .map(({ name, digest }) => `check "${name}" failed:\n${digest ?? ''}`);
  const scored = report.stage === 'evaluate' && report.score !== null ? ` (score ${report.score})` : '';
  const state = report.ok
    ? `${report.item}: ${report.stage} passed${scored}.`
    : `${report.item}: ${report.stage} failed${scored}.`;
  const noted = report.checks
    .filter(({ ok }) => ok)
    .flatMap(({ name, notes }) => notes.map((note) => `check "${name}": ${note}`));
  const asked = report.reason === null ? [] : [report.reason];
  return [state, ...digests, ...noted, ...asked, `Next: ${report.next}`].join('\n');
}
