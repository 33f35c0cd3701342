/** `regen status`. */
import { formatUsage } from '../model/format.js';
import { stateMarks } from '../model/plan.js';
import type { ItemStatus, Running, Status } from '../model/status.js';
import type { Waiting } from '../model/wait.js';

/** More open items than this are counted, not listed. */
const longestList = 40;

export function statusText(status: Status): string {
  const wait = status.waiting === null ? [] : [waitLine(status.waiting)];
  const { counts, running } = status;
  if (status.target === null) {
    const what =
      running.length === 0 ? 'No plan. Run regen to pick the next target and write one.' : 'No plan yet.';
    return [what, ...running.map(runningLine), ...wait].join('\n');
  }
  return [
    `${status.target}${status.title === null ? '' : ` — ${status.title}`}`,
    `${counts.done} done, ${counts.failed} failed, ${counts.skipped} skipped, ${counts.waiting} waiting, ${counts.todo} to do; ${formatUsage(status.usage)}`,
    ...itemLines(status.items),
    ...running.map(runningLine),
    ...wait,
    nextLine(status),
  ].join('\n');
}

/** `regen status --json` */
export function statusDocument({ target, title, items, counts, running, usage, waiting }: Status): unknown {
  return { target, title, items, counts, running, usage, waiting };
}

function runningLine({ item, stage, pid, since, members }: Running): string {
  const size = members === undefined ? '' : ` (${members.length} ${members.length === 1 ? 'item' : 'items'})`;
  return `Running: ${item}${size}, ${stage}${pid === null ? ', in a session' : ` (pid ${pid})`} since ${since}`;
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
  const taken = new Set(running.flatMap(({ item, members }) => members ?? [item]));
  const next = open.find(({ id }) => !taken.has(id));
  if (next !== undefined) return `Next: regen does ${next.id}.`;
  return open.length > 0
    ? 'Next: nothing more to begin while these are at work.'
    : 'Next: regen asks after what was handed off.';
}
