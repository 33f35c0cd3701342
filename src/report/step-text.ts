/** A step, for a person: at most a kilobyte, since it also goes into an agent session's context. */
import { formatDuration } from '../model/duration.js';
import { cut } from '../model/excerpt.js';
import { formatUsage } from '../model/format.js';
import { countStates } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import { pullRequestsOf } from '../model/step-result.js';
import type { StepResult } from '../model/step-result.js';
import type { TokenTable } from '../model/token-table.js';
import { typed } from '../model/typed.js';
import type { Usage } from '../model/usage.js';
import { failedLine, tokenLines } from './token-text.js';

const longestBytes = 1000;

/** What an archived plan's summary is made of. */
export interface Archived {
  /** As it was before the step. */
  readonly plan: Plan;
  readonly table: TokenTable;
  /** What went into items that failed. */
  readonly failed: Usage | null;
}

/**
 * @param archived - of a step that archived the plan; null for every other.
 */
export function stepText(result: StepResult, archived: Archived | null): string {
  for (let links = mostLinks; links >= 0; links -= 1) {
    const text = joined(lines(result, archived, links));
    if (Buffer.byteLength(text) <= longestBytes) return text;
  }
  const text = joined(lines(result, archived, 0));
  return `${text.slice(0, longestBytes / 2)}…\n${lines(result, null, 0).at(-1) ?? ''}`;
}

/** As many as a summary shows when there is room. */
const mostLinks = 8;

function joined(lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n');
}

/** What isn't mended, but should be known. */
function noted({ checks }: StepResult): string[] {
  return checks.flatMap(({ name, notes = [] }) => notes.map((note) => `Check ${name}: ${cut(note, 160)}.`));
}

function lines(result: StepResult, archived: Archived | null, links: number): string[] {
  switch (result.outcome) {
    case 'planned':
      return [
        `Planned ${name(result)}: ${items(result.remaining)} to do (${result.reason ?? ''}).`,
        result.usage.requests === 0 ? '' : `Planning took ${formatUsage(result.usage)}.`,
        `The checklist is .regen-plan.md. Run regen to ${result.remaining === 0 ? 'archive it' : 'do the first item'}.`,
      ];
    case 'nothing':
      return [
        `Nothing to do: ${result.reason ?? ''}.`,
        'Run regen again later, or "regen plan <target>" to choose one.',
      ];
    case 'archived':
      return [
        ...summary(result, archived, links),
        `Spec ${name(result)} complete. Run regen to start the next oldest.`,
      ];
    case 'waiting':
      return [
        `Waiting${result.item === null ? '' : ` with ${result.item}`}: ${result.reason ?? ''}`,
        markedBefore(result),
        result.retryAt === null ? 'Run regen again later.' : `Run regen again at or after ${result.retryAt}.`,
      ];
    case 'shipped':
    case 'unchanged':
    case 'skipped':
    case 'failed':
      return [headline(result), ...noted(result), whereToLook(result), spent(result), nextAction(result)];
  }
}

/** What came to its end before the step had to wait. */
function markedBefore({ items: marked = [] }: StepResult): string {
  const shown = marked.slice(0, 3).map(({ id, outcome, reason }) => {
    return `${id} ${outcome}${reason === null ? '' : `: ${firstLine(reason)}`}`;
  });
  const more = marked.length > shown.length ? ` and ${marked.length - shown.length} more` : '';
  return shown.length === 0 ? '' : `Before that: ${shown.join('; ')}${more}.`;
}

function headline(result: StepResult): string {
  const others = pullRequestsOf(result).length - 1;
  const more = others > 0 ? ` and ${others} more pull request${others === 1 ? '' : 's'}` : '';
  const where = result.pr === null ? '' : `: ${result.pr.url}${more}`;
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
  const isPack = result.items !== undefined && !result.items.some(({ id }) => id === result.item);
  const which = isPack ? '--failed' : typed(result.item ?? '');
  const retry = result.outcome === 'failed' ? ` "regen retry ${which}" sets it back.` : '';
  if (remaining === null) return 'The plan is gone. Run regen to make the next.';
  if (remaining === 0) return `No item left.${retry} Run regen to archive the plan.`;
  return `${items(remaining)} left.${retry} Run regen for the next.`;
}

function summary(result: StepResult, archived: Archived | null, most: number): string[] {
  if (archived === null) return [];
  const { plan, table, failed } = archived;
  const counts = countStates(plan.items);
  const links = plan.log.flatMap(({ text }) => /\bPR (https?:\/\/[^\s,]+)/.exec(text)?.[1] ?? []);
  const found = [...new Set(links)];
  const rest = found.length - most;
  return [
    `${counts.done} done, ${counts.failed} failed, ${counts.skipped} skipped; ${formatUsage(result.usage)}.`,
    ...tokenLines(table),
    failedLine(failed),
    ...found.slice(0, most).map((url) => `  ${url}`),
    rest > 0 ? `  and ${rest} more pull requests` : '',
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
