/** `regen status`. */
import { formatUsage } from '../model/format.js';
import type { ItemState, Mode } from '../model/plan.js';
import { stateMarks } from '../model/plan.js';
import type { Usage } from '../model/usage.js';

interface ItemRow {
  readonly id: string;
  readonly state: ItemState;
  readonly pr: { readonly number: number; readonly url: string } | null;
  readonly score: number | null;
  readonly costUsd: number | null;
  readonly reason: string | null;
}

interface RunningRow {
  readonly item: string;
  readonly stage: string;
  readonly pid: number | null;
  readonly since: string;
}

interface StatusFacts {
  readonly target: string | null;
  readonly title: string | null;
  readonly mode: Mode;
  readonly items: readonly ItemRow[];
  readonly counts: Readonly<Record<ItemState, number>>;
  readonly running: readonly RunningRow[];
  readonly usage: Usage;
}

/** More open items than this are counted, not listed. */
const longestList = 40;

export function statusText(status: StatusFacts): string {
  if (status.target === null) return 'No plan. Run regen to pick the next target and write one.';
  const { counts, running } = status;
  return [
    `${status.target}${status.title === null ? '' : ` — ${status.title}`}`,
    `${counts.done} done, ${counts.failed} failed, ${counts.skipped} skipped, ${counts.waiting} waiting, ${counts.todo} to do; ${formatUsage(status.usage)}`,
    ...itemLines(status.items),
    ...running.map(
      ({ item, stage, pid, since }) =>
        `Running: ${item}, ${stage}${pid === null ? ', in a session' : ` (pid ${pid})`} since ${since}`,
    ),
    nextLine(status),
  ].join('\n');
}

/** `regen status --json` */
export function statusDocument({ target, title, items, counts, running, usage }: StatusFacts): unknown {
  return { target, title, items, counts, running, usage };
}

function itemLines(items: readonly ItemRow[]): string[] {
  const shown = items
    .slice(0, longestList)
    .map((item) => `  [${stateMarks[item.state]}] ${item.id}${detail(item)}`);
  return items.length > longestList ? [...shown, `  … and ${items.length - longestList} more`] : shown;
}

function detail({ pr, score, reason }: ItemRow): string {
  const facts = [pr?.url, score === null ? undefined : `score ${score}`, reason ?? undefined];
  const text = facts.filter((fact) => fact !== undefined).join(', ');
  return text === '' ? '' : `  ${text}`;
}

function nextLine({ mode, items }: StatusFacts): string {
  if (mode === 'done') return 'Next: regen archives the plan.';
  const next = items.find(({ state }) => state === 'todo');
  return next === undefined ? 'Next: regen asks after what was handed off.' : `Next: regen does ${next.id}.`;
}
