/** What the demo says. */
import { formatDuration } from '../model/duration.js';
import { formatUsage } from '../model/format.js';
import type { ReadStep } from '../model/step-document.js';
import type { ForgePullRequest } from './forge.js';
import type { ItemTokens } from './tokens-by-item.js';

/** One line about one invocation; `prompts`: how many the item's agent was given so far. */
export function stepLine(step: ReadStep, prompts: number): string {
  return `$ regen   ${whatHappened(step, prompts)}  (${formatDuration(step.durationMs)})`;
}

function whatHappened(step: ReadStep, prompts: number): string {
  const target = step.target ?? 'nothing';
  switch (step.outcome) {
    case 'planned':
      return `planned ${target}: ${step.remaining === 1 ? '1 item' : `${step.remaining ?? 0} items`} to do`;
    case 'shipped': {
      const repaired = prompts > 1 ? ' after a failed check and a repair' : '';
      return `shipped ${step.item ?? ''}${repaired}: PR #${step.pr?.number ?? '?'}, ${formatUsage(step.usage)}`;
    }
    case 'failed':
      return `failed ${step.item ?? ''}: ${step.reason ?? 'no reason'}, ${formatUsage(step.usage)}`;
    case 'archived':
      return `${target} is complete: its plan is archived`;
    case 'unchanged':
    case 'skipped':
    case 'waiting':
    case 'nothing':
      return [`${step.outcome} ${step.item ?? target}`, ...(step.reason === null ? [] : [step.reason])].join(
        ': ',
      );
  }
}

export function pullRequestLines(list: readonly ForgePullRequest[]): string[] {
  return list.map(({ number, title, labels }) => `#${number} ${title}  [${labels.join(', ')}]`);
}

/** A table with a row per item and one for all of them. */
export function tokenLines(rows: readonly ItemTokens[]): string[] {
  const total = {
    item: 'total',
    requests: sum(rows.map((row) => row.requests)),
    booked: sum(rows.map((row) => row.booked)),
    billed: sum(rows.map((row) => row.billed)),
  };
  return table([
    ['item', 'answers', 'tokens booked by regen', 'tokens billed by the model'],
    ...[...rows, total].map((row) => [
      row.item,
      ...[row.requests, row.booked, row.billed].map((count) => count.toLocaleString('en-US')),
    ]),
  ]);
}

/** The first column flush left, the others flush right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   '),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
