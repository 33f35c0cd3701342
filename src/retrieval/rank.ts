/** The order of the chunks for one query: by words, by vectors where there are any, or by both. Pure. */
import type { LexicalIndex } from '../model/lexical-index.js';
import type { Chunk } from './document.js';
import { fuse } from './fusion.js';
import { nearest } from './nearness.js';

export interface Ranked {
  readonly chunk: Chunk;
  /** How much of the query it covers, by the measure that speaks for it most. 0 to 1. */
  readonly coverage: number;
}

export interface Searched {
  readonly chunks: readonly Chunk[];
  readonly words: LexicalIndex<Chunk>;
}

export interface QueryVector {
  readonly query: Float32Array;
  /** One per chunk. */
  readonly chunks: readonly Float32Array[];
  /** Of vectors in the fusion, 0 to 1; words have the rest. */
  readonly weight: number;
}

/** Beyond it a rank by vectors says nothing: every chunk has one. What shares words with the query never drops out. */
const deepest = 100;

export function rank(
  query: string,
  { chunks, words }: Searched,
  vector: QueryVector | null,
): readonly Ranked[] {
  const byWords = words.search(query);
  const coverage = new Map(byWords.map((found) => [found.passage.place, found.coverage]));
  const order = byWords.map(({ passage }) => passage.place);
  if (vector === null) return ranked(order, chunks, coverage);
  const near = nearest(vector.query, vector.chunks);
  for (const { place, nearness } of near) {
    coverage.set(place, Math.max(nearness, coverage.get(place) ?? 0));
  }
  const fused = fuse([
    { weight: 1 - vector.weight, order },
    { weight: vector.weight, order: near.slice(0, deepest).map(({ place }) => place) },
  ]);
  return ranked(fused, chunks, coverage);
}

function ranked(
  order: readonly number[],
  chunks: readonly Chunk[],
  coverage: ReadonlyMap<number, number>,
): readonly Ranked[] {
  return order.flatMap((place) => {
    const chunk = chunks[place];
    return chunk === undefined ? [] : [{ chunk, coverage: coverage.get(place) ?? 0 }];
  });
}
