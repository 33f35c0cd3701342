/** What the rest of the plan will take. */
import * as Plot from '@observablehq/plot';
import type { BudgetForecast, BudgetName, Forecast, PlanPlace, Spread } from '../../model/forecast.js';
import { formatUsd } from '../../model/format.js';
import type { ReportPage } from '../../model/report-page.js';
import { figure } from './figure.js';
import type { Room } from './figure.js';
import { markup, nothing } from './html.js';
import type { Html } from './html.js';
import { endText, ink } from './scales.js';
import { table } from './table.js';
import { count, counted, name, percent, took } from './words.js';

export function forecast({ forecast: found, plan }: Pick<ReportPage, 'forecast' | 'plan'>): Html {
  if (plan === null) return markup`<p class="empty">Nothing to forecast without a plan.</p>`;
  if (found === null) return markup`<p class="empty">There is no forecast for this plan.</p>`;
  if (found.remaining === 0) return markup`<p class="empty">Nothing is left to do in this plan.</p>`;
  const { costUsd } = found.toEnd;
  return markup`${summary(found)}
  ${costUsd === null ? nothing : costChart(found, costUsd, plan.spending.pricedUsd)}
  ${found.budgets.length === 0 ? nothing : budgetTable(found.budgets)}`;
}

function summary({ remaining, toEnd, basis }: Forecast): Html {
  const all = basis.plan + basis.target + basis.others;
  if (all === 0) {
    return markup`<p class="empty">
      ${counted(remaining, 'item')} to go. No item is finished whose cost is known: there is nothing yet to
      forecast from.
    </p>`;
  }
  const sources = [
    ...(basis.plan > 0 ? [`${count(basis.plan)} of this plan`] : []),
    ...(basis.target > 0 ? [`${count(basis.target)} of the target’s earlier plans`] : []),
    ...(basis.others > 0 ? [`${count(basis.others)} of other targets`] : []),
  ];
  const time = toEnd.durationMs;
  return markup`<p>
    ${counted(remaining, 'item')} to go, forecast from ${counted(all, 'finished item')}
    (${sources.join(', ')}).${
      time === null
        ? null
        : ` Time of the agent’s runs, one after the other: ${took(time.p50)} (P50), ${took(time.p90)} (P90).`
    }
  </p>`;
}

interface Part {
  readonly part: string;
  readonly usd: number;
}

function costChart({ remaining }: Forecast, toEnd: Spread, spent: number): Html {
  const parts: readonly Part[] = [
    { part: 'Spent so far', usd: spent },
    { part: 'At the end, P50', usd: spent + toEnd.p50 },
    { part: 'At the end, P90', usd: spent + toEnd.p90 },
  ];
  const description = `${formatUsd(spent)} spent; ${counted(remaining, 'item')} to go ${remaining === 1 ? 'takes' : 'take'} ${formatUsd(toEnd.p50)} more in the middle case (P50), ${formatUsd(toEnd.p90)} in the dear one (P90).`;
  return figure({
    id: 'forecast-cost',
    title: 'Cost of the plan at its end',
    description,
    keys: [
      markup`<span class="swatch bar"></span> spent`,
      markup`<span class="swatch soft"></span> to P50`,
      markup`<span class="swatch hatched"></span> to P90`,
    ],
    plot: (room) => costBar(spent, toEnd, room),
    table: {
      caption: 'Cost of the plan at its end',
      columns: [
        { title: 'Of the plan', cell: ({ part }) => part },
        { title: 'Cost', cell: ({ usd }) => formatUsd(usd), isNumber: true },
      ],
      rows: parts,
    },
  });
}

function costBar(spent: number, { p50, p90 }: Spread, { size }: Room): Plot.PlotOptions {
  const end = spent + p90;
  const segments = [
    { from: 0, to: spent, fill: ink.bar },
    { from: spent, to: spent + p50, fill: ink.soft },
    { from: spent + p50, to: end, fill: ink.hatch },
  ];
  return {
    height: 76,
    marginLeft: 2,
    marginTop: 22,
    marginBottom: 22,
    x: { domain: [0, Math.max(end, 1e-9) * (size === 'narrow' ? 1.28 : 1.14)], axis: null },
    marks: [
      ...segments.map(({ from, to, fill }) =>
        Plot.rectX([{ from, to }], { x1: 'from', x2: 'to', fill, stroke: ink.bar, strokeWidth: 1 }),
      ),
      Plot.text([spent], {
        x: (usd: number) => usd,
        text: formatUsd,
        frameAnchor: 'top',
        textAnchor: spent * 4 > end ? 'end' : 'start',
        dy: -15,
        fill: ink.text,
      }),
      Plot.text([spent + p50], {
        x: (usd: number) => usd,
        text: (usd: number) => `P50 ${formatUsd(usd)}`,
        frameAnchor: 'bottom',
        textAnchor: 'end',
        dy: 16,
        fill: ink.text,
      }),
      Plot.text([end], {
        ...endText,
        x: (usd: number) => usd,
        text: (usd: number) => `P90 ${formatUsd(usd)}`,
        frameAnchor: 'middle',
      }),
    ],
  };
}

const budgetWords: Readonly<Record<BudgetName, string>> = {
  itemUsd: 'an item (budget.itemUsd)',
  targetUsd: 'the target (budget.targetUsd)',
  dayUsd: 'the day (budget.dayUsd)',
};

function budgetTable(budgets: readonly BudgetForecast[]): Html {
  return table({
    caption: 'Budgets',
    columns: [
      { title: 'Of', cell: ({ budget }) => budgetWords[budget] },
      { title: 'Limit', cell: ({ limit }) => formatUsd(limit), isNumber: true },
      {
        title: 'Spent',
        cell: ({ budget, spentUsd }) => (budget === 'itemUsd' ? '–' : formatUsd(spentUsd)),
        isNumber: true,
      },
      {
        title: 'Chance to run out',
        cell: ({ probability }) => (probability === null ? 'no figure yet' : percent(probability)),
        isNumber: true,
      },
      { title: 'Middle case: at', cell: ({ runsOutAt }) => place(runsOutAt) },
      { title: 'Dearest of ten: at', cell: ({ earliestAt }) => place(earliestAt) },
    ],
    rows: budgets,
  });
}

function place(found: PlanPlace | null): Html {
  return found === null ? markup`–` : markup`${name(found.item)} (item ${count(found.position)})`;
}
