/** What was spent when. */
import * as Plot from '@observablehq/plot';
import { formatUsd } from '../../model/format.js';
import type { LedgerGroup } from '../../model/ledger.js';
import { totalTokens } from '../../model/usage.js';
import { figure } from './figure.js';
import type { Room } from './figure.js';
import { markup } from './html.js';
import type { Html } from './html.js';
import { beginOf, nextAfter, periodsOf } from './periods.js';
import type { Period, PeriodLength, Periods } from './periods.js';
import { ink } from './scales.js';
import { foldedTable } from './table.js';
import type { Table } from './table.js';
import { count, counted, estimatedUsd, money } from './words.js';

const mostTicks = { narrow: 4, medium: 7, wide: 11 } as const;

/** The axis is at least as many periods long: one bar alone would fill the chart. */
const fewestBars = 7;

export function costOverTime(days: readonly LedgerGroup[]): Html {
  const found = periodsOf(days);
  if (found.periods.length === 0)
    return markup`<p class="empty">Nothing has been spent yet: the ledger has no message.</p>`;
  const { length, periods } = found;
  const hasEstimates = periods.some(({ spending }) => estimatedUsd(spending) > 0);
  const isIncomplete = periods.some(({ spending }) => spending.unpricedRequests > 0);
  const known = periods.reduce((sum, { spending }) => sum + spending.pricedUsd, 0);
  if (known === 0 && isIncomplete) {
    return markup`<p>No model that took part has a price: the cost is unknown.</p>
${foldedTable(`Table: Cost by ${length}`, costTable(found))}`;
  }
  const dearest = periods.reduce((left, right) =>
    right.spending.pricedUsd > left.spending.pricedUsd ? right : left,
  );
  const most = `${formatUsd(dearest.spending.pricedUsd)} (${nameOf(dearest, length)})`;
  return figure({
    id: 'cost',
    title: `Cost by ${length}`,
    description: `${formatUsd(known)} in ${counted(periods.length, length)} (UTC) with any cost; the dearest: ${most}.`,
    keys: [
      ...(hasEstimates
        ? [
            markup`<span class="swatch bar"></span> booked exactly`,
            markup`<span class="swatch hatched"></span> estimated`,
          ]
        : []),
      ...(isIncomplete ? [markup`<b>?</b> a model without a price took part: its share is missing`] : []),
    ],
    plot: (room) => costBars(found, room),
    table: costTable(found),
  });
}

function costTable({ length, periods }: Periods): Table<Period> {
  return {
    caption: `Cost by ${length}`,
    columns: [
      {
        title: length === 'week' ? 'Week of' : capital(length),
        cell: (period) => periodCell(period, length),
      },
      { title: 'Cost', cell: ({ spending }) => money(spending), isNumber: true },
      {
        title: 'Of it estimated',
        cell: ({ spending }) => formatUsd(estimatedUsd(spending)),
        isNumber: true,
      },
      { title: 'Together', cell: ({ begin }) => formatUsd(until(periods, begin)), isNumber: true },
      { title: 'Requests', cell: ({ spending }) => count(spending.usage.requests), isNumber: true },
      { title: 'Tokens', cell: ({ spending }) => count(totalTokens(spending.usage)), isNumber: true },
    ],
    rows: periods,
  };
}

function costBars({ length, periods }: Periods, { size }: Room): Plot.PlotOptions {
  const first = periods[0]?.begin ?? new Date(0);
  const end = periods.at(-1)?.end ?? new Date(0);
  const begin = beginOf(
    new Date(Math.min(first.getTime(), end.getTime() - fewestBars * periodMs[length])),
    length,
  );
  const most = Math.max(...periods.map(({ spending }) => spending.pricedUsd));
  const exact = ({ spending }: Period): number => spending.pricedUsd - estimatedUsd(spending);
  const known = ({ spending }: Period): number => spending.pricedUsd;
  const ticks = ticksOf({ begin, end, length }, size);
  const across = { x1: 'begin', x2: 'end', insetLeft: 1, insetRight: 1 } as const;
  return {
    height: size === 'narrow' ? 190 : 230,
    marginLeft: 52,
    marginTop: 16,
    marginRight: 24,
    marginBottom: 30,
    x: {
      type: 'utc',
      domain: [begin, end],
      label: null,
      ticks: [...ticks.keys()].map((time) => new Date(time)),
      tickSize: 3,
      tickFormat: (date: Date) => ticks.get(date.getTime()) ?? '',
    },
    y: { label: null, domain: [0, most === 0 ? 1 : most * 1.05], ticks: 4, tickFormat: dollars, tickSize: 0 },
    marks: [
      Plot.gridY({ stroke: ink.line, strokeOpacity: 1, ticks: 4 }),
      Plot.rectY(periods, {
        ...across,
        y1: 0,
        y2: exact,
        fill: ink.bar,
        title: (period: Period) => said(period, length),
      }),
      Plot.rectY(
        periods.filter(({ spending }) => estimatedUsd(spending) > 0),
        {
          ...across,
          y1: exact,
          y2: known,
          fill: ink.hatch,
          stroke: ink.bar,
          title: (period: Period) => said(period, length),
        },
      ),
      Plot.text(
        periods.filter(({ spending }) => spending.unpricedRequests > 0),
        { x: middle, y: known, text: () => '?', dy: -8, fontWeight: 700, fill: ink.text },
      ),
      Plot.ruleY([0], { stroke: ink.muted }),
    ],
  };
}

const periodMs: Readonly<Record<PeriodLength, number>> = {
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
};

/** Counted back from the last period; the bars are named, not their edges. */
function ticksOf(
  { begin, end, length }: Omit<Period, 'spending'> & { length: PeriodLength },
  size: Room['size'],
) {
  const all: Omit<Period, 'spending'>[] = [];
  for (let at = begin; at < end; at = nextAfter(at, length))
    all.push({ begin: at, end: nextAfter(at, length) });
  const step = Math.ceil(all.length / mostTicks[size]);
  const shown = all.filter((_period, index) => (all.length - 1 - index) % step === 0);
  return new Map(shown.map((period) => [middle(period).getTime(), tickText(period.begin, length)]));
}

function tickText(begin: Date, length: PeriodLength): string {
  return begin.toLocaleDateString('en-US', {
    month: 'short',
    ...(length === 'month' ? { year: 'numeric' } : { day: 'numeric' }),
    timeZone: 'UTC',
  });
}

function middle({ begin, end }: Omit<Period, 'spending'>): Date {
  return new Date((begin.getTime() + end.getTime()) / 2);
}

function said(period: Period, length: PeriodLength): string {
  return `${nameOf(period, length)}: ${money(period.spending)}`;
}

/** `2026-05-02`, `2026-05`, or the day on which a week begins. */
function nameOf({ begin }: Period, length: PeriodLength): string {
  const day = begin.toISOString().slice(0, length === 'month' ? 7 : 10);
  return length === 'week' ? `week of ${day}` : day;
}

function periodCell({ begin }: Period, length: PeriodLength): Html {
  const day = begin.toISOString().slice(0, length === 'month' ? 7 : 10);
  return markup`<time datetime="${day}">${day}</time>`;
}

function until(periods: readonly Period[], begin: Date): number {
  return periods
    .filter((period) => period.begin <= begin)
    .reduce((sum, { spending }) => sum + spending.pricedUsd, 0);
}

function dollars(value: number): string {
  return value === 0 ? '$0' : formatUsd(value);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
