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

/** What a stage came to: digests of what failed, and the next command. */
export function itemStageText(report: StageReport): string {
  if (report.step !== null) return stepText(report.step, null);
  const digests = report.checks
    .filter(({ ok }) => !ok)
    .map(({ name, digest }) => `check "${name}" failed:\n${digest ?? ''}`);
  const state = report.ok
    ? `${report.item}: ${report.stage} passed.`
    : `${report.item}: ${report.stage} failed.`;
  const noted = report.checks
    .filter(({ ok }) => ok)
    .flatMap(({ name, notes }) => notes.map((note) => `check "${name}": ${note}`));
  const asked = report.reason === null ? [] : [report.reason];
  return [state, ...digests, ...noted, ...asked, `Next: ${report.next}`].join('\n');
}
