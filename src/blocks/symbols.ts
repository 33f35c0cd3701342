import type { SyntaxNode, SyntaxNodeRef, Tree } from '@lezer/common';
import { linesOf } from './lines.js';
import type { Language, SymbolKind } from './languages.js';

/** A declaration and where it stands. */
export interface CodeSymbol {
  readonly kind: SymbolKind;
  /** `Chart.draw`. */
  readonly path: string;
  /** With what belongs to it: decorators, `export`. */
  readonly from: number;
  readonly to: number;
  readonly node: SyntaxNode;
  readonly parent: CodeSymbol | null;
}

export interface Code {
  readonly module: SyntaxNode;
  readonly symbols: readonly CodeSymbol[];
  readonly comments: readonly Comment[];
  /** Places where the parser found no sense. */
  readonly faults: number;
}

export interface Comment {
  readonly node: SyntaxNode;
  /** What it is in. */
  readonly within: CodeSymbol | null;
}

/** The declarations and comments of a file, in order of place. */
export function readCode(tree: Tree, text: string, language: Language): Code {
  const symbols: CodeSymbol[] = [];
  const comments: Comment[] = [];
  let faults = 0;
  let within: CodeSymbol | null = null;
  const isFault = ({ name, from, to }: SyntaxNodeRef): boolean =>
    mayBeFault.test(name) && language.isFault?.(name, text.slice(from, to)) === true;
  tree.iterate({
    // A node is made only where one is looked at: there are as many as words in the file.
    enter: (at) => {
      if (at.type.isError || isFault(at)) faults += 1;
      if (at.name.endsWith('Comment')) comments.push({ node: at.node, within });
      const declared = language.symbols[at.name];
      if (declared === undefined) return;
      const kind = isFunctionValue(at.node) ? 'function' : declared;
      within = toSymbol(at.node, { kind, parent: within, text, language });
      symbols.push(within);
    },
    leave: ({ from, to }) => {
      if (within?.node.from === from && within.node.to === to) within = within.parent;
    },
  });
  return { module: tree.topNode, symbols, comments, faults };
}

// Only texts and comments are cut out of the file to be looked at.
const mayBeFault = /^(?:FormatString|String|Rune|LineComment)$/;

/** The declaration's first line or so, as far as its body. */
function headOf({ node }: CodeSymbol, text: string): string {
  const body = bodyOf(node);
  const head = body === null ? firstLine(text.slice(node.from, node.to)) : text.slice(node.from, body.from);
  return head
    .replaceAll(/\s+/g, ' ')
    .replace(/ ?\{ ?$/, '')
    .trim()
    .slice(0, longestHead);
}

/** `class Chart > def draw(self)`. */
export function headsOf(symbol: CodeSymbol | null, text: string): string | undefined {
  const heads: string[] = [];
  for (let at = symbol; at !== null; at = at.parent) heads.unshift(headOf(at, text));
  return heads.length === 0 ? undefined : heads.join(' > ');
}

export function bodyOf(node: SyntaxNode): SyntaxNode | null {
  for (let child = node.lastChild; child !== null; child = child.prevSibling)
    if (/(?:Body|Block|DeclarationList|VariantList)$/.test(child.name)) return child;
  return null;
}

function firstLine(text: string): string {
  return linesOf(text)[0] ?? '';
}

const longestHead = 160;

interface Facts {
  readonly kind: SymbolKind;
  readonly parent: CodeSymbol | null;
  readonly text: string;
  readonly language: Language;
}

function toSymbol(node: SyntaxNode, { kind, parent, text, language }: Facts): CodeSymbol {
  const name = language.nameOf?.(node, text) ?? plainName(node, text, language);
  const path = parent === null ? name : `${parent.path}.${name}`;
  let outer = node;
  while (outer.parent !== null && language.wrappers?.includes(outer.parent.name) === true)
    outer = outer.parent;
  return { kind, path, from: outer.from, to: outer.to, node, parent };
}

/** `const draw = () => …` is a function like any other. */
function isFunctionValue(node: SyntaxNode): boolean {
  return node.name === 'VariableDeclaration' && valueNames.some((name) => node.getChild(name) !== null);
}

const valueNames = ['ArrowFunction', 'FunctionExpression'];

function plainName(node: SyntaxNode, text: string, language: Language): string {
  const holder = declarator(node) ?? node;
  for (const name of language.names) {
    const found = holder.getChild(name) ?? node.getChild(name);
    if (found !== null) return text.slice(found.from, found.to).replaceAll('::', '.');
  }
  return 'default';
}

/** Where C, Go and Java keep the name: `int *(name)(…)`, `type name …`. */
function declarator(node: SyntaxNode): SyntaxNode | null {
  let found: SyntaxNode | null = null;
  for (let at: SyntaxNode | null = node; at !== null; found = at ?? found)
    at = childLike(at, /Declarator$|Spec$/);
  return found;
}

function childLike(node: SyntaxNode, name: RegExp): SyntaxNode | null {
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (name.test(child.name)) return child;
  return null;
}
