/** The words that tell what a text is about: out of its strings, its comments and the names that it gives itself. Pure. */
import { calendarWords, dullWords } from './dull-words.js';
import type { Lexed, Token } from './lexer.js';

export function domainWords(lexed: Lexed): ReadonlySet<string> {
  const texts = new Set(spokenTexts(lexed).map(({ text }) => text));
  return new Set([...texts].flatMap(splitWords));
}

/** The strings, comments and names that words are taken from. */
export function spokenTexts({
  tokens,
  comments,
  family,
}: Lexed): readonly { readonly text: string; readonly at: number }[] {
  const given = family === 'prose' ? null : givenNames(tokens);
  const spoken = tokens.filter(
    ({ kind, text }) => kind === 'string' || (kind === 'word' && (given === null || given.has(text))),
  );
  return [...spoken, ...comments];
}

/** `soldLoaves`, `sold_loaves` and `Sold loaves!` are the same two words; colors such as `#fade00` are none. */
export function splitWords(text: string): readonly string[] {
  const parts = text.replaceAll(/#[\da-f]{3,8}\b/gi, ' ').match(wordParts) ?? [];
  return parts.map((part) => part.toLowerCase()).filter(isTelling);
}

/** Whether a text that has these words has this one too, be it in the plural. */
export function isAmong(words: ReadonlySet<string>, word: string): boolean {
  return words.has(word) || words.has(`${word}s`) || (word.endsWith('s') && words.has(word.slice(0, -1)));
}

const wordParts = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}[\p{Ll}\p{M}]*|[\p{Lo}\p{M}]+/gu;

/** `title`, `margin-left`, `l`: what settings are called. `A` and `Jan` are labels of data. */
export function isSettingName(text: string): boolean {
  const name = text.replaceAll(/["'`]/g, '');
  return !/^\p{Lu}$/u.test(name) && !calendarWords.has(name.toLowerCase()) && splitWords(name).length === 0;
}

function isTelling(word: string): boolean {
  // Signs of scripts without an alphabet say as much as words do.
  const longEnough = /\p{Lo}/u.test(word) ? word.length >= 2 : word.length >= 3 && word.length <= 30;
  return longEnough && !dullWords.has(word) && !calendarWords.has(word);
}

const declaring = new Set([
  'const',
  'let',
  'var',
  'def',
  'function',
  'class',
  'for',
  'type',
  'interface',
  'fn',
  'val',
]);

/** What is declared or assigned to outside of brackets; `size=20` in a call is the library's word. */
function givenNames(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  let depth = 0;
  tokens.forEach((token, index) => {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth = Math.max(0, depth - 1);
    if (token.kind !== 'word') return;
    const before = tokens[index - 1]?.text ?? '';
    if (declaring.has(before) || (depth === 0 && before !== '.' && isAssigned(tokens, index)))
      names.add(token.text);
  });
  return names;
}

function isAssigned(tokens: readonly Token[], index: number): boolean {
  const after = (tokens[index + 1]?.text ?? '') + (tokens[index + 2]?.text ?? '');
  return after.startsWith('<-') || /^=(?![=>~])/.test(after);
}
