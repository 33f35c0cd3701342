/** Takes a region's text apart into what is shown and what is put around an answer again. Pure. */
import type { BlockFit } from '../model/block.js';
import { indentationAt, leadingBlank, lineEndOf, lineStart, lineStop, linesOf } from './lines.js';
import type { Layout } from './region.js';

/** What begins the lines of a region, and how it is taken off a line that may have less of it. */
export interface Margin {
  readonly text: string;
  readonly strip: (line: string) => string;
}

export const noMargin: Margin = { text: '', strip: (line) => line };

export interface Place {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A region whose lines begin with a known margin; its first line begins after it. */
export function marginLayout(place: Place, margin: Margin): Layout {
  const [first = '', ...rest] = linesOf(place.text.slice(place.start, place.end));
  return {
    content: [first, ...rest.map((line) => margin.strip(line))].join('\n'),
    // Whether more lines are still one such block, only the parser can tell.
    fit: plainFit(place, { margin: margin.text, isOneLine: false }),
  };
}

/** A region whose indentation, if it is common to all lines, isn't shown; blank lines and spaces around it stay. */
export function indentedLayout(place: Place): Layout {
  const raw = place.text.slice(place.start, place.end);
  const core = raw.trim();
  const before = raw.slice(0, raw.indexOf(core));
  const lead = core === '' ? '' : before;
  const tail = raw.slice(lead.length + core.length);
  const at = place.start + lead.length;
  const [first = '', ...rest] = linesOf(core);
  const margin = sharedMargin(indentationAt(place.text, at), rest);
  const isOneLine = sharesItsOnlyLine({ ...place, start: at, end: at + core.length });
  return {
    content: [first, ...rest.map((line) => margin.strip(line))].join('\n'),
    fit: plainFit(place, { margin: margin.text, lead, tail, isOneLine }),
  };
}

export function plainFit(place: Place, known: Partial<BlockFit> & Pick<BlockFit, 'margin'>): BlockFit {
  return {
    lead: '',
    tail: '',
    lineEnd: lineEndOf(place.text, place.start, place.end),
    isOneLine: sharesItsOnlyLine(place),
    grown: null,
    delimiters: null,
    ...known,
  };
}

/** White space as a margin; of a line with less of it, all there is goes. */
export function blankMargin(text: string): Margin {
  return { text, strip: (line) => (line.startsWith(text) ? line.slice(text.length) : line.trimStart()) };
}

/** The longest white space that all lines begin with, blank ones aside; null when there is no such line. */
export function commonBlank(lines: readonly string[]): string | null {
  let common: string | null = null;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const blank = leadingBlank(line);
    if (common === null) common = blank;
    while (!blank.startsWith(common)) common = common.slice(0, -1);
  }
  return common;
}

// A string over several lines may stand further left than the code that it is in: then nothing is taken off any line.
function sharedMargin(own: string, rest: readonly string[]): Margin {
  const common = commonBlank(rest);
  return common === null || common.startsWith(own) ? blankMargin(own) : noMargin;
}

function sharesItsOnlyLine({ text, start, end }: Place): boolean {
  if (linesOf(text.slice(start, end)).length > 1) return false;
  const beside = text.slice(lineStart(text, start), start) + text.slice(end, lineStop(text, end));
  return beside.trim() !== '';
}
