/** Where the time goes. */
import * as Plot from '@observablehq/plot';
import type { StageRun, StageTime, StageTimes } from '../../model/report-page.js';
import { figure } from './figure.js';
import type { Room } from './figure.js';
import { markup } from './html.js';
import type { Html } from './html.js';
import { baseline, endText, endWithTexts, ink, innerWidth, rows } from './scales.js';
import { table } from './table.js';
import type { Table } from './table.js';
import { count, counted, instant, name, took } from './words.js';

/** The chart shows so many stages, the table all. */
const mostBars = 12;

const mostSlowest = 10;

export function stageDurations({ stages, slowest, interrupted, unread }: StageTimes): Html {
  const [first] = stages;
  if (first === undefined) {
    return unread === 0
      ? markup`<p class="empty">No stage has come to its end yet.</p>`
      : markup`<p class="empty">No time is known: ${counted(unread, 'journal')} could not be read.</p>`;
  }
  const left = [
    ...(interrupted === 0 ? [] : [`${counted(interrupted, 'run')} that a kill cut off`]),
    ...(unread === 0 ? [] : [`${counted(unread, 'journal')} that could not be read`]),
  ];
  const cut = left.length === 0 ? '' : ` Left out: ${left.join(', ')}.`;
  return markup`${stageChart(stages, first, cut)}
<h3>The slowest runs</h3>
${table(slowestRuns(slowest))}`;
}

function stageChart(stages: readonly StageTime[], first: StageTime, cut: string): Html {
  return figure({
    id: 'durations',
    title: 'Time of each stage',
    description: `Most time in all goes to ${first.stage}: ${took(first.totalMs)} in ${counted(first.runs, 'run')}. Nine of ten runs take P90 at most.${cut}`,
    keys: [
      markup`<span class="swatch bar"></span> the median run, with its time`,
      markup`<span aria-hidden="true">—|</span> up to P90`,
    ],
    plot: (room) => durationBars(stages.slice(0, mostBars), room),
    table: {
      caption: 'Time of each stage',
      columns: [
        { title: 'Stage', cell: ({ stage }) => stage },
        { title: 'Runs', cell: ({ runs }) => count(runs), isNumber: true },
        { title: 'Median', cell: ({ medianMs }) => took(medianMs), isNumber: true },
        { title: 'P90', cell: ({ p90Ms }) => took(p90Ms), isNumber: true },
        { title: 'Longest', cell: ({ maxMs }) => took(maxMs), isNumber: true },
        { title: 'In all', cell: ({ totalMs }) => took(totalMs), isNumber: true },
      ],
      rows: stages,
    },
  });
}

function slowestRuns(slowest: readonly StageRun[]): Table<StageRun> {
  return {
    caption: 'The longest runs of any stage, the longest first',
    columns: [
      { title: 'Stage', cell: ({ stage, round }) => (round === 0 ? stage : `${stage}, round ${round + 1}`) },
      { title: 'Item', cell: ({ item }) => name(item) },
      { title: 'Target', cell: ({ target }) => name(target) },
      { title: 'Began', cell: ({ at }) => instant(at) },
      { title: 'Took', cell: ({ durationMs }) => took(durationMs), isNumber: true },
    ],
    rows: slowest.slice(0, mostSlowest),
  };
}

function durationBars(stages: readonly StageTime[], room: Room): Plot.PlotOptions {
  const layout = rows(room, { names: stages.map(({ stage }) => stage) });
  const ends = stages.map(({ medianMs, p90Ms }) => ({
    value: p90Ms,
    text: room.size === 'narrow' ? took(medianMs) : `${took(medianMs)}, P90 ${took(p90Ms)}`,
  }));
  const row = (_stage: unknown, index: number): number => index;
  return {
    ...layout,
    x: { domain: [0, endWithTexts(ends, innerWidth(layout))], axis: null },
    marks: [
      Plot.barX(stages, { y: row, x: 'medianMs', fill: ink.bar }),
      Plot.link(stages, { y: row, x1: 'medianMs', x2: 'p90Ms', stroke: ink.muted, strokeWidth: 2 }),
      Plot.tickX(stages, { y: row, x: 'p90Ms', stroke: ink.muted, strokeWidth: 2, inset: 3 }),
      Plot.text(ends, { ...endText, y: row, x: 'value', text: 'text' }),
      baseline(),
    ],
  };
}
