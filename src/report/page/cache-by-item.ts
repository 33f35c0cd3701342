/** How much of each item's prompts came out of the cache. */
import * as Plot from '@observablehq/plot';
import type { ReportedItem } from '../../model/report-page.js';
import { formatUsd } from '../../model/format.js';
import { promptTokens } from '../../model/usage.js';
import { figure } from './figure.js';
import type { Room } from './figure.js';
import { markup } from './html.js';
import type { Html } from './html.js';
import { baseline, endText, ink, rows } from './scales.js';
import type { PlanInFocus } from './focus.js';
import { count, counted, hitRate, name, percent } from './words.js';

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
  return {
    ...rows(room, { names: items.map(({ id }) => id), rowHeight: 22, marginTop: 20 }),
    x: { domain: [0, room.size === 'narrow' ? 1.3 : 1.12], axis: null },
    marks: [
      Plot.barX(items, {
        y: (_item: Rated, index: number) => index,
        x: 'rate',
        fill: ink.bar,
        title: ({ id, rate }: Rated) => `${id}: ${percent(rate)}`,
      }),
      Plot.ruleX([median], { stroke: ink.text, strokeDasharray: '3,3', strokeWidth: 1.2 }),
      Plot.text([median], {
        x: (rate: number) => rate,
        text: () => 'median',
        frameAnchor: 'top',
        dy: -14,
        fill: ink.text,
      }),
      Plot.text(items, {
        ...endText,
        y: (_item: Rated, index: number) => index,
        x: 'rate',
        text: ({ rate }: Rated) => percent(rate),
      }),
      baseline(),
    ],
  };
}
