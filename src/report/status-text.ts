/** `regen status`. */
import { formatUsage } from '../model/format.js';
import { stateMarks } from '../model/plan.js';
import type { ItemStatus, Status } from '../model/status.js';
import type { Waiting } from '../model/wait.js';

/** More open items than this are counted, not listed. */
const longestList = 40;

export function statusText(status: Status): string {
  const wait = status.waiting === null ? [] : [waitLine(status.waiting)];
  if (status.target === null) {
    return ['No plan. Run regen to pick the next target and write one.', ...wait].join('\n');
  }
  const { counts, running } = status;
  return [
    `${status.target}${status.title === null ? '' : ` — ${status.title}`}`,
    `${counts.done} done, ${counts.failed} failed, ${counts.skipped} skipped, ${counts.waiting} waiting, ${counts.todo} to do; ${formatUsage(status.usage)}`,
    ...itemLines(status.items),
    ...running.map(
      ({ item, stage, pid, since }) =>
        `Running: ${item}, ${stage}${pid === null ? ', in a session' : ` (pid ${pid})`} since ${since}`,
    ),
    ...wait,
    nextLine(status),
  ].join('\n');
}

/** `regen status --json` */
export function statusDocument({ target, title, items, counts, running, usage, waiting }: Status): unknown {
  return { target, title, items, counts, running, usage, waiting };
}

function waitLine({ reason, retryAt, since }: Waiting): string {
  const until = retryAt === null ? '' : ` until ${retryAt}`;
  return `Waiting since ${since}${until}: ${reason} ("regen --no-wait-state" tries at once)`;
}

function itemLines(items: readonly ItemStatus[]): string[] {
  const shown = items
    .slice(0, longestList)
    .map((item) => `  [${stateMarks[item.state]}] ${item.id}${detail(item)}`);
  return items.length > longestList ? [...shown, `  … and ${items.length - longestList} more`] : shown;
}

function detail({ pr, score, reason }: ItemStatus): string {
  const facts = [pr?.url, score === null ? undefined : `score ${score}`, reason ?? undefined];
  const text = facts.filter((fact) => fact !== undefined).join(', ');
  return text === '' ? '' : `  ${text}`;
}

function nextLine({ mode, items, running }: Status): string {
  if (mode === 'done') return 'Next: regen archives the plan.';
  const open = items.filter(({ state }) => state === 'todo');
  const next = open.find(({ id }) => !running.some(({ item }) => item === id));
  if (next !== undefined) return `Next: regen does ${next.id}.`;
  return open.length > 0
    ? 'Next: nothing more to begin while these are at work.'
    : 'Next: regen asks after what was handed off.';
}
