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

const marginRight = 8;

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
    marginRight,
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

/** The end of a scale on which there is room behind each bar for its text; `width` is that of the scale in pixels. */
export function endWithTexts(
  bars: readonly { readonly value: number; readonly text: string }[],
  width: number,
): number {
  const ends = bars.map(({ value, text }) => {
    const share = (Array.from(text).length * letterWidth + textGap + 2) / width;
    return value / (1 - Math.min(share, 0.8));
  });
  // A scale of no length has no place for zero either.
  return Math.max(Number.MIN_VALUE, ...ends);
}

/** Between a bar and the text behind it. */
const textGap = 5;

/** What the margins leave. */
export function innerWidth({
  width,
  marginLeft,
}: {
  readonly width: number;
  readonly marginLeft: number;
}): number {
  return width - marginLeft - marginRight;
}

/** The line that bars stand on. */
export function baseline(): Markish {
  return Plot.ruleX([0], { stroke: ink.muted });
}

/** Text at the end of a bar, with a rim that keeps grid lines out of it. */
export const endText = {
  textAnchor: 'start',
  dx: textGap,
  fill: ink.text,
  stroke: 'var(--surface)',
  strokeWidth: 3,
  fontVariant: 'tabular-nums',
} as const;
