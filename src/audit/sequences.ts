/** A text's sequences of tokens (shingles) with what a copyist renames made equal. Pure. */
import type { Lexed, Token } from './lexer.js';

/** Of code: about one call with its arguments; shorter ones are in every file of a language. */
const codeLength = 8;

/** Of prose: six equal words in a row are no accident. */
const proseLength = 6;

export interface Sequence {
  readonly hash: number;
  /** Where it begins and ends in the text. */
  readonly at: number;
  readonly end: number;
}

/**
 * Numbers and strings stand as such, whatever their value. A name that is called or reached through a dot belongs to a
 * library and stays; any other is the author's and becomes `_`. Of prose only the words count.
 */
export function sequencesOf({ tokens, family }: Lexed): readonly Sequence[] {
  const kept =
    family === 'prose' ? tokens.filter(({ kind }) => kind === 'word' || kind === 'number') : tokens;
  const length = family === 'prose' ? proseLength : codeLength;
  const known = new Map<string, number>();
  const hashes = kept.map((token, index) => {
    const word = family === 'prose' ? proseWord(token) : codeWord(token, kept[index - 1], kept[index + 1]);
    const hash = known.get(word) ?? hashOf(word);
    known.set(word, hash);
    return hash;
  });
  const sequences: Sequence[] = [];
  for (let first = 0; first + length <= kept.length; first += 1) {
    let hash = 0;
    for (let index = first; index < first + length; index += 1) {
      hash = (Math.imul(hash, 0x01000193) ^ (hashes[index] ?? 0)) >>> 0;
    }
    const last = kept[first + length - 1];
    sequences.push({
      hash,
      at: kept[first]?.at ?? 0,
      end: last === undefined ? 0 : last.at + last.text.length,
    });
  }
  return sequences;
}

function proseWord({ kind, text }: Token): string {
  return kind === 'number' ? '0' : text.toLowerCase();
}

function codeWord(token: Token, before: Token | undefined, after: Token | undefined): string {
  if (token.kind === 'number') return '0';
  if (token.kind === 'string') return '""';
  if (token.kind === 'symbol' || keywords.has(token.text)) return token.text;
  return before?.text === '.' || after?.text === '(' ? token.text : '_';
}

/** They are no names: that a loop is a loop stays. */
const keywords = new Set(
  `and as async await break case catch class const continue def del do elif else except export extends finally for from
  function if import in interface is lambda let new not or pass raise return switch throw try type typeof var while with
  yield`.split(/\s+/),
);

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
