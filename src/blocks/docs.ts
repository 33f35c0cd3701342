/** The texts that document code: Python's docstrings, doc comments elsewhere. */
import type { SyntaxNode } from '@lezer/common';
import { blockComment, docstring, lineComments } from './doc-layout.js';
import type { DocPlace } from './doc-layout.js';
import type { DocSyntax, Language } from './languages.js';
import { lineStart, linesOf } from './lines.js';
import type { Region } from './region.js';
import { bodyOf, headsOf } from './symbols.js';
import type { Code, CodeSymbol, Comment } from './symbols.js';

interface Reading {
  readonly text: string;
  readonly language: Language;
}

export function docRegions(code: Code, { text, language }: Reading): readonly Region[] {
  const { docs } = language;
  if (docs.isLiteral === true) return literals(code, text);
  const documented = byStart(code.symbols);
  return commentRuns(code.comments, { text, docs })
    .map((run) => commentRegion(run, { text, docs, documented }))
    .filter((region) => region !== null)
    .sort((a, b) => a.start - b.start);
}

/** The first statement of the module and of each body, when it is nothing but a text. */
function literals({ module, symbols }: Code, text: string): readonly Region[] {
  const found = symbols.map((symbol) => literalRegion(bodyOf(symbol.node), { symbol, text }));
  const top = literalRegion(module, { symbol: null, text });
  return [top, ...found].filter((region) => region !== null).sort((a, b) => a.start - b.start);
}

interface Documented {
  readonly symbol: CodeSymbol | null;
  readonly text: string;
}

function literalRegion(body: SyntaxNode | null, { symbol, text }: Documented): Region | null {
  let first = body?.firstChild ?? null;
  while (first !== null && (first.name === 'Comment' || first.name === ':')) first = first.nextSibling;
  if (first?.name === 'StatementGroup') first = first.firstChild;
  const literal = first?.name === 'ExpressionStatement' ? first.getChild('String') : null;
  if (first === null || literal?.from !== first.from || literal.to !== first.to) return null;
  const place = docstring(text, literal.from, literal.to);
  return place === null ? null : docRegion(place, symbol, text);
}

function docRegion(place: DocPlace, symbol: CodeSymbol | null, text: string): Region {
  const key = symbol?.path ?? 'module';
  return { key, kind: 'docstring', shape: `docstring ${key}`, context: headsOf(symbol, text), ...place };
}

/** Comments that read as one: lines of the same sign, one below the other. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly sign: string;
  readonly last: Comment;
}

function commentRuns(
  comments: readonly Comment[],
  { text, docs }: { text: string; docs: DocSyntax },
): readonly Run[] {
  const runs: Run[] = [];
  for (const comment of comments) {
    const { from } = comment.node;
    const to = from + text.slice(from, comment.node.to).trimEnd().length;
    const sign = signOf(text.slice(from, to), docs);
    if (sign === null) continue;
    const before = runs.at(-1);
    const goesOn = before?.sign === sign && sign !== blockSign && isNextLine(text, before.to, from);
    if (goesOn) runs.pop();
    runs.push({ from: goesOn ? before.from : from, to, sign, last: comment });
  }
  return runs;
}

const blockSign = '/**';

function signOf(comment: string, { line = [], inner = [] }: DocSyntax): string | null {
  // Four slashes and three stars are for drawing lines.
  if (/^\/\*[*!](?![*/])/.test(comment)) return blockSign;
  const sign = [...line, ...inner].find((start) => comment.startsWith(start)) ?? null;
  return sign !== null && sign !== '//' && comment.startsWith(`${sign}/`) ? null : sign;
}

function isNextLine(text: string, end: number, start: number): boolean {
  const between = text.slice(end, start);
  return between.trim() === '' && linesOf(between).length === 2;
}

interface Lookup {
  readonly text: string;
  readonly docs: DocSyntax;
  readonly documented: ReadonlyMap<number, CodeSymbol>;
}

function commentRegion(run: Run, { text, docs, documented }: Lookup): Region | null {
  const { from, to, sign } = run;
  const place = sign === blockSign ? blockComment(text, from, to) : lineComments(text, from, to, sign);
  if (place === null) return null;
  const isInner = docs.inner?.includes(sign) === true || aboutTheFile.test(text.slice(from, to));
  if (isInner) return docRegion(place, run.last.within, text);
  const next = followedBy(run.last.node);
  const symbol = next === null ? undefined : documented.get(next.from);
  // What documents no declaration may be a license, or code that was put aside.
  if (symbol === undefined || !isAbove(text, run, symbol)) return null;
  return docRegion(place, symbol, text);
}

const aboutTheFile = /@(?:file|fileoverview|module|packageDocumentation)\b/;

/** In Go an empty line parts a comment from what follows, and build instructions are comments as well. */
function isAbove(text: string, { from, to, sign }: Run, symbol: CodeSymbol): boolean {
  if (sign !== '//') return true;
  const isOwnLine = text.slice(lineStart(text, from), from).trim() === '';
  const isInstruction = /^\/\/(?:go:|\s*\+build|line |export )/m.test(text.slice(from, to));
  return isOwnLine && !isInstruction && isNextLine(text, to, symbol.from);
}

function followedBy(node: SyntaxNode): SyntaxNode | null {
  let next = node.nextSibling;
  while (next?.name.endsWith('Comment') === true) next = next.nextSibling;
  return next;
}

function byStart(symbols: readonly CodeSymbol[]): ReadonlyMap<number, CodeSymbol> {
  const found = new Map<number, CodeSymbol>();
  for (const symbol of symbols) {
    // The outermost of those that begin at one place is the one that is documented there.
    if (!found.has(symbol.from)) found.set(symbol.from, symbol);
  }
  return found;
}
