/** Metadata files: some keys are set, every other byte stays as it was. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isNode, isScalar, parseDocument, stringify } from 'yaml';
import type { Document, Pair, Scalar } from 'yaml';

/** An instant is written plain, as YAML knows it; a text that YAML might take for something else is quoted. */
export type MetadataValue = string | number | Date;
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
    if (pair === null) added += `${formatScalar(key, null)}: ${formatScalar(value, null)}${newline}`;
    else splices.push(...replacement(text, pair, value));
  }
  const edited = splices
    .toSorted((left, right) => right.start - left.start)
    .reduce((all, { start, end, text: put }) => all.slice(0, start) + put + all.slice(end), text);
  const separator = added === '' || edited === '' || edited.endsWith('\n') ? '' : newline;
  return edited + separator + added;
}

function replacement(text: string, pair: Pair, value: MetadataValue): Splice[] {
  const old = isScalar(pair.value) ? pair.value : null;
  const range = isNode(pair.value) ? pair.value.range : null;
  if (!range || old?.value === plain(value)) return [];
  const [start, end] = range;
  // An empty value begins where the colon ends, and a block ends with the line feed of its last line.
  const before = /\s/.test(text[start - 1] ?? ' ') ? '' : ' ';
  const after = /\r?\n$/.exec(text.slice(start, end))?.[0] ?? '';
  return [{ start, end, text: `${before}${formatScalar(value, old)}${after}` }];
}

function pairOf(document: Document, key: string): Pair | null {
  if (!isMap(document.contents)) return null;
  return document.contents.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) ?? null;
}

function dataOf(document: Document): Readonly<Record<string, unknown>> {
  const data: unknown = document.toJS();
  return typeof data === 'object' && data !== null ? { ...data } : {};
}

/** In the quotes of the old value, if it had any: they tell other readers its type. */
function formatScalar(value: MetadataValue, old: Scalar | null): string {
  if (typeof value === 'number') return String(value);
  const text = plain(value).toString();
  if (/\p{Cc}/u.test(text)) return JSON.stringify(text); // a JSON string is a YAML one, and stays on its line
  if (old?.type === 'QUOTE_SINGLE') return `'${text.replaceAll("'", "''")}'`;
  if (old?.type === 'QUOTE_DOUBLE') return JSON.stringify(text);
  if (value instanceof Date) return text;
  // Readers of YAML 1.1, as most of Python's are, take `yes` and `1_000` for what they don't look like.
  return stringify(text, { compat: 'yaml-1.1', lineWidth: 0 }).replace(/\n$/, '');
}

function plain(value: MetadataValue): string | number {
  return value instanceof Date ? formatInstant(value) : value;
}
