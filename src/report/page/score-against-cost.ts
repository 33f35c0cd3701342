/** What a good score costs. */
import * as Plot from '@observablehq/plot';
import { formatUsd } from '../../model/format.js';
import type { ReportedItem, ReportedPlan, ReportPage } from '../../model/report-page.js';
import { figure } from './figure.js';
import type { Room } from './figure.js';
import { markup } from './html.js';
import type { Html } from './html.js';
import { ink } from './scales.js';
import { count, counted, longestName, name, shortened, stateBadge } from './words.js';

/** More dots than this would hide each other: they are put together. */
const mostDots = 250;

/** The table has the plan at work and so many items of earlier ones. */
const mostRows = 1000;

interface Scored extends ReportedItem {
  readonly target: string;
  readonly score: number;
  readonly cost: number;
  readonly isArchived: boolean;
}

export function scoreAgainstCost({ plan, archives }: ReportPage): Html {
  const scored = [...(plan === null ? [] : [plan]), ...archives].flatMap(scoredItems);
  if (scored.length === 0) {
    return markup`<p class="empty">
      No item has both a score and a known cost yet. Scores come with an <code>evaluate</code> section in
      regen.yaml.
    </p>`;
  }
  const isDense = scored.length > mostDots;
  const description = `${counted(scored.length, 'item')} with a score; the median score is ${count(median(scored.map(({ score }) => score)))}, the median cost ${formatUsd(median(scored.map(({ cost }) => cost)))}.`;
  return figure({
    id: 'score',
    title: 'Cost per item against score',
    description,
    keys: isDense
      ? [markup`The larger a dot, the more items it stands for.`]
      : [sign('●', 'the plan at work'), sign('○', 'an archived plan'), sign('×', 'failed')],
    plot: (room) => (isDense ? bins(scored, room) : dots(scored, room)),
    table: {
      caption: `Cost and score${scored.length > mostRows ? `, ${count(mostRows)} of ${counted(scored.length, 'item')}` : ''}`,
      columns: [
        { title: 'Item', cell: ({ id }) => name(id) },
        { title: 'Target', cell: ({ target }) => name(target) },
        { title: 'Score', cell: ({ score }) => score, isNumber: true },
        { title: 'Cost', cell: ({ cost }) => formatUsd(cost), isNumber: true },
        { title: 'State', cell: ({ state }) => stateBadge(state) },
        { title: 'Plan', cell: ({ isArchived }) => (isArchived ? 'archived' : 'at work') },
      ],
      rows: scored.slice(0, mostRows),
    },
  });
}

function sign(drawn: string, words: string): Html {
  return markup`<span aria-hidden="true">${drawn}</span> ${words}`;
}

/** A cost that is known in part only would be a dot in the wrong place. */
function scoredItems({ target, items, archived }: ReportedPlan): readonly Scored[] {
  return items.flatMap((item) => {
    const { score, spending } = item;
    return score === null || spending.unpricedRequests > 0 || spending.usage.requests === 0
      ? []
      : [{ ...item, target, score, cost: spending.pricedUsd, isArchived: archived !== null }];
  });
}

function frame(items: readonly Scored[], { size }: Room): Plot.PlotOptions {
  const lowest = Math.min(...items.map(({ score }) => score));
  const dearest = Math.max(...items.map(({ cost }) => cost));
  return {
    height: size === 'narrow' ? 250 : 300,
    marginLeft: 40,
    marginBottom: 42,
    marginTop: 26,
    marginRight: 18,
    x: {
      domain: [0, dearest === 0 ? 1 : dearest * 1.06],
      label: 'cost in US dollars',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: size === 'narrow' ? 4 : 7,
      tickFormat: (value: number) => (value === 0 ? '$0' : formatUsd(value)),
    },
    y: {
      domain: [Math.max(0, Math.floor((lowest - 5) / 10) * 10), 100],
      label: 'score',
      labelArrow: 'none',
      ticks: 5,
      tickSize: 0,
    },
  };
}

function dots(items: readonly Scored[], room: Room): Plot.PlotOptions {
  const said = ({ target, id, score, cost }: Scored): string =>
    `${shortened(target, longestName)}/${shortened(id, longestName)}: score ${score}, ${formatUsd(cost)}`;
  const place = { x: 'cost', y: 'score', title: said } as const;
  const well = items.filter(({ state }) => state !== 'failed');
  return {
    ...frame(items, room),
    marks: [
      Plot.gridY({ stroke: ink.line, strokeOpacity: 1, ticks: 5 }),
      Plot.dot(
        well.filter(({ isArchived }) => isArchived),
        { ...place, r: 4, fill: 'var(--surface)', stroke: ink.bar, strokeWidth: 1.5 },
      ),
      Plot.dot(
        well.filter(({ isArchived }) => !isArchived),
        { ...place, r: 4.5, fill: ink.bar, stroke: 'var(--surface)', strokeWidth: 1 },
      ),
      Plot.dot(
        items.filter(({ state }) => state === 'failed'),
        { ...place, r: 5, symbol: 'times', stroke: 'var(--failed-text)', strokeWidth: 2 },
      ),
      ...labels(items, room),
    ],
  };
}

/** Only the extremes are named: names of all would lie over each other. */
function labels(items: readonly Scored[], { size }: Room): Plot.Markish[] {
  const dearest = items.reduce((left, right) => (right.cost > left.cost ? right : left));
  const worst = items.reduce((left, right) => (right.score < left.score ? right : left));
  return [...new Set([dearest, worst])].map((item) => {
    const isRight = item.cost > dearest.cost / 2;
    return Plot.text([item], {
      x: 'cost',
      y: 'score',
      text: () => shortened(item.id, size === 'narrow' ? 16 : 30),
      textAnchor: isRight ? 'end' : 'start',
      dx: isRight ? -9 : 9,
      fill: ink.text,
      stroke: 'var(--surface)',
      strokeWidth: 4,
    });
  });
}

function bins(items: readonly Scored[], room: Room): Plot.PlotOptions {
  return {
    ...frame(items, room),
    r: { range: [1.5, 9] },
    marks: [
      Plot.gridY({ stroke: ink.line, strokeOpacity: 1, ticks: 5 }),
      Plot.dot(
        items,
        Plot.hexbin(
          { r: 'count' },
          { x: 'cost', y: 'score', binWidth: 18, fill: ink.bar, stroke: 'var(--surface)', strokeWidth: 0.75 },
        ),
      ),
    ],
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
