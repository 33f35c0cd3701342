/** Metadata files: some keys are set, every other byte stays as it was. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isNode, isScalar, parseDocument, stringify } from 'yaml';
import type { Document, Pair, Scalar } from 'yaml';

/** A block of its own: what stood under its key before is replaced as a whole. */
export interface MetadataMap {
  readonly [key: string]: MetadataData;
}

type MetadataData = string | number | boolean | readonly MetadataData[] | MetadataMap;

/** An instant is written plain, as YAML knows it; a text that YAML might take for something else is quoted. */
export type MetadataValue = string | number | Date | MetadataMap;
export type MetadataValues = ReadonlyMap<string, MetadataValue>;

export type MetadataEdit =
  | { readonly kind: 'edited'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Sets the keys. Values are replaced where they stand and new keys are added at the end; a file in which that can't be
 * done (a flow mapping, say) is written anew by the YAML library, which keeps keys, comments and order.
 */
export function editMetadata(text: string, values: MetadataValues): MetadataEdit {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return { kind: 'unreadable', reason: error.message.split('\n', 1)[0] ?? '' };
  if (document.contents !== null && !isMap(document.contents)) {
    return { kind: 'unreadable', reason: 'it is not a mapping' };
  }
  const wanted = {
    ...dataOf(document),
    ...Object.fromEntries([...values].map(([key, value]) => [key, plain(value)])),
  };
  const spliced = spliceValues(text, document, values);
  const reread = parseDocument(spliced);
  if (reread.errors.length === 0 && isDeepStrictEqual(dataOf(reread), wanted)) {
    return { kind: 'edited', text: spliced };
  }
  for (const [key, value] of values) document.set(key, plain(value));
  return { kind: 'edited', text: document.toString({ lineWidth: 0 }) };
}

/** ISO 8601 in whole seconds, UTC: `2026-05-02T14:02:11Z`. */
function formatInstant(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function spliceValues(text: string, document: Document, values: MetadataValues): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const splices: Splice[] = [];
  let added = '';
  for (const [key, value] of values) {
    const pair = pairOf(document, key);
    if (pair === null) added += `${formatEntry(key, value, newline)}${newline}`;
    else if (isBlock(value)) splices.push(...blockReplacement(text, pair, formatEntry(key, value, newline)));
    else splices.push(...replacement(text, pair, value));
  }
  const edited = splices
    .toSorted((left, right) => right.start - left.start)
    .reduce((all, { start, end, text: put }) => all.slice(0, start) + put + all.slice(end), text);
  const separator = added === '' || edited === '' || edited.endsWith('\n') ? '' : newline;
  return edited + separator + added;
}

function isBlock(value: MetadataValue): value is MetadataMap {
  return typeof value === 'object' && !(value instanceof Date);
}

/** From the key to the end of what it holds; comments inside of it were about what is gone. */
function blockReplacement(text: string, pair: Pair, entry: string): Splice[] {
  const start = isNode(pair.key) ? pair.key.range?.[0] : undefined;
  const end = isNode(pair.value) ? pair.value.range?.[1] : undefined;
  if (start === undefined || end === undefined) return [];
  return [{ start, end, text: `${entry}${lineEnd(text.slice(start, end))}` }];
}

function replacement(text: string, pair: Pair, value: Exclude<MetadataValue, MetadataMap>): Splice[] {
  const old = isScalar(pair.value) ? pair.value : null;
  const range = isNode(pair.value) ? pair.value.range : null;
  if (!range || old?.value === plain(value)) return [];
  const [start, end] = range;
  // An empty value begins where the colon ends, and a block ends with the line feed of its last line.
  const before = /\s/.test(text[start - 1] ?? ' ') ? '' : ' ';
  return [{ start, end, text: `${before}${formatScalar(value, old)}${lineEnd(text.slice(start, end))}` }];
}

function lineEnd(text: string): string {
  return /\r?\n$/.exec(text)?.[0] ?? '';
}

function pairOf(document: Document, key: string): Pair | null {
  if (!isMap(document.contents)) return null;
  return document.contents.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) ?? null;
}

function dataOf(document: Document): Readonly<Record<string, unknown>> {
  const data: unknown = document.toJS();
  return typeof data === 'object' && data !== null ? { ...data } : {};
}

/** `key: value`, without a line feed at its end. */
function formatEntry(key: string, value: MetadataValue, newline: string): string {
  if (!isBlock(value)) return `${formatScalar(key, null)}: ${formatScalar(value, null)}`;
  return stringify({ [key]: value }, readableByAll)
    .trimEnd()
    .replaceAll('\n', newline);
}

/** In the quotes of the old value, if it had any: they tell other readers its type. */
function formatScalar(value: Exclude<MetadataValue, MetadataMap>, old: Scalar | null): string {
  if (typeof value === 'number') return String(value);
  const text = plain(value).toString();
  if (/\p{Cc}/u.test(text)) return JSON.stringify(text); // a JSON string is a YAML one, and stays on its line
  if (old?.type === 'QUOTE_SINGLE') return `'${text.replaceAll("'", "''")}'`;
  if (old?.type === 'QUOTE_DOUBLE') return JSON.stringify(text);
  if (value instanceof Date) return text;
  return stringify(text, readableByAll).replace(/\n$/, '');
}

/** Readers of YAML 1.1, as most of Python's are, take `yes` and `1_000` for what they don't look like. */
const readableByAll = { compat: 'yaml-1.1', lineWidth: 0 } as const;

function plain(value: Exclude<MetadataValue, MetadataMap>): string | number;
function plain(value: MetadataValue): string | number | MetadataMap;
function plain(value: MetadataValue): string | number | MetadataMap {
  return value instanceof Date ? formatInstant(value) : value;
}
