/** Code as blocks by its structure: what is said of the declarations, or the declarations. */
import type { Parser, Tree } from '@lezer/common';
import type { Block } from '../model/block.js';
import { docRegions } from './docs.js';
import type { Change } from './hazards.js';
import { languageOf } from './languages.js';
import type { Language } from './languages.js';
import { indentedLayout } from './layout.js';
import { byteOrderMark, trimmedRange } from './lines.js';
import { withReadings } from './newer-syntax.js';
import { headsOf, readCode } from './symbols.js';
import type { Code, CodeSymbol } from './symbols.js';
import type { Region, Splitter } from './region.js';

type Selection = 'docs' | 'functions' | 'declarations';

export async function codeSplitter(select: Selection, path: string): Promise<Splitter> {
  const language = languageOf(path);
  const parser = await language.load();
  return {
    split: (file) => {
      // Not every grammar knows the mark.
      const skipped = file.startsWith(byteOrderMark) ? 1 : 0;
      const text = file.slice(skipped);
      const code = parse(parser, { text, language });
      const regions = regionsOf(code, { text, language, select }).map((region) => movedBy(skipped, region));
      return { regions, faults: code.faults };
    },
    objection: (text, block, written) => language.objection?.(toChange(text, block, written)) ?? null,
    mended: (text, block, written) => language.mended?.(toChange(text, block, written)) ?? written,
  };
}

function toChange(text: string, block: Block, written: string): Change {
  return { block, written, before: text.slice(Math.max(0, block.start - 4), block.start) };
}

interface Reading {
  readonly text: string;
  readonly language: Language;
}

/** As the parser has it; where it sees no sense, with what it doesn't know put in words that it does. */
function parse(parser: Parser, { text, language }: Reading): Code {
  const tree = parser.parse(text);
  const code = readCode(tree, text, language);
  if (code.faults === 0 || language.newer === undefined) return code;
  const readings = language.newer(text).filter(({ from }) => !isQuoted(tree, from));
  const places = errorPlaces(tree);
  const beside = readings.filter(({ from, to }) =>
    places.some((at) => at >= from && text.slice(to, at).trim() === ''),
  );
  let best = code;
  // Few at first: what is sound in the same words stays as it is.
  for (const tried of [beside, readings]) {
    if (best.faults === 0 || tried.length === 0) break;
    const next = readCode(parser.parse(withReadings(text, tried)), text, language);
    if (next.faults < best.faults) best = next;
  }
  return best;
}

function errorPlaces(tree: Tree): readonly number[] {
  const places: number[] = [];
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) places.push(from);
    },
  });
  return places;
}

function isQuoted(tree: Tree, at: number): boolean {
  const { name, from } = tree.resolveInner(at, 1);
  return from < at && /String|Comment|TextBlock|Char/.test(name);
}

function regionsOf(code: Code, reading: Reading & { readonly select: Selection }): readonly Region[] {
  if (reading.select === 'docs') return docRegions(code, reading);
  const isWanted = reading.select === 'functions' ? isOutermostFunction : isTopLevel;
  return code.symbols.filter(isWanted).map((symbol) => symbolRegion(symbol, reading.text));
}

function movedBy(skipped: number, region: Region): Region {
  return { ...region, start: region.start + skipped, end: region.end + skipped };
}

function symbolRegion(symbol: CodeSymbol, text: string): Region {
  const { start, end } = trimmedRange(text, symbol.from, symbol.to);
  return {
    key: symbol.path,
    kind: symbol.kind === 'function' ? 'function' : 'class',
    start,
    end,
    // A declaration under another name would leave its callers behind.
    shape: `${symbol.node.name} ${symbol.path}`,
    context: headsOf(symbol.parent, text),
    layout: indentedLayout({ text, start, end }),
  };
}

function isOutermostFunction(symbol: CodeSymbol): boolean {
  return (
    symbol.kind === 'function' &&
    ancestors(symbol).every(({ kind }) => kind !== 'function' && kind !== 'member')
  );
}

function isTopLevel(symbol: CodeSymbol): boolean {
  const isDeclaration = symbol.kind === 'function' || symbol.kind === 'class';
  return isDeclaration && ancestors(symbol).every(({ kind }) => kind === 'scope');
}

function ancestors({ parent }: CodeSymbol): readonly CodeSymbol[] {
  return parent === null ? [] : [parent, ...ancestors(parent)];
}
