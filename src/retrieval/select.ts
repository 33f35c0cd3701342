/** Which chunks go along with an item, or with a pack of them. Pure. */
import type { Chunk } from './document.js';
import type { Ranked } from './rank.js';

export interface SearchLimits {
  /** Chunks for one query. */
  readonly topK: number;
  /** Tokens of all chunks together. */
  readonly tokens: number;
}

export interface Covered {
  /** Of the query, by the one of the chosen chunks that covers most of it. 0 to 1. */
  readonly coverage: number;
  /** Whether the references seem to say nothing about it. */
  readonly isMiss: boolean;
}

export interface Selected extends Covered {
  /** In document order. */
  readonly chunks: readonly Chunk[];
  readonly tokens: number;
  /** In the order of the queries; `coverage` beside it is the least of these, and one miss makes a miss. */
  readonly perQuery: readonly Covered[];
}

/**
 * The best of each query in turn, then the second best, and so on: a query whose chunks were all taken already has lost
 * nothing, and no query takes the room of the others' best. What doesn't fit any more is left out for what does. A query's
 * best is the first that covers enough of it: orders are fused of words and vectors, and what both have in the middle may
 * stand before what one of them has found.
 */
export function select(
  rankings: readonly (readonly Ranked[])[],
  limits: SearchLimits,
  leastCoverage: number,
): Selected {
  const chosen = new Set<Chunk>();
  let tokens = 0;
  const orders = rankings.map((ranking) => coveringFirst(ranking, leastCoverage));
  for (const { chunk } of inTurn(orders, limits.topK)) {
    if (chosen.has(chunk) || tokens + chunk.tokens > limits.tokens) continue;
    chosen.add(chunk);
    tokens += chunk.tokens;
  }
  const perQuery = rankings.map((ranking) => coveredBy(chosen, ranking, leastCoverage));
  return {
    chunks: [...chosen].toSorted((left, right) => left.place - right.place),
    tokens,
    coverage: perQuery.reduce((least, { coverage }) => Math.min(least, coverage), 1),
    isMiss: perQuery.some(({ isMiss }) => isMiss),
    perQuery,
  };
}

function coveringFirst(ranking: readonly Ranked[], leastCoverage: number): readonly Ranked[] {
  const at = ranking.findIndex(({ coverage }) => coverage >= leastCoverage);
  return at < 1 ? ranking : [...ranking.slice(at, at + 1), ...ranking.slice(0, at), ...ranking.slice(at + 1)];
}

function inTurn(rankings: readonly (readonly Ranked[])[], topK: number): readonly Ranked[] {
  const longest = rankings.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: Math.min(topK, longest) }, (_, at) =>
    rankings.flatMap((ranking) => ranking[at] ?? []),
  ).flat();
}

function coveredBy(chosen: ReadonlySet<Chunk>, ranking: readonly Ranked[], leastCoverage: number): Covered {
  const own = ranking.filter(({ chunk }) => chosen.has(chunk));
  const coverage = own.reduce((most, one) => Math.max(most, one.coverage), 0);
  return { coverage, isMiss: own.length === 0 || coverage < leastCoverage };
}
