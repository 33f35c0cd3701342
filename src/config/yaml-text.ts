/** YAML with places: what a path of keys means, and where it stands in the text. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import { mendYaml } from './yaml-mends.js';
import { showValue } from './problem.js';
import type { ConfigPath, Place, PlacedProblem } from './problem.js';

export type YamlText =
  | { readonly kind: 'read'; readonly data: unknown; locate(path: ConfigPath, at: 'key' | 'value'): Place }
  | { readonly kind: 'broken'; readonly problems: readonly PlacedProblem[] };

export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...syntaxProblems(document, text, place), ...openAliases(document, place)];
  if (problems.length > 0) return { kind: 'broken', problems: firstOfEachLine(problems) };
  const data = toData(document);
  if (data instanceof Error) {
    return {
      kind: 'broken',
      problems: [{ line: 1, column: 1, text: `${data.message}; write out the values` }],
    };
  }
  return {
    kind: 'read',
    data,
    locate: (path, at) => place(offsetOf(document, path, at)),
  };
}

function syntaxProblems(document: Document.Parsed, text: string, place: (offset: number) => Place) {
  const lines = text.split(/\r?\n/);
  return [...document.errors, ...document.warnings].map((problem) => {
    const where = place(problem.pos[0]);
    const line = (lines[where.line - 1] ?? '').trim();
    const shown = line === '' ? 'the text up to here' : showValue(line);
    return { ...where, text: `${shown}: ${mendYaml(problem.code, problem.message, line)}` };
  });
}

/** `glob: *.md` is an alias to YAML, and one without an anchor: it would throw without a place when read. */
function openAliases(document: Document.Parsed, place: (offset: number) => Place): PlacedProblem[] {
  const problems: PlacedProblem[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      const text = `"*${alias.source}" is read as a reference to an anchor that doesn't exist; put it in quotes`;
      problems.push({ ...place(alias.range?.[0] ?? 0), text });
    },
  });
  return problems;
}

function firstOfEachLine(problems: readonly PlacedProblem[]): PlacedProblem[] {
  return problems.filter(({ line }, index) => problems.findIndex((other) => other.line === line) === index);
}

function toData(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // Anchors that multiply (a "billion laughs"): the parser's guard throws without a place.
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** What is missing stands where the mapping begins that it is missing from. */
function offsetOf(document: Document.Parsed, path: ConfigPath, at: 'key' | 'value'): number {
  let node: Node | null = document.contents;
  let offset = startOf(node);
  for (const [index, segment] of path.entries()) {
    const child = childOf(isAlias(node) ? (node.resolve(document) ?? null) : node, segment);
    if (child === null) break;
    const isKeyMeant = index === path.length - 1 && at === 'key';
    offset = startOf((isKeyMeant ? child.key : child.value) ?? child.key ?? child.value);
    node = child.value;
  }
  return offset;
}

interface Child {
  readonly key: Node | null;
  readonly value: Node | null;
}

function childOf(node: Node | null, segment: PropertyKey): Child | null {
  if (isSeq<Node>(node)) {
    const value = typeof segment === 'number' ? node.items[segment] : undefined;
    return value === undefined ? null : { key: null, value };
  }
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = node.items.find((each: Pair<Node, Node | null>) => keyOf(each.key) === String(segment));
  if (pair === undefined) return null;
  // `key:` without a value is pointed at by its key: its value has no text of its own.
  const isEmpty = isScalar(pair.value) && pair.value.value === null && pair.value.source === '';
  return { key: pair.key, value: isEmpty ? null : pair.value };
}

function keyOf(key: Node): string | null {
  return isScalar(key) ? String(key.value) : null;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
