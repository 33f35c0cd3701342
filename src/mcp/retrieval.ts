/** Lexical retrieval over passages: BM25 in memory, built in a few milliseconds per hundred passages. */
import MiniSearch from 'minisearch';
import type { Passage } from './passages.js';

export interface Found {
  readonly passage: Passage;
  /** The share of the query's weight that the passage holds: rare words weigh more. 0 to 1. */
  readonly coverage: number;
}

export interface Retrieval {
  readonly passages: number;
  /** The best first; words that no passage has count as not found. */
  search(query: string): readonly Found[];
}

export function createRetrieval(passages: readonly Passage[]): Retrieval {
  const index = new MiniSearch<{ id: number; headings: string; text: string; path: string }>({
    fields: ['headings', 'text', 'path'],
    tokenize: wordsOf,
    processTerm: (word) => word,
    searchOptions: { boost: { headings: 2, path: 1.2 }, prefix: (term) => term.length > 3 },
  });
  index.addAll(
    passages.map(({ path, headings, text }, id) => ({ id, path, headings: headings.join(' '), text })),
  );
  const having = new Map<string, number>();
  for (const { path, headings, text } of passages) {
    for (const word of new Set(wordsOf([path, ...headings, text].join(' ')))) {
      having.set(word, (having.get(word) ?? 0) + 1);
    }
  }
  const weight = (word: string): number => {
    const count = having.get(word);
    // A word of no passage may be another word for something: it speaks against the rest, but by half.
    if (count === undefined) return Math.log(1 + passages.length / 2) / 2;
    return Math.log(1 + passages.length / (1 + count));
  };

  return {
    passages: passages.length,
    search(query) {
      const words = [...new Set(wordsOf(query))];
      const whole = words.reduce((sum, word) => sum + weight(word), 0);
      if (whole === 0) return [];
      return index.search(words.join(' ')).flatMap((result) => {
        const passage = passages[Number(result.id)];
        if (passage === undefined) return [];
        const matched = new Set(result.queryTerms);
        const held = words.filter((word) => matched.has(word)).reduce((sum, word) => sum + weight(word), 0);
        return [{ passage, coverage: held / whole }];
      });
    },
  };
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
