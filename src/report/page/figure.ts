/** A chart with its caption, drawn for three widths, and the table of the same figures. */
import type { PlotOptions } from '@observablehq/plot';
import { draw } from './drawing.js';
import { markup, raw } from './html.js';
import type { Html } from './html.js';
import { foldedTable } from './table.js';
import type { Table } from './table.js';

/** What there is room for, in pixels; the style sheet shows the one that fits. */
const widths = { narrow: 300, medium: 520, wide: 760 } as const;

export type Size = keyof typeof widths;

export interface Room {
  readonly size: Size;
  readonly width: number;
}

export interface Figure<Row> {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Below the chart; left out: the description. */
  readonly caption?: Html;
  /** What its signs mean. */
  readonly keys?: readonly Html[];
  readonly plot: (room: Room) => PlotOptions;
  readonly table: Table<Row>;
}

/** The figure. Text isn't scaled with the chart, so that it is read on a phone as well. */
export function figure<Row>({ id, title, description, caption, keys = [], plot, table }: Figure<Row>): Html {
  const drawings = sizes.map((size) => {
    const room = { size, width: widths[size] };
    const options = { ...baseOptions, width: room.width, ...plot(room) };
    const drawing = draw({ id: `${id}-${size}`, title, description, plot: options });
    return markup`<div class="chart ${size}">${raw(drawing)}</div>\n`;
  });
  return markup`<figure id="${id}">
${drawings}${keys.length === 0 ? null : markup`<p class="keys">${keys.map((key) => markup`<span class="key">${key}</span> `)}</p>\n`}<figcaption>${caption ?? description}</figcaption>
${foldedTable(`Table: ${table.caption}`, table)}</figure>
`;
}

const sizes: readonly Size[] = ['narrow', 'medium', 'wide'];

const baseOptions: PlotOptions = { marginTop: 8, marginRight: 12 };
