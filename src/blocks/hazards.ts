/** What compilers see in a text and grammars don't: escapes, joined lines, literals that aren't closed. Pure. */
import type { Block } from '../model/block.js';
import { codePointName } from './characters.js';
import { linesOf } from './lines.js';

/** A block of code and what is to stand in its place. */
export interface Change {
  readonly block: Block;
  readonly written: string;
  /** The characters before the block, its opening delimiter among them. */
  readonly before: string;
}

/** Why it can't be written, in words that go on from "the result for draw …"; null when it can. */
export type Objection = (change: Change) => string | null;

/** What is to be written instead, so that it says the same and stays in its block. */
export type Mended = (change: Change) => string;

/** Whether what stands in that node, which the grammar lets pass, is none for a compiler. */
export type IsFault = (node: string, text: string) => boolean;

/** Docstrings that aren't raw: their escapes are checked by Python, names of characters included. */
export const pythonObjection: Objection = ({ block, written, before }) => {
  if (block.kind !== 'docstring' || isRaw(before)) return null;
  if (brokenEscape.test(written)) return 'holds a backslash that begins no valid escape';
  const known = namedCharacters(block.text);
  const unknown = namedCharacters(written).find((name) => !known.includes(name));
  if (unknown === undefined) return null;
  return `holds ${unknown}, which its docstring didn’t: it may be no character’s name`;
};

/** A quote just before the closing ones is escaped, or, where backslashes are backslashes, parted from them by a blank. */
export const pythonMended: Mended = ({ block, written, before }) => {
  const close = block.fit.delimiters?.[1] ?? '';
  if (block.kind !== 'docstring' || close.length !== 3) return written;
  if (!written.endsWith(close.slice(0, 1)) || isEscaped(written, written.length - 1)) return written;
  return isRaw(before) ? `${written} ` : `${written.slice(0, -1)}\\${close.slice(0, 1)}`;
};

function isEscaped(text: string, at: number): boolean {
  return (/\\*$/.exec(text.slice(0, at))?.[0].length ?? 0) % 2 === 1;
}

function isRaw(before: string): boolean {
  return /r["']+$/i.test(before);
}

// A code point ends at 10FFFF.
const brokenEscape =
  /(?<!\\)(?:\\\\)*\\(?:x(?![\da-fA-F]{2})|u(?![\da-fA-F]{4})|U(?!00(?:0[\da-fA-F]|10)[\da-fA-F]{4})|N(?!\{[^}\n]+\}))/;

function namedCharacters(text: string): readonly string[] {
  return Array.from(text.matchAll(/(?<!\\)(?:\\\\)*(\\N\{[^}\n]+\})/g), ([, name = '']) => name);
}

/**
 * Java reads unicode escapes before it sees comments and texts (JLS 3.3), so what doesn't look like the end of one may be it. A
 * backslash begins one only if an even number of others precedes it.
 */
export const javaObjection: Objection = ({ block, written, before }) => {
  const escapes = unicodeEscapes(written);
  if (escapes.some(({ code }) => code === null))
    return 'holds \\u without four digits, which no Java file may';
  const had = new Set(unicodeEscapes(block.text).map(({ code }) => code));
  // No text begins or ends in a block comment.
  const counts = block.kind === 'docstring' ? commentSigns : signs;
  const sign = escapes.find(({ code }) => code !== null && counts.has(code) && !had.has(code));
  if (sign !== undefined)
    return `holds ${sign.escape}, which Java reads as ${signs.get(sign.code ?? 0) ?? ''}`;
  const closes = block.kind === 'docstring' && decoded(before.slice(-1) + written).includes('*/');
  return closes && escapes.length > 0 ? 'holds escapes that Java reads as the end of its comment' : null;
};

const unicodeEscape = /(?<!\\)((?:\\\\)*)(\\u+(?!u)([\da-fA-F]{4})?)/g;

interface UnicodeEscape {
  readonly escape: string;
  /** null: it has no four digits. */
  readonly code: number | null;
}

function unicodeEscapes(text: string): readonly UnicodeEscape[] {
  return Array.from(text.matchAll(unicodeEscape), ([, , escape = '', digits]) => ({
    escape,
    code: digits === undefined ? null : Number.parseInt(digits, 16),
  }));
}

function decoded(text: string): string {
  return text.replaceAll(unicodeEscape, (whole, before: string, _escape, digits: string | undefined) =>
    digits === undefined ? whole : before + String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

const signs: ReadonlyMap<number, string> = new Map([
  [0x0a, 'a line end'],
  [0x0d, 'a line end'],
  ...Array.from('*/"\'\\', (sign) => [sign.charCodeAt(0), sign] as const),
]);

const commentSigns: ReadonlySet<number> = new Set(Array.from('*/\\', (sign) => sign.charCodeAt(0)));

/** C joins a line that ends in a backslash with the next one, before it sees comments. */
export const cObjection: Objection = ({ block, written, before }) => {
  if (block.kind !== 'docstring') return null;
  if (block.fit.delimiters !== null) {
    const joined = (before.slice(-1) + written).replaceAll(/(?:\\|\?\?\/)[^\S\r\n]*(?:\r\n|\n|\r)/g, '');
    return joined.includes('*/')
      ? 'would end its comment once C joins the lines that end in a backslash'
      : null;
  }
  const had = joinedLines(block.text);
  if (joinedLines(written).every((line) => had.includes(line))) return null;
  return 'has a line that ends in a backslash (or ??/), with which the next line becomes a part of the comment';
};

/** Lines that go on in the next one, which for the last one is none of the block's. */
function joinedLines(text: string): readonly string[] {
  const lines = linesOf(text);
  const told = lines.map((line, index) => (index === lines.length - 1 ? `${line}\n` : line));
  return told.filter((line) => goesOn.test(line));
}

// g++ joins also where blanks follow the backslash; `??/` is one as well, as a trigraph.
const goesOn = /(?:\\|\?\?\/)\s*$/;

export const isCFault: IsFault = (node, text) => node === 'LineComment' && goesOn.test(text);

export const isScriptFault: IsFault = (node, text) => {
  // They end a line, and so the comment.
  if (node === 'LineComment') return /[\u2028\u2029]|\r[^]/.test(text);
  return node === 'String' && !isClosed(text, text.slice(0, 1));
};

export const isGoFault: IsFault = (node, text) =>
  (node === 'String' || node === 'Rune') && !text.startsWith('`') && !isClosed(text, text.slice(0, 1));

export const isPythonFault: IsFault = (node, text) => {
  if (node !== 'String' && node !== 'FormatString') return false;
  const [, prefix = '', quote = ''] = /^([a-z]*)("""|'''|"|')/i.exec(text) ?? [];
  return !isClosed(text.slice(prefix.length), quote);
};

/** Whether the literal ends in its quotes: a backslash before them takes them in, also in Python's raw ones. */
export function isClosed(literal: string, quote: string): boolean {
  const inner = literal.slice(quote.length, literal.length - quote.length);
  const backslashes = /\\*$/.exec(inner)?.[0].length ?? 0;
  return literal.length >= 2 * quote.length && literal.endsWith(quote) && backslashes % 2 === 0;
}

/** Characters that a compiler takes in no place but a file's beginning, or in none. */
export function holding(pattern: RegExp, compiler: string): Objection {
  return ({ block, written }) => {
    const found = pattern.exec(written)?.[0] ?? null;
    if (found === null || block.text.includes(found)) return null;
    return `holds ${codePointName(found.codePointAt(0) ?? 0)}, which ${compiler} refuses`;
  };
}
