/** What charts have in common: rows with their names at the left, and the colours of the style sheet. */
import * as Plot from '@observablehq/plot';
import type { Markish, PlotOptions } from '@observablehq/plot';
import type { Room } from './figure.js';
import { shortened } from './words.js';

export const ink = {
  bar: 'var(--bar)',
  soft: 'var(--bar-soft)',
  hatch: 'url(#hatch)',
  line: 'var(--line)',
  muted: 'var(--muted)',
  text: 'var(--text)',
} as const;

/** Of a character at the charts' size. */
const letterWidth = 7.4;

interface Rows {
  /** One a row, from the top; the same name may come twice. */
  readonly names: readonly string[];
  readonly rowHeight?: number;
  readonly marginTop?: number;
  readonly marginBottom?: number;
}

/** A chart of one row for each name; marks say `y: (_, index) => index`. */
export function rows(
  { size, width }: Room,
  { names, rowHeight = 24, marginTop = 4, marginBottom = 4 }: Rows,
) {
  const letters = size === 'narrow' ? 12 : size === 'medium' ? 20 : 32;
  const labels = names.map((name) => shortened(name, letters));
  const longest = Math.max(4, ...labels.map((label) => Array.from(label).length));
  return {
    marginTop,
    marginBottom,
    marginLeft: Math.ceil(longest * letterWidth) + 10,
    height: names.length * rowHeight + marginTop + marginBottom,
    width,
    y: {
      type: 'band',
      domain: names.map((_name, index) => index),
      label: null,
      padding: 0.3,
      tickSize: 0,
      tickFormat: (index: number) => labels[index] ?? '',
    },
  } satisfies PlotOptions;
}

/** The line that bars stand on. */
export function baseline(): Markish {
  return Plot.ruleX([0], { stroke: ink.muted });
}

/** Text at the end of a bar, with a rim that keeps grid lines out of it. */
export const endText = {
  textAnchor: 'start',
  dx: 5,
  fill: ink.text,
  stroke: 'var(--surface)',
  strokeWidth: 3,
  fontVariant: 'tabular-nums',
} as const;
