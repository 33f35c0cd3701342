/** How much of each item's prompts came out of the cache. */
import * as Plot from '@observablehq/plot';
import type { ReportedItem } from '../../model/report-page.js';
import { formatUsd } from '../../model/format.js';
import { promptTokens } from '../../model/usage.js';
import { figure } from './figure.js';
import type { Room } from './figure.js';
import { markup } from './html.js';
import type { Html } from './html.js';
import { baseline, endText, endWithTexts, ink, innerWidth, rows } from './scales.js';
import type { PlanInFocus } from './focus.js';
import { count, counted, hitRate, longestName, name, percent, shortened } from './words.js';

/** The chart shows so many, the worst ones; the table has them all. */
const mostBars = 20;

interface Rated extends ReportedItem {
  readonly rate: number;
}

export function cacheByItem(focus: PlanInFocus | null): Html {
  const rated = (focus?.plan.items ?? [])
    .flatMap((item): readonly Rated[] => {
      const rate = hitRate(item.spending.usage);
      return rate === null ? [] : [{ ...item, rate }];
    })
    .sort((left, right) => left.rate - right.rate);
  if (focus === null || rated.length === 0) {
    return markup`<p class="empty">No item has sent a prompt yet.</p>`;
  }
  const shown = rated.slice(0, mostBars);
  const median = rated[Math.floor(rated.length / 2)]?.rate ?? 0;
  const part =
    shown.length < rated.length
      ? `the ${shown.length} lowest of ${counted(rated.length, 'item')}`
      : counted(rated.length, 'item');
  const description = `Share of the prompt that was read from the cache, ${part} of ${focus.words}; the median is ${percent(median)}.`;
  return figure({
    id: 'cache',
    title: 'Cache hit rate per item',
    description,
    plot: (room) => rateBars(shown, median, room),
    table: {
      caption: `Cache hit rate of the items of ${focus.plan.target}, the lowest first`,
      columns: [
        { title: 'Item', cell: ({ id }) => name(id) },
        { title: 'Hit rate', cell: ({ rate }) => percent(rate), isNumber: true },
        {
          title: 'Prompt tokens',
          cell: ({ spending }) => count(promptTokens(spending.usage)),
          isNumber: true,
        },
        { title: 'Read from cache', cell: ({ spending }) => count(spending.usage.cacheRead), isNumber: true },
        {
          title: 'Written to cache',
          cell: ({ spending: { usage } }) => count(usage.cacheWrite5m + usage.cacheWrite1h),
          isNumber: true,
        },
        {
          title: 'Net saving',
          cell: ({ spending }) => formatUsd(spending.netCacheSavingUsd),
          isNumber: true,
        },
      ],
      rows: rated,
    },
  });
}

function rateBars(items: readonly Rated[], median: number, room: Room): Plot.PlotOptions {
  const layout = rows(room, { names: items.map(({ id }) => id), rowHeight: 22, marginTop: 20 });
  const bars = items.map(({ id, rate }) => ({
    value: rate,
    text: percent(rate),
    said: `${shortened(id, longestName)}: ${percent(rate)}`,
  }));
  const row = (_bar: unknown, index: number): number => index;
  const full = { value: 1, text: percent(1) };
  return {
    ...layout,
    x: { domain: [0, endWithTexts([full], innerWidth(layout))], axis: null },
    marks: [
      Plot.barX(bars, { y: row, x: 'value', fill: ink.bar, title: 'said' }),
      Plot.ruleX([median], { stroke: ink.text, strokeDasharray: '3,3', strokeWidth: 1.2 }),
      Plot.text([{ median, text: 'median' }], {
        x: 'median',
        text: 'text',
        frameAnchor: 'top',
        dy: -14,
        fill: ink.text,
      }),
      Plot.text(bars, { ...endText, y: row, x: 'value', text: 'text' }),
      baseline(),
    ],
  };
}
