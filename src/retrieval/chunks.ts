/** A document cut by its structure: Markdown by headings, code by what stands at its top level, long ones by paragraphs. Pure. */
import { isMarkdown, longestPassage, passagesOf, passageText, piecesOf } from '../model/passages.js';
import type { Passage } from '../model/passages.js';
import type { Chunk, ReferenceDocument } from './document.js';

/** Part of what a kept document is found by: raise it whenever the same text is cut differently. */
export const chunkerVersion = 1;

/** Characters: imports, constants and the like share a chunk up to this length. */
const longestTogether = 400;

export function cut({ path, text }: ReferenceDocument): readonly Passage[] {
  const plain = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  return isMarkdown(path) || isProse(path) ? passagesOf(path, plain) : codePassages(path, plain);
}

/** @param documents - the passages of each, in document order. */
export function chunksOf(
  documents: readonly (readonly Passage[])[],
  charactersPerToken: number,
): readonly Chunk[] {
  return documents.flat().map(({ path, headings, text }, place) => {
    const tokens = Math.ceil((passageText({ path, headings, text }).length + 2) / charactersPerToken);
    return { path, headings, text, place, tokens };
  });
}

function isProse(path: string): boolean {
  return /(?:^|\/)[^./]+$|\.(?:txt|text|rst|adoc|asciidoc|org|tex|html?)$/i.test(path);
}

function codePassages(path: string, text: string): readonly Passage[] {
  return together(unitsOf(text)).flatMap((unit) => {
    if (unit.length <= longestPassage) return [{ path, headings: [], text: unit }];
    const name = declarationOf(unit);
    // What is cut off from its declaration says where it belongs.
    return piecesOf(unit).map((piece, at) => ({ path, headings: at === 0 ? [] : name, text: piece }));
  });
}

/** From a line at the margin behind a blank one to the next such line; what only goes on or closes begins nothing. */
function unitsOf(text: string): readonly string[] {
  const units: string[][] = [[]];
  let isAfterBlank = false;
  for (const line of text.split('\n')) {
    if (isAfterBlank && /^\S/.test(line) && !continuation.test(line)) units.push([]);
    units.at(-1)?.push(line);
    isAfterBlank = line.trim() === '';
  }
  return units.map((lines) => withoutBlankEnds(lines.join('\n'))).filter((unit) => unit !== '');
}

const continuation = /^(?:[)\]}]|(?:end|else|elif|except|finally|catch|rescue|ensure)\b)/;

/** The first line's indentation stays. */
function withoutBlankEnds(text: string): string {
  return text.trimEnd().replace(/^(?:[^\S\n]*\n)+/, '');
}

function together(units: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const unit of units) {
    const last = joined.at(-1);
    if (last !== undefined && last.length + unit.length + 2 <= longestTogether) {
      joined[joined.length - 1] = `${last}\n\n${unit}`;
    } else joined.push(unit);
  }
  return joined;
}

/** The line that names the unit: no comment, no decorator. */
function declarationOf(unit: string): readonly string[] {
  const line = unit.split('\n').find((one) => !/^\s*(?:$|#|\/\/|\/\*|\*|--|@|"""|''')/.test(one));
  return line === undefined || !/\w{2}/.test(line) ? [] : [line.trim().slice(0, 120)];
}
