/** The plans that are archived. */
import * as Plot from '@observablehq/plot';
import type { ReportedPlan } from '../../model/report-page.js';
import { totalTokens } from '../../model/usage.js';
import { figure } from './figure.js';
import type { Room } from './figure.js';
import { markup } from './html.js';
import type { Html } from './html.js';
import { baseline, endText, endWithTexts, ink, innerWidth, rows } from './scales.js';
import { itemsOf } from './progress.js';
import { foldedTable } from './table.js';
import { count, counted, instant, money, name, shortCount, states, stateWords } from './words.js';

/** The chart shows so many plans. */
const mostBars = 12;

/** The page lists so many items of archived plans; what is older stays in its file. */
const mostItems = 1000;

export function history(archives: readonly ReportedPlan[]): Html {
  if (archives.length === 0) {
    return markup`<p class="empty">
      No plan has been archived yet. One that is done goes to <code>.regen-history/</code>.
    </p>`;
  }
  return markup`${planChart(archives)} ${itemLists(archives)}`;
}

function planChart(archives: readonly ReportedPlan[]): Html {
  const shown = archives.slice(0, mostBars);
  const done = archives.reduce((sum, { counts }) => sum + counts.done, 0);
  const all = archives.reduce((sum, { items }) => sum + items.length, 0);
  const left = archives.length > shown.length ? ` The chart shows the newest ${shown.length}.` : '';
  return figure({
    id: 'plans',
    title: 'Archived plans, their items by state',
    description: `${counted(archives.length, 'archived plan')}: ${count(done)} of ${counted(all, 'item')} done.${left}`,
    keys: states
      .filter((state) => archives.some(({ counts }) => counts[state] > 0))
      .map(
        (state) =>
          markup`<span class="swatch ${state}"></span> ${stateWords[state].mark} ${stateWords[state].word}`,
      ),
    plot: (room) => planBars(shown, room),
    table: {
      caption: 'Archived plans, newest first',
      columns: [
        { title: 'Target', cell: ({ target }) => name(target) },
        { title: 'Archived', cell: ({ archived }) => (archived === null ? '' : instant(archived.at)) },
        ...states.map((state) => ({
          title: capital(stateWords[state].word),
          cell: ({ counts }: ReportedPlan) => count(counts[state]),
          isNumber: true,
        })),
        { title: 'Tokens', cell: ({ spending }) => shortCount(totalTokens(spending.usage)), isNumber: true },
        { title: 'Cost', cell: ({ spending }) => money(spending), isNumber: true },
        {
          title: 'File',
          cell: ({ archived }) =>
            archived === null
              ? ''
              : markup`<code>${archived.file}</code>${archived.isAbandoned ? ' (given up)' : ''}`,
        },
      ],
      rows: archives,
    },
  });
}

function planBars(plans: readonly ReportedPlan[], room: Room): Plot.PlotOptions {
  const layout = rows(room, { names: plans.map(({ target }) => target) });
  const segments = plans.flatMap(({ counts }, index) => {
    let begin = 0;
    return states.flatMap((state) => {
      const from = begin;
      begin += counts[state];
      return counts[state] === 0 ? [] : [{ index, state, from, to: begin }];
    });
  });
  const bars = plans.map((plan) => ({ value: plan.items.length, text: ending(plan, room) }));
  return {
    ...layout,
    x: { domain: [0, endWithTexts(bars, innerWidth(layout))], axis: null },
    marks: [
      ...states.map((state) =>
        Plot.barX(
          segments.filter((segment) => segment.state === state),
          {
            y: 'index',
            x1: 'from',
            x2: 'to',
            fill: `var(--${state})`,
            stroke: state === 'todo' ? ink.muted : 'var(--surface)',
          },
        ),
      ),
      Plot.text(bars, { ...endText, y: (_bar: unknown, index: number) => index, x: 'value', text: 'text' }),
      baseline(),
    ],
  };
}

function ending({ archived, counts }: ReportedPlan, { size }: Room): string {
  const marks = states.flatMap((state) =>
    counts[state] === 0 ? [] : [`${stateWords[state].mark}${counts[state]}`],
  );
  const day = archived === null ? '' : archived.at.slice(size === 'narrow' ? 2 : 0, 10);
  return `${marks.join(' ')}  ${day}`;
}

function itemLists(archives: readonly ReportedPlan[]): Html {
  let room = mostItems;
  const shown = archives.filter(({ items }) => {
    room -= items.length;
    return room >= 0;
  });
  const left = archives.length - shown.length;
  return markup`<details>
    <summary>Items and pull requests of the archived plans</summary>
    ${shown.map((plan) => {
      const day = plan.archived?.at.slice(0, 10) ?? '';
      return foldedTable(`${plan.target}, ${day}: ${counted(plan.items.length, 'item')}`, {
        ...itemsOf(plan),
        caption: `Items of ${plan.target}, archived ${plan.archived?.at.slice(0, 16).replace('T', ' ') ?? ''}`,
      });
    })}${left === 0 ? null : markup`<p>${counted(left, 'more plan')}: see the files in the table above.</p>`}
  </details>`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
