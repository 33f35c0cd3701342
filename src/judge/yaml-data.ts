/** What a YAML document holds, read so that no alias of it can harm. Pure. */
import { isAlias, visit } from 'yaml';
import type { Alias, Document, Node } from 'yaml';

export interface Reference {
  readonly alias: Alias;
  /** The last node of that name before it; null: there is none. */
  readonly anchored: Node | null;
}

/** Every alias, in one pass: the library looks through the whole document for each. */
export function referencesOf(document: Document.Parsed): readonly Reference[] {
  const anchored = new Map<string, Node>();
  const references: Reference[] = [];
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) references.push({ alias: node, anchored: anchored.get(node.source) ?? null });
      else if (node.anchor !== undefined) anchored.set(node.anchor, node);
    },
  });
  return references;
}

export type YamlData =
  | { readonly kind: 'data'; readonly data: unknown }
  | { readonly kind: 'flawed'; readonly offset: number; readonly reason: string };

/** Of a document without errors: what an alias does wrong, the parser finds out only when the data is asked for. */
export function readData(document: Document.Parsed, options: { readonly mapAsMap: boolean }): YamlData {
  const references = referencesOf(document);
  const flawed = ({ alias }: Reference, reason: string): YamlData => {
    return { kind: 'flawed', offset: alias.range?.[0] ?? 0, reason };
  };
  const lost = references.find(({ anchored }) => anchored === null);
  if (lost !== undefined) {
    return flawed(lost, `"*${lost.alias.source}" is read as a reference to an anchor that is not there`);
  }
  const [first] = references;
  if (first !== undefined && references.length > mostAliases) return flawed(first, tooMuch);
  try {
    return { kind: 'data', data: document.toJS({ ...options, maxAliasCount }) };
  } catch (error) {
    if (first === undefined || !(error instanceof Error)) throw error;
    // Anchors that multiply (a "billion laughs") are the parser's only ReferenceError that is left.
    return flawed(first, error instanceof ReferenceError ? tooMuch : error.message);
  }
}

const mostAliases = 10_000;
/** How often an anchor may be repeated, counting what repeats it: the parser's own 100 is soon reached by honest lists. */
const maxAliasCount = 500;
const tooMuch = 'its aliases stand for far more than is written';
