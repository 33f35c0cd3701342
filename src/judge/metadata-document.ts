/** A metadata file as it is read: its keys, and where they stand. Pure. */
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { readData } from './yaml-data.js';

export interface MetadataDocument {
  readonly text: string;
  readonly document: Document.Parsed;
  /** null: there is no key yet. */
  readonly map: YAMLMap<Node, Node | null> | null;
  readonly pairs: readonly Pair<Node, Node | null>[];
  /** By the pairs' keys, as YAML's data. */
  readonly data: ReadonlyMap<unknown, unknown>;
}

export type MetadataReading =
  | { readonly kind: 'read'; readonly metadata: MetadataDocument }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A file without any key is one to begin with. */
export function readMetadata(text: string): MetadataReading {
  const excess = excessOf(text);
  if (excess !== null) return unreadable(excess);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, keepSourceTokens: true });
  const [error] = document.errors;
  if (error !== undefined) return unreadable(error.message.split(/:?\n/, 1)[0] ?? '');
  const { contents } = document;
  if (!isMap<Node, Node | null>(contents)) {
    const isEmpty = contents === null || (isScalar(contents) && contents.source === '');
    if (!isEmpty) return unreadable('it is not a mapping');
    return { kind: 'read', metadata: { text, document, map: null, pairs: [], data: new Map() } };
  }
  const read = readData(document, { mapAsMap: true });
  if (read.kind === 'flawed') {
    const { line, col } = lineCounter.linePos(read.offset);
    return unreadable(`${read.reason} at line ${line}, column ${col}`);
  }
  const data = read.data instanceof Map ? read.data : new Map<unknown, unknown>();
  return { kind: 'read', metadata: { text, document, map: contents, pairs: contents.items, data } };
}

/** What an agent could keep the parser busy with for minutes. */
function excessOf(text: string): string | null {
  if (text.length > longestText) return `it has more than ${longestText} characters`;
  return deepLine.test(text) || deepFlow.test(text) ? 'it is nested too deeply' : null;
}

const longestText = 1_000_000;

/** On one line: whoever indents as deeply has long lines, too. */
const deepLine = /(?:[?-][ \t]+){200}/;
const deepFlow = /(?:[[{][ \t]*){200}/;

function unreadable(reason: string): MetadataReading {
  return { kind: 'unreadable', reason };
}

/** How a pair is called: its key as text, a key of another kind as it is written. */
export function keyOf({ text }: Pick<MetadataDocument, 'text'>, { key }: Pair<Node, Node | null>): string {
  return isScalar(key) ? String(key.value) : text.slice(...spanOf(key));
}

export function pairOf(metadata: MetadataDocument, key: string): Pair<Node, Node | null> | null {
  return metadata.pairs.find((pair) => isScalar(pair.key) && keyOf(metadata, pair) === key) ?? null;
}

/** Where the pair begins and ends, with tags and anchors, without the line end behind it. */
export function textOf({ text }: MetadataDocument, pair: Pair<Node, Node | null>): string {
  const [start, keyEnd] = spanOf(pair.key);
  return text.slice(start, pair.value === null ? keyEnd : spanOf(pair.value)[1]).trimEnd();
}

/** Offsets of what a node itself consists of: without tag and anchor. */
export function spanOf(node: Node): readonly [start: number, end: number] {
  const range = isNode(node) ? node.range : null;
  if (!range) throw new Error('a parsed node has no range');
  return [range[0], range[1]];
}
