/** Reciprocal rank fusion: orders made by different measures become one, without comparing their scores. Pure. */

export interface Ranking {
  readonly weight: number;
  /** Ids, the best first. */
  readonly order: readonly number[];
}

/** Of the paper that introduced it (Cormack et al., 2009): damps how much the very first ranks count. */
const damping = 60;

/** The best first; equals in the order of their ids. */
export function fuse(rankings: readonly Ranking[]): readonly number[] {
  const scores = new Map<number, number>();
  for (const { weight, order } of rankings) {
    order.forEach((id, at) => scores.set(id, (scores.get(id) ?? 0) + weight / (damping + at + 1)));
  }
  return [...scores]
    .toSorted(([leftId, left], [rightId, right]) => right - left || leftId - rightId)
    .map(([id]) => id);
}
