/** Where the tokens went: each kind of them has a scale of its own, since cache reads dwarf the others. */
import * as Plot from '@observablehq/plot';
import type { LedgerGroup } from '../../model/ledger.js';
import { addSpending } from '../../model/spending.js';
import { totalTokens } from '../../model/usage.js';
import type { TokenCounts } from '../../model/usage.js';
import { figure } from './figure.js';
import type { Room } from './figure.js';
import { markup } from './html.js';
import type { Html } from './html.js';
import { baseline, endText, endWithTexts, ink, innerWidth, rows } from './scales.js';
import { count, groupName, longestName, money, percent, shortCount, shortened } from './words.js';

interface Kind {
  readonly key: keyof TokenCounts;
  readonly title: string;
}

const kinds: readonly Kind[] = [
  { key: 'input', title: 'Input, uncached' },
  { key: 'output', title: 'Output' },
  { key: 'cacheRead', title: 'Cache read' },
  { key: 'cacheWrite5m', title: 'Cache write, 5 m' },
  { key: 'cacheWrite1h', title: 'Cache write, 1 h' },
];

/** More stages are put together. */
const mostStages = 8;

export function tokensByStage(all: readonly LedgerGroup[]): Html {
  if (all.length === 0) return markup`<p class="empty">No tokens yet: the ledger has no message.</p>`;
  const stages = mostOf(all);
  const total = all.reduce((sum, { usage }) => sum + totalTokens(usage), 0);
  const used = kinds.filter(({ key }) => all.some(({ usage }) => usage[key] > 0));
  const shares = used.map(({ key, title }) => {
    const tokens = all.reduce((sum, { usage }) => sum + usage[key], 0);
    return `${title.toLowerCase()} ${percent(tokens / total)}`;
  });
  return figure({
    id: 'tokens',
    title: 'Tokens by stage and kind',
    description: `${count(total)} tokens: ${shares.join('; ')}. Each kind has a scale of its own.`,
    plot: (room) => (room.size === 'wide' ? beside(stages, used, room) : below(stages, used, room)),
    table: {
      caption: 'Tokens by stage and kind',
      columns: [
        { title: 'Stage', cell: groupName },
        ...kinds.map(({ key, title }) => ({
          title,
          cell: ({ usage }: LedgerGroup) => count(usage[key]),
          isNumber: true,
        })),
        { title: 'All', cell: ({ usage }) => count(totalTokens(usage)), isNumber: true },
        { title: 'Requests', cell: ({ usage }) => count(usage.requests), isNumber: true },
        { title: 'Peak context', cell: ({ peakContext }) => count(peakContext), isNumber: true },
        { title: 'Cost', cell: (stage) => money(stage), isNumber: true },
      ],
      rows: all,
    },
  });
}

function mostOf(all: readonly LedgerGroup[]): readonly LedgerGroup[] {
  const sorted = [...all].sort((left, right) => totalTokens(right.usage) - totalTokens(left.usage));
  const [first, ...others] = sorted.slice(mostStages - 1);
  if (first === undefined || others.length === 0) return sorted;
  const rest = others.reduce<LedgerGroup>((sum, one) => ({ ...sum, ...addSpending(sum, one) }), {
    ...first,
    key: `${others.length + 1} others`,
  });
  return [...sorted.slice(0, mostStages - 1), rest];
}

interface Cell {
  readonly kind: string;
  readonly index: number;
  readonly stage: string;
  readonly tokens: number;
  /** Of the longest bar of the kind. */
  readonly share: number;
}

function cellsOf(stages: readonly LedgerGroup[], used: readonly Kind[]): readonly Cell[] {
  return used.flatMap(({ key, title }) => {
    const most = Math.max(1, ...stages.map(({ usage }) => usage[key]));
    return stages.map((group, index) => ({
      kind: title,
      index,
      stage: shortened(groupName(group), longestName),
      tokens: group.usage[key],
      share: group.usage[key] / most,
    }));
  });
}

function endOf(cells: readonly Cell[], width: number): number {
  return endWithTexts(
    cells.map(({ share, tokens }) => ({ value: share, text: shortCount(tokens) })),
    width,
  );
}

/** Where there is room for a column each. */
function beside(stages: readonly LedgerGroup[], used: readonly Kind[], room: Room): Plot.PlotOptions {
  const cells = cellsOf(stages, used);
  const layout = rows(room, { names: stages.map(groupName), marginTop: 26 });
  return {
    ...layout,
    fx: { domain: used.map(({ title }) => title), label: null, axis: null, padding: 0.1 },
    x: { domain: [0, endOf(cells, innerWidth(layout) / (used.length + 0.5))], axis: null },
    marks: [
      Plot.text(used, {
        fx: 'title',
        text: 'title',
        frameAnchor: 'top-left',
        dy: -20,
        fontWeight: 600,
        fill: ink.text,
      }),
      ...bars(cells, { fx: 'kind' }),
    ],
  };
}

/** One below the other. */
function below(stages: readonly LedgerGroup[], used: readonly Kind[], room: Room): Plot.PlotOptions {
  const cells = cellsOf(stages, used);
  const layout = rows(room, { names: stages.map(groupName), marginTop: 22, rowHeight: 22 });
  return {
    ...layout,
    height: used.length * (stages.length * 22 + 34) + 22,
    fy: {
      domain: used.map(({ title }) => title),
      label: null,
      axis: null,
      padding: 34 / (stages.length * 22 + 34),
    },
    x: { domain: [0, endOf(cells, innerWidth(layout))], axis: null },
    marks: [
      Plot.text(used, {
        fy: 'title',
        text: 'title',
        frameAnchor: 'top-left',
        dx: -layout.marginLeft + 4,
        dy: -16,
        fontWeight: 600,
        fill: ink.text,
      }),
      ...bars(cells, { fy: 'kind' }),
    ],
  };
}

function bars(
  cells: readonly Cell[],
  facet: { readonly fx: 'kind' } | { readonly fy: 'kind' },
): Plot.Markish[] {
  const said = ({ stage, kind, tokens }: Cell): string =>
    `${stage}, ${kind.toLowerCase()}: ${count(tokens)} tokens`;
  return [
    Plot.barX(cells, { ...facet, y: 'index', x: 'share', fill: ink.bar, title: said }),
    Plot.text(cells, {
      ...facet,
      ...endText,
      y: 'index',
      x: 'share',
      text: ({ tokens }: Cell) => shortCount(tokens),
    }),
    baseline(),
  ];
}
