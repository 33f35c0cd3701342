/** Lexical search over passages: BM25 in memory, built in a few milliseconds per hundred passages. Pure. */
import MiniSearch from 'minisearch';
import type { Passage } from './passages.js';

export interface LexicalFound<Found extends Passage> {
  readonly passage: Found;
  /** The share of the query's weight that the passage holds: rare words weigh more. 0 to 1. */
  readonly coverage: number;
}

export interface LexicalIndex<Indexed extends Passage> {
  readonly passages: number;
  /** The best first; words that no passage has count as not found. */
  search(query: string): readonly LexicalFound<Indexed>[];
}

export interface LexicalLimits {
  /** So many of the query's words are looked for, the rarest; left out: all. */
  readonly mostWords?: number;
  /**
   * As many of its rarest words as cover a query whole: a long text shares a handful of telling words with the passage
   * that it needs, never most of them. Left out: all of its words.
   */
  readonly tellingWords?: number;
}

export function createLexicalIndex<Indexed extends Passage>(
  passages: readonly Indexed[],
  { mostWords = Infinity, tellingWords = Infinity }: LexicalLimits = {},
): LexicalIndex<Indexed> {
  const read = passages.map(wordsIn);
  const index = indexOf(read);
  const weight = weightsIn(read);
  return {
    passages: passages.length,
    search(query) {
      const words = rarest([...new Set(wordsOf(query))], weight, mostWords);
      const whole = sum(rarest(words, weight, tellingWords), weight);
      if (whole === 0) return [];
      return index.search(words.join(' ')).flatMap((result) => {
        const passage = passages[Number(result.id)];
        if (passage === undefined) return [];
        const matched = new Set(result.queryTerms);
        const held = words.filter((word) => matched.has(word));
        return [{ passage, coverage: Math.min(1, sum(held, weight) / whole) }];
      });
    },
  };
}

type Weight = (word: string) => number;

/** The words of each field, by blanks: taken apart once, for the index and for the weights. */
interface PassageWords {
  readonly headings: string;
  readonly text: string;
  readonly path: string;
}

function wordsIn({ path, headings, text }: Passage): PassageWords {
  const read = (field: string): string => wordsOf(field).join(' ');
  return { headings: read(headings.join(' ')), text: read(text), path: read(path) };
}

function indexOf(read: readonly PassageWords[]): MiniSearch {
  const index = new MiniSearch<PassageWords & { readonly id: number }>({
    fields: ['headings', 'text', 'path'],
    tokenize: byBlanks,
    processTerm: (word) => word,
    searchOptions: { boost: { headings: 2, path: 1.2 }, prefix: (term) => term.length > 3 },
  });
  index.addAll(read.map((words, id) => ({ id, ...words })));
  return index;
}

function byBlanks(words: string): string[] {
  return words === '' ? [] : words.split(' ');
}

function weightsIn(read: readonly PassageWords[]): Weight {
  const having = new Map<string, number>();
  for (const { headings, text, path } of read) {
    for (const word of new Set([headings, text, path].flatMap(byBlanks))) {
      having.set(word, (having.get(word) ?? 0) + 1);
    }
  }
  return (word) => {
    const count = having.get(word);
    // A word of no passage may be another word for something: it speaks against the rest, but by half.
    if (count === undefined) return Math.log(1 + read.length / 2) / 2;
    return Math.log(1 + read.length / (1 + count));
  };
}

function rarest(words: readonly string[], weight: Weight, most: number): readonly string[] {
  if (words.length <= most) return words;
  return words.toSorted((left, right) => weight(right) - weight(left)).slice(0, most);
}

function sum(words: readonly string[], weight: Weight): number {
  return words.reduce((total, word) => total + weight(word), 0);
}

/** Words in lower case without a plural's end; what stands in nearly every sentence is left out. */
function wordsOf(text: string): string[] {
  const words =
    text
      .normalize('NFKC')
      .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !common.has(word)).map(stem);
}

function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

const common: ReadonlySet<string> = new Set(
  'a an and are as at be but by can do does for from has have how i if in into may is it its must my no not of on or our should so than that the their them then there these they this to use was we what when where which who will with you your'.split(
    ' ',
  ),
);
