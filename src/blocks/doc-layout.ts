/** What is said in a docstring or a doc comment, without its quotes, stars, slashes and indentation. Pure. */
import type { Layout, Region } from './region.js';
import { blankMargin, commonBlank, noMargin, plainFit } from './layout.js';
import type { Margin, Place } from './layout.js';
import { isClosed } from './hazards.js';
import { indentationAt, leadingBlank, lineEndOf, linesOf } from './lines.js';

/** Where the text of a doc is, and how it is laid out. */
export type DocPlace = Pick<Region, 'start' | 'end' | 'layout'>;

/** Python: `"""…"""`, `r'''…'''`, `"…"`; null when the literal isn't closed. */
export function docstring(text: string, from: number, to: number): DocPlace | null {
  const open = /^[rRuU]?("""|'''|"|')/.exec(text.slice(from, to));
  const quote = open?.[1];
  if (open === null || quote === undefined) return null;
  const place = { text, start: from + open[0].length, end: to - quote.length };
  if (!isClosed(text.slice(place.start - quote.length, to), quote)) return null;

  const indent = indentationAt(text, from);
  const lineEnd = lineEndOf(text, from, to);
  const grown = quote.length === 3 ? { lead: '', tail: lineEnd + indent } : null;
  const layout = docLayout(place, {
    grown,
    delimiters: [quote, quote],
    usual: blankMargin(indent),
  });
  return { start: place.start, end: place.end, layout };
}

/** A comment from slash and star to star and slash; its lines may begin with stars. */
export function blockComment(text: string, from: number, to: number): DocPlace | null {
  const open = /^\/\*[*!]/.exec(text.slice(from, to))?.[0];
  if (open === undefined || to - from < open.length + 2 || !text.slice(from, to).endsWith('*/')) return null;
  const place = { text, start: from + open.length, end: to - 2 };
  const indent = indentationAt(text, from);
  const lineEnd = lineEndOf(text, from, to);
  const usual: Margin = { text: `${indent} * `, strip: withoutStar };
  const grown = { lead: lineEnd + usual.text, tail: `${lineEnd}${indent} ` };
  const layout = docLayout(place, { grown, delimiters: [open, '*/'], usual, star: withoutStar });
  return { start: place.start, end: place.end, layout };
}

/** Lines that each begin with a sign such as `///`. */
export function lineComments(text: string, from: number, to: number, sign: string): DocPlace {
  const place = { text, start: from + sign.length, end: to };
  const strip = (line: string): string => {
    const rest = line.trimStart();
    return withoutSpace(rest.startsWith(sign) ? rest.slice(sign.length) : rest);
  };
  const [first = '', ...rest] = linesOf(text.slice(place.start, place.end));
  const margin = `${indentationAt(text, from)}${sign} `;
  const lead = first.startsWith(' ') ? ' ' : '';
  const layout: Layout = {
    content: [withoutSpace(first), ...rest.map(strip)].join('\n'),
    fit: plainFit(place, { margin, lead, isOneLine: false }),
  };
  return { start: place.start, end: place.end, layout };
}

interface DocStyle {
  readonly grown: { readonly lead: string; readonly tail: string } | null;
  readonly delimiters: readonly [string, string];
  /** The margin of a doc that has no second line to learn it from. */
  readonly usual: Margin;
  /** Takes the star off a line, where lines may begin with one. */
  readonly star?: (line: string) => string;
}

function docLayout(place: Place, { grown, delimiters, usual, star }: DocStyle): Layout {
  const raw = place.text.slice(place.start, place.end);
  if (raw.trim() === '') return emptyLayout(place, { raw, style: { grown, delimiters, usual } });
  const tail = /[ \t\r\n]*$/.exec(raw)?.[0] ?? '';
  const lines = linesOf(raw.slice(0, raw.length - tail.length));
  const blanks = lines.findIndex(
    (line) => line.trim() !== '' && !(star !== undefined && line.trim() === '*'),
  );
  const skipped = Math.max(0, blanks);
  const margin = marginOf(lines.slice(Math.max(1, skipped)), usual, star);

  const shown = lines.slice(skipped).map((line, index) => {
    return index + skipped > 0 ? margin.strip(line) : line.trimStart();
  });
  const content = shown.join('\n');
  const lead = leadOf(raw, lines, { skipped, first: shown[0] ?? '' });
  const isOneLine = grown === null;
  const fit = plainFit(place, { margin: margin.text, lead, tail, isOneLine, grown, delimiters });
  return { content, fit };
}

function emptyLayout(
  place: Place,
  { raw, style }: { readonly raw: string; readonly style: DocStyle },
): Layout {
  const { grown, delimiters, usual } = style;
  const around = delimiters[1] === '*/' ? ' ' : '';
  const known = { margin: usual.text, lead: around, tail: around, isOneLine: grown === null };
  const { lead, tail } = raw.includes('\n') && grown !== null ? grown : known;
  return { content: '', fit: plainFit(place, { ...known, lead, tail, grown, delimiters }) };
}

/** As Python's `inspect.cleandoc` has it: what all lines but the first begin with. */
function marginOf(rest: readonly string[], usual: Margin, star?: (line: string) => string): Margin {
  const filled = rest.filter((line) => line.trim() !== '');
  if (star !== undefined && filled.length > 0 && filled.every((line) => line.trimStart().startsWith('*'))) {
    const [first = ''] = filled;
    return { text: `${leadingBlank(first)}* `, strip: star };
  }
  const common = commonBlank(filled);
  if (common === null) return usual;
  return common === '' ? noMargin : blankMargin(common);
}

/** What precedes the first word: the blank lines as they are, and what the margin has of the first full line. */
function leadOf(
  raw: string,
  lines: readonly string[],
  { skipped, first }: { readonly skipped: number; readonly first: string },
): string {
  let at = 0;
  for (let line = 0; line < skipped; line += 1) {
    at += lines[line]?.length ?? 0;
    at += raw.startsWith('\r\n', at) ? 2 : 1;
  }
  const line = lines[skipped] ?? '';
  return raw.slice(0, at + line.length - first.length);
}

function withoutStar(line: string): string {
  const rest = line.trimStart();
  return rest.startsWith('*') ? withoutSpace(rest.slice(1)) : rest;
}

function withoutSpace(line: string): string {
  return line.startsWith(' ') ? line.slice(1) : line;
}
