/** A step, for a person: at most a kilobyte, since it also goes into an agent session's context. */
import { formatDuration } from '../model/duration.js';
import { formatUsage } from '../model/format.js';
import { countStates } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import { typed } from '../model/typed.js';

const longestBytes = 1000;

/**
 * @param plan - the plan as it was before the step: what an archived plan's summary is made of.
 */
export function stepText(result: StepResult, plan: Plan | null): string {
  const text = lines(result, plan)
    .filter((line) => line !== '')
    .join('\n');
  return Buffer.byteLength(text) <= longestBytes
    ? text
    : `${text.slice(0, longestBytes / 2)}…\n${lines(result, null).at(-1) ?? ''}`;
}

function lines(result: StepResult, plan: Plan | null): string[] {
  switch (result.outcome) {
    case 'planned':
      return [
        `Planned ${name(result)}: ${items(result.remaining)} to do (${result.reason ?? ''}).`,
        'The checklist is .regen-plan.md. Run regen to do the first item.',
      ];
    case 'nothing':
      return [
        `Nothing to do: ${result.reason ?? ''}.`,
        'Run regen again later, or "regen plan <target>" to choose one.',
      ];
    case 'archived':
      return [...summary(result, plan), `Spec ${name(result)} complete. Run regen to start the next oldest.`];
    case 'waiting':
      return [
        `Waiting${result.item === null ? '' : ` with ${result.item}`}: ${result.reason ?? ''}`,
        result.retryAt === null ? 'Run regen again later.' : `Run regen again at or after ${result.retryAt}.`,
      ];
    case 'shipped':
    case 'unchanged':
    case 'skipped':
    case 'failed':
      return [headline(result), whereToLook(result), spent(result), nextAction(result)];
  }
}

function headline(result: StepResult): string {
  const where = result.pr === null ? '' : `: ${result.pr.url}`;
  const why = result.reason === null ? '' : `: ${firstLine(result.reason)}`;
  return `${result.target ?? ''}/${result.item ?? ''} ${result.outcome}${where}${why}`;
}

function whereToLook({ evidence, item }: StepResult): string {
  if (evidence === null) return '';
  const isPlain = evidence.next === `regen retry ${typed(item ?? '')}`;
  return `Log: ${evidence.log}${isPlain ? '' : `\nNext: ${evidence.next}.`}`;
}

function spent(result: StepResult): string {
  const score = result.score === null ? '' : `score ${result.score}, ${result.verdict ?? 'no verdict'}; `;
  return `${score}${formatUsage(result.usage)}, ${formatDuration(result.durationMs)}`;
}

function nextAction(result: StepResult): string {
  const { remaining } = result;
  const retry = result.outcome === 'failed' ? ` "regen retry ${typed(result.item ?? '')}" sets it back.` : '';
  if (remaining === null) return 'The plan is gone. Run regen to make the next.';
  if (remaining === 0) return `No item left.${retry} Run regen to archive the plan.`;
  return `${items(remaining)} left.${retry} Run regen for the next.`;
}

function summary(result: StepResult, plan: Plan | null): string[] {
  if (plan === null) return [];
  const counts = countStates(plan.items);
  const links = plan.log.flatMap(({ text }) => /\bPR (https?:\/\/[^\s,]+)/.exec(text)?.[1] ?? []);
  const shown = [...new Set(links)];
  return [
    `${counts.done} done, ${counts.failed} failed, ${counts.skipped} skipped; ${formatUsage(result.usage)}.`,
    ...shown.slice(0, 8).map((url) => `  ${url}`),
    shown.length > 8 ? `  and ${shown.length - 8} more pull requests` : '',
    `The plan was ${result.reason ?? 'archived'}.`,
  ];
}

function items(count: number | null): string {
  return count === 1 ? '1 item' : `${count ?? 0} items`;
}

function name(result: StepResult): string {
  return result.target ?? '';
}

function firstLine(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
