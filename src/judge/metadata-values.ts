/** How values are written into metadata. Pure. */
import { isScalar, stringify } from 'yaml';
import type { Document, Node, Scalar } from 'yaml';

/** A block of its own: what stood under its key before is replaced as a whole. */
export interface MetadataMap {
  readonly [key: string]: MetadataData;
}

type MetadataData = string | number | boolean | readonly MetadataData[] | MetadataMap;

type MetadataScalar = string | number | Date;

/** An instant is written plain, as YAML knows it; a text that YAML might take for something else is quoted. */
export type MetadataValue = MetadataScalar | MetadataMap;
export type MetadataValues = ReadonlyMap<string, MetadataValue>;

export function isBlock(value: MetadataValue): value is MetadataMap {
  return typeof value === 'object' && !(value instanceof Date);
}

/** How the mapping is written that a value goes into. */
export interface MetadataStyle {
  readonly isFlow: boolean;
  /** Of its keys, in blanks. */
  readonly indent: number;
  readonly newline: string;
}

/** `key: value`, without a line end at its end. */
export function formatEntry(key: string, value: MetadataValue, style: MetadataStyle): string {
  return `${formatScalar(key, null, style)}:${formatAfterColon(value, null, style)}`;
}

/** What follows the colon: a blank and the value, or the lines of a block. */
export function formatAfterColon(value: MetadataValue, old: Scalar | null, style: MetadataStyle): string {
  if (!isBlock(value)) return ` ${formatScalar(value, old, style)}`;
  if (style.isFlow || Object.keys(value).length === 0) return ` ${flowText(value)}`;
  const indent = `${style.newline}${' '.repeat(style.indent + 2)}`;
  return indent + stringify(value, readableByAll).trimEnd().replaceAll('\n', indent);
}

/** In the quotes of the old value, if it had any: they tell other readers its type. */
export function formatScalar(
  value: MetadataScalar,
  old: Scalar | null,
  { isFlow }: Pick<MetadataStyle, 'isFlow'>,
): string {
  if (typeof value === 'number') return String(value);
  const text = String(plain(value));
  if (/\p{Cc}/u.test(text)) return JSON.stringify(text); // a JSON string is a YAML one, and stays on its line
  if (old?.type === 'QUOTE_SINGLE') return `'${text.replaceAll("'", "''")}'`;
  if (old?.type === 'QUOTE_DOUBLE') return JSON.stringify(text);
  if (value instanceof Date) return text;
  return isFlow ? flowText([text]).slice(1, -1) : stringify(text, readableByAll).replace(/\n$/, '');
}

/** Whether that is what a reader finds. */
export function isHeld(node: Node, value: MetadataValue, document: Document): boolean {
  // To readers of YAML 1.1 an instant is no text.
  if (value instanceof Date) return isScalar(node) && node.source === plain(value);
  return JSON.stringify(node.toJS(document)) === JSON.stringify(value);
}

/** As YAML's data. */
export function plain(value: MetadataScalar): string | number {
  return value instanceof Date ? formatInstant(value) : value;
}

/** ISO 8601 in whole seconds, UTC: `2026-05-02T14:02:11Z`. */
function formatInstant(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}

function flowText(value: MetadataMap | readonly string[]): string {
  return stringify(value, {
    ...readableByAll,
    collectionStyle: 'flow',
    flowCollectionPadding: false,
  }).trimEnd();
}

/** Readers of YAML 1.1, as most of Python's are, take `yes` and `1_000` for what they don't look like. */
const readableByAll = { compat: 'yaml-1.1', lineWidth: 0 } as const;
