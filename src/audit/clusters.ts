/** From pairs to groups. Pure. */
import type { Pair } from './similarity.js';

/** Places in the plan, in its order. */
export type Cluster = readonly number[];

/** One request comes of a cluster, whatever its size: more items only make it longer to read. */
const mostItems = 6;

/** An item that is like one of three isn't like the three: a chain of weak links makes no group. */
const leastLinked = 2 / 3;

/** The strongest pairs; where there are more, they are the same few copies over and over. */
const mostPairs = 10_000;

/**
 * Every pair ends up in a cluster, the strongest first. An item joins one when it may be a copy of two thirds of those in
 * it; else the pair is a cluster of its own, so that an item can be in two. Of two pairs as strong the one goes first whose
 * ids do: the plan's order changes nothing.
 */
export function clustersOf(pairs: readonly Pair[], ids: readonly string[]): readonly Cluster[] {
  const links = linksOf(pairs);
  const clusters: Set<number>[] = [];
  const isLike = (item: number, cluster: ReadonlySet<number>): boolean => {
    const linked = [...cluster].filter((each) => links.get(item)?.has(each) === true).length;
    return linked >= leastLinked * cluster.size;
  };
  for (const { first, second } of strongestFirst(pairs, ids)) {
    const isFitting = (cluster: ReadonlySet<number>): boolean =>
      (cluster.has(first) && isLike(second, cluster)) || (cluster.has(second) && isLike(first, cluster));
    if (clusters.some((cluster) => cluster.has(first) && cluster.has(second))) continue;
    const fitting = clusters.filter(isFitting);
    const open = fitting.find(({ size }) => size < mostItems);
    const areKnown = [first, second].every((item) => clusters.some((cluster) => cluster.has(item)));
    if (open !== undefined) open.add(first).add(second);
    else if (fitting.length === 0 || !areKnown) clusters.push(new Set([first, second]));
  }
  return clusters.map((cluster) => [...cluster].toSorted((left, right) => left - right));
}

function strongestFirst(pairs: readonly Pair[], ids: readonly string[]): readonly Pair[] {
  const name = ({ first, second }: Pair): string =>
    [ids[first] ?? '', ids[second] ?? ''].toSorted().join('\0');
  return pairs
    .map((pair) => ({ pair, name: name(pair) }))
    .toSorted((left, right) => right.pair.strength - left.pair.strength || (left.name < right.name ? -1 : 1))
    .slice(0, mostPairs)
    .map(({ pair }) => pair);
}

function linksOf(pairs: readonly Pair[]): ReadonlyMap<number, ReadonlySet<number>> {
  const links = new Map<number, Set<number>>();
  const link = (from: number, to: number): void => {
    links.set(from, (links.get(from) ?? new Set()).add(to));
  };
  for (const { first, second } of pairs) {
    link(first, second);
    link(second, first);
  }
  return links;
}
