/** The plan at work: how far it is, and what became of each item. */
import * as Plot from '@observablehq/plot';
import { isNothing, totalTokens } from '../../model/usage.js';
import type { ReportedItem, ReportedPlan, ReportPage } from '../../model/report-page.js';
import { figure } from './figure.js';
import type { Room } from './figure.js';
import { markup, nothing } from './html.js';
import type { Html, Part } from './html.js';
import { link } from './link.js';
import { ink } from './scales.js';
import { foldedTable, table } from './table.js';
import type { Table } from './table.js';
import {
  count,
  counted,
  hitRate,
  instant,
  money,
  name,
  percent,
  shortCount,
  stateBadge,
  states,
  stateWords,
} from './words.js';

/** Longer lists are folded. */
const longestList = 30;

export function progress({ plan, running, waiting }: ReportPage): Html {
  if (plan === null) {
    return markup`<p class="empty">
      No plan is at work. <kbd>regen</kbd> picks the next target and writes one.
    </p>`;
  }
  return markup`<p>
      ${name(plan.target)}${plan.title === null ? null : markup`: ${name(plan.title)}`}${
        plan.created === null ? null : markup`, planned ${instant(plan.created)}`
      }.
    </p>
    ${running.map(
      ({ item, stage, since, members }) =>
        markup`<p class="note">Running: ${name(item)}${
          members === undefined ? null : ` (${count(members.length)} items)`
        }, stage ${stage}, since ${instant(since)}.</p>`,
    )}${
      waiting === null
        ? nothing
        : markup`<p class="note">
            Waiting since ${instant(waiting.since)}:
            ${waiting.reason}${waiting.retryAt === null ? null : markup` (until ${instant(waiting.retryAt)})`}
          </p>`
    }
    ${stateChart(plan)} ${itemTable(plan)}`;
}

function stateChart({ counts, items, target }: ReportedPlan): Html {
  const shares = states
    .filter((state) => counts[state] > 0)
    .map((state) => ({ state, items: counts[state] }));
  const told = shares
    .map(({ state, items: number }) => `${count(number)} ${stateWords[state].word}`)
    .join(', ');
  return figure({
    id: 'states',
    title: `Items of ${target} by state`,
    description: `Of ${counted(items.length, 'item')}: ${told}.`,
    caption: markup`${shares.map(({ state, items: number }) => markup`<span class="key">${stateBadge(state)} ${number}</span> `)}`,
    plot: (room) => stateBar(shares, items.length, room),
    table: {
      caption: 'Items by state',
      columns: [
        { title: 'State', cell: ({ state }) => stateBadge(state) },
        { title: 'Items', cell: (share) => count(share.items), isNumber: true },
        { title: 'Share', cell: (share) => percent(share.items / items.length), isNumber: true },
      ],
      rows: shares,
    },
  });
}

interface Share {
  readonly state: (typeof states)[number];
  readonly items: number;
}

function stateBar(shares: readonly Share[], total: number, { width }: Room): Plot.PlotOptions {
  let begin = 0;
  const segments = shares.map(({ state, items }) => {
    const from = begin;
    begin += items;
    return { from, to: begin, state, text: `${stateWords[state].mark} ${items}` };
  });
  const hasRoom = (segment: (typeof segments)[number]): boolean =>
    ((segment.to - segment.from) / total) * width > segment.text.length * 8 + 6;
  return {
    height: 44,
    marginLeft: 1,
    marginRight: 1,
    marginTop: 4,
    marginBottom: 4,
    x: { domain: [0, total], axis: null },
    marks: [
      ...segments.map((segment) =>
        Plot.rectX([segment], {
          x1: 'from',
          x2: 'to',
          fill: `var(--${segment.state})`,
          stroke: segment.state === 'todo' ? ink.muted : 'var(--surface)',
        }),
      ),
      Plot.text(segments.filter(hasRoom), {
        x: ({ from, to }: { from: number; to: number }) => (from + to) / 2,
        text: 'text',
        fill: ({ state }: Share) => (state === 'todo' ? ink.text : 'var(--on-state)'),
        fontWeight: 600,
        frameAnchor: 'middle',
      }),
    ],
  };
}

function itemTable(plan: ReportedPlan): Html {
  const content = itemsOf(plan, beginOfReason);
  return plan.items.length <= longestList
    ? table(content)
    : foldedTable(`All ${count(plan.items.length)} items as a table`, content);
}

/** A longer one would make a narrow column of many lines; the section of failures has it whole. */
const longestReason = 160;

function beginOfReason({ state, reason }: ReportedItem): Part {
  const letters = Array.from(reason ?? '');
  if (state !== 'failed' || letters.length <= longestReason) return reason;
  return markup`${letters.slice(0, longestReason).join('')}… <a href="#failures">more</a>`;
}

/**
 * What became of a plan's items.
 *
 * @param reasonOf - what is shown of an item's reason; left out: all of it.
 */
export function itemsOf(
  plan: Pick<ReportedPlan, 'target' | 'items'>,
  reasonOf: (item: ReportedItem) => Part = ({ reason }) => reason,
): Table<ReportedItem> {
  const hasEstimates = plan.items.some(({ spending }) => !isNothing(spending.estimated));
  const tokens = ({ spending }: ReportedItem): number => totalTokens(spending.usage);
  return {
    caption: `Items of ${plan.target}${hasEstimates ? '; est.: estimated in part' : ''}`,
    columns: [
      { title: 'Item', cell: ({ id }) => name(id) },
      { title: 'State', cell: ({ state }) => stateBadge(state) },
      { title: 'Score', cell: ({ score }) => score ?? '–', isNumber: true },
      { title: 'Pull request', cell: ({ pr }) => (pr === null ? '–' : link(pr.url, `#${pr.number}`)) },
      {
        title: 'Tokens',
        cell: (item) => (tokens(item) === 0 ? '–' : shortCount(tokens(item))),
        isNumber: true,
      },
      {
        title: 'From cache',
        cell: ({ spending }) => {
          const rate = hitRate(spending.usage);
          return rate === null ? '–' : percent(rate);
        },
        isNumber: true,
      },
      { title: 'Cost', cell: (item) => (tokens(item) === 0 ? '–' : cost(item)), isNumber: true },
      { title: 'Reason', cell: reasonOf, isWide: true },
    ],
    rows: plan.items,
  };
}

function cost({ spending }: ReportedItem): Html {
  return markup`${money(spending)}${isNothing(spending.estimated) ? null : ' est.'}`;
}
