/** What failed, and why. */
import type { ReportedFailure } from '../../model/report-page.js';
import { markup, nothing } from './html.js';
import type { Html } from './html.js';
import { foldedTable, table } from './table.js';
import type { Column, Table } from './table.js';
import { count, counted, instant, name, stateBadge } from './words.js';

/** Longer lists are folded. */
const longestList = 12;

/** More earlier ones are counted only. */
const mostEarlier = 200;

export function failures(all: readonly ReportedFailure[]): Html {
  if (all.length === 0) return markup`<p class="empty">Nothing has failed.</p>`;
  const open = standing(all);
  const earlier = all.filter((failure) => !open.includes(failure));
  return markup`${open.length === 0 ? markup`<p>No item is failed now.</p>` : openFailures(open)}
${causeTable(all)}
${earlierFailures(earlier)}`;
}

function openFailures(open: readonly ReportedFailure[]): Html {
  const [verb, them] = open.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return markup`<p>${counted(open.length, 'item')} of the plan at work ${verb} failed now; <kbd>regen retry --failed</kbd> sets ${them} back.</p>
${nowFailed(open)}`;
}

/** The last failure of each item that stands as failed. */
function standing(all: readonly ReportedFailure[]): readonly ReportedFailure[] {
  const seen = new Set<string>();
  return all.filter(({ isArchived, item, state }) => {
    const isFirst = !isArchived && state === 'failed' && !seen.has(item);
    if (isFirst) seen.add(item);
    return isFirst;
  });
}

function nowFailed(rows: readonly ReportedFailure[]): Html {
  const content: Table<ReportedFailure> = {
    caption: 'Items that are failed now',
    columns: [itemColumn, reasonColumn, whenColumn],
    rows,
  };
  return rows.length <= longestList
    ? table(content)
    : foldedTable(`All ${count(rows.length)} of them`, content);
}

const itemColumn: Column<ReportedFailure> = { title: 'Item', cell: ({ item }) => name(item) };
const reasonColumn: Column<ReportedFailure> = { title: 'Reason', cell: reasonAndLog, isWide: true };
const whenColumn: Column<ReportedFailure> = {
  title: 'When',
  cell: ({ at }) => (at === null ? '–' : instant(at)),
};

function earlierFailures(all: readonly ReportedFailure[]): Html {
  if (all.length === 0) return nothing;
  const shown = all.slice(0, mostEarlier);
  const part = shown.length < all.length ? `, the newest ${count(shown.length)}` : '';
  return foldedTable(`${counted(all.length, 'earlier failure')}, archived plans included${part}`, {
    caption: 'Earlier failures, newest first',
    columns: [
      itemColumn,
      { title: 'Target', cell: ({ target }) => name(target) },
      reasonColumn,
      whenColumn,
      { title: 'In its plan now', cell: ({ state }) => (state === null ? 'not listed' : stateBadge(state)) },
    ],
    rows: shown,
  });
}

function reasonAndLog({ reason, log }: ReportedFailure): Html {
  return markup`${reason}${log === null ? null : markup`<br><span class="detail">Log: <code>${log}</code></span>`}`;
}

interface Cause {
  readonly words: string;
  readonly failures: number;
}

function causeTable(all: readonly ReportedFailure[]): Html {
  const causes = causesOf(all);
  if (causes.length === 1 && all.length === 1) return nothing;
  return table<Cause>({
    caption: `Causes of all ${counted(all.length, 'failure')}`,
    columns: [
      { title: 'Cause', cell: ({ words }) => words, isWide: true },
      { title: 'Failures', cell: (cause) => count(cause.failures), isNumber: true },
    ],
    rows: causes.slice(0, 12),
  });
}

/** A reason begins with what kind of failure it is: `check "render" failed: …`, `out of time: …`. */
function causesOf(all: readonly Pick<ReportedFailure, 'reason'>[]): readonly Cause[] {
  const counts = new Map<string, number>();
  for (const { reason } of all) {
    const words = reason.split(/: |; /)[0] ?? reason;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts]
    .map(([words, number]) => ({ words, failures: number }))
    .sort((left, right) => right.failures - left.failures);
}
