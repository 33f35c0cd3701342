/**
 * What sets have in common, weighed, for every two of many sets: a part that only one of them holds is counted once and
 * then left out, so that comparing two costs no more than what others share with them. Pure.
 */

export interface Overlap {
  /** What all parts of one set weigh. */
  total(set: number): number;
  /** What two sets have in common: how many parts, and what they weigh. */
  between(first: number, second: number): { readonly count: number; readonly weight: number };
}

/** @param weightOf - of a part that so many of the sets hold. */
export function overlapOf<Part>(
  sets: readonly ReadonlySet<Part>[],
  weightOf: (part: Part, count: number) => number,
): Overlap {
  const counts = countParts(sets);
  const numbers = new Map<Part, number>();
  const weights: number[] = [];
  for (const [part, count] of counts) {
    if (count > 1) numbers.set(part, weights.push(weightOf(part, count)) - 1);
  }
  const totals = sets.map((set) =>
    [...set].reduce((sum, part) => sum + weightOf(part, counts.get(part) ?? 1), 0),
  );
  const shared = sets.map((set) =>
    Int32Array.from([...set].flatMap((part) => numbers.get(part) ?? [])).sort(),
  );
  return {
    total: (set) => totals[set] ?? 0,
    between: (first, second) => meet(shared[first] ?? nothing, shared[second] ?? nothing, weights),
  };
}

/** How many of the sets hold each part. */
function countParts<Part>(sets: readonly ReadonlySet<Part>[]): ReadonlyMap<Part, number> {
  const counts = new Map<Part, number>();
  for (const set of sets) for (const part of set) counts.set(part, (counts.get(part) ?? 0) + 1);
  return counts;
}

const nothing = new Int32Array();

/** Both are sorted: one walk along them finds what they have in common. */
function meet(
  first: Int32Array,
  second: Int32Array,
  weights: readonly number[],
): { count: number; weight: number } {
  let count = 0;
  let weight = 0;
  for (let left = 0, right = 0; left < first.length && right < second.length;) {
    const difference = (first[left] ?? 0) - (second[right] ?? 0);
    if (difference === 0) {
      count += 1;
      weight += weights[first[left] ?? 0] ?? 0;
    }
    if (difference <= 0) left += 1;
    if (difference >= 0) right += 1;
  }
  return { count, weight };
}
