/** Where in a metadata file values and new keys are put. Pure. */
import { isScalar, Parser } from 'yaml';
import type { Node, Pair } from 'yaml';
import { pairOf, spanOf } from './metadata-document.js';
import type { MetadataDocument } from './metadata-document.js';
import { formatAfterColon, formatEntry, formatScalar, isBlock, plain } from './metadata-values.js';
import type { MetadataStyle, MetadataValue, MetadataValues } from './metadata-values.js';

export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all of them; what begins at one place comes in the order given. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let written = '';
  let from = 0;
  for (const { start, end, text: put } of splices.toSorted((left, right) => left.start - right.start)) {
    written += text.slice(from, start) + put;
    from = end;
  }
  return written + text.slice(from);
}

export function styleOf({ text, map }: MetadataDocument): MetadataStyle {
  const token = map?.srcToken;
  return {
    isFlow: map?.flow === true,
    indent: token !== undefined && 'indent' in token && map?.flow !== true ? token.indent : 0,
    newline: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** Puts the value under a key that is there; null when it is there already. */
export function replacement(
  { text }: MetadataDocument,
  pair: Pair<Node, Node | null>,
  value: MetadataValue,
  style: MetadataStyle,
): Splice | null {
  const old = isScalar(pair.value) ? pair.value : null;
  if (!isBlock(value) && old?.value === plain(value)) return null;
  const marks = pair.srcToken?.sep ?? [];
  const colon = marks.find(({ type }) => type === 'map-value-ind');
  if (colon === undefined) {
    const [, end] = spanOf(pair.key);
    return { start: end, end, text: `:${formatAfterColon(value, null, style)}` };
  }
  const afterColon = colon.offset + 1;
  const hasMarks = marks.some(({ type }) => type === 'anchor' || type === 'tag');
  if (pair.value === null || (old?.source === '' && old.type === 'PLAIN' && !hasMarks)) {
    return apart(text, { start: afterColon, end: afterColon, text: formatAfterColon(value, null, style) });
  }
  const [start, end] = spanOf(pair.value);
  const lineEnd = /\r?\n$/.exec(text.slice(start, end))?.[0] ?? '';
  const isTyped = old?.tag !== undefined && (typeof value === 'number' || old.tag !== textTag);
  if (isBlock(value) || old === null || isTyped) {
    const put = formatAfterColon(value, old, style) + lineEnd;
    return apart(text, { start: afterColon, end, text: put });
  }
  const before = /\s/.test(text.charAt(start - 1)) ? '' : ' ';
  return apart(text, { start, end, text: before + formatScalar(value, old, style) + lineEnd });
}

/** Like quotes, it tells readers the type; any other is that of the old value. */
const textTag = 'tag:yaml.org,2002:str';

/** A comment begins behind a blank. */
function apart(text: string, splice: Splice): Splice {
  const isApart = splice.text.endsWith('\n') || /^(?:[\s,}]|$)/.test(text.slice(splice.end));
  return isApart ? splice : { ...splice, text: `${splice.text} ` };
}

/** Adds the keys that aren't there yet behind the last one. */
export function additions(
  metadata: MetadataDocument,
  values: MetadataValues,
  style: MetadataStyle,
): readonly Splice[] {
  const entries = [...values]
    .filter(([key]) => pairOf(metadata, key) === null)
    .map(([key, value]) => formatEntry(key, value, style));
  if (entries.length === 0) return [];
  return style.isFlow ? flowAdditions(metadata, entries, style) : [blockAddition(metadata, entries, style)];
}

function blockAddition(
  { text }: MetadataDocument,
  entries: readonly string[],
  { indent, newline }: MetadataStyle,
): Splice {
  const end = [...new Parser().parse(text)].find(({ type }) => type === 'doc-end')?.offset ?? text.length;
  const before = text.slice(0, end);
  const lineEnd = before === '' || before.endsWith('\n') ? '' : newline;
  const lines = entries.map((entry) => `${' '.repeat(indent)}${entry}${newline}`);
  return { start: end, end, text: lineEnd + lines.join('') };
}

/** Behind the last key: on its line, or on lines of their own if it has one. */
function flowAdditions(
  { text, map, pairs }: MetadataDocument,
  entries: readonly string[],
  { newline }: MetadataStyle,
): Splice[] {
  if (map === null) return [];
  const [open, close] = spanOf(map);
  const last = pairs.at(-1);
  const lastEnd = last === undefined ? open + 1 : spanOf(last.value ?? last.key)[1];
  const tail = text.slice(lastEnd, close - 1);
  const hasComma = tail.replace(/#.*/g, '').includes(',');
  const at = lastEnd + tail.trimEnd().length;
  const comma = { start: lastEnd, end: lastEnd, text: last === undefined || hasComma ? '' : ',' };
  if (!tail.includes('\n')) {
    const put = `${last === undefined ? '' : ' '}${entries.join(', ')}`;
    return [comma, { start: at, end: at, text: put }];
  }
  const margin = newline + marginOf(text, last);
  const put = `${margin}${entries.join(`,${margin}`)}${hasComma ? ',' : ''}`;
  return [comma, { start: at, end: at, text: put }];
}

/** What stands before the key, if nothing but blanks does. */
function marginOf(text: string, pair: Pair<Node, Node | null> | undefined): string {
  const start = pair === undefined ? 0 : spanOf(pair.key)[0];
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return before !== '' && before.trim() === '' ? before : '  ';
}
