/** Which of two lists of blocks are the same: as many as stand in the same order, then what was moved elsewhere. Pure. */
import type { BlockItem } from '../../model/block.js';

export interface Aligning {
  /** Blocks of one file, in their order. */
  readonly before: readonly BlockItem[];
  readonly now: readonly BlockItem[];
  /** Whether the block may have become that one. */
  readonly isSame: (before: BlockItem, now: BlockItem) => boolean;
}

/** A pair of the same place is worth a little more than another, and never as much as a second pair. */
const pairWorth = 1_000_000;
const placeWorth = 1;

/** Beyond so many comparisons only what is alike at both ends is aligned. */
const mostComparisons = 4_000_000;

/** Pairs of indices, of `before` and `now`. */
export function align(aligning: Aligning): ReadonlyMap<number, number> {
  const { before, now } = aligning;
  const pairs = new Map<number, number>();
  let head = 0;
  while (head < Math.min(before.length, now.length) && worth(aligning, head, head) > pairWorth) {
    pairs.set(head, head);
    head += 1;
  }
  let [left, right] = [before.length - 1, now.length - 1];
  while (left >= head && right >= head && worth(aligning, left, right) > pairWorth) {
    pairs.set(left, right);
    left -= 1;
    right -= 1;
  }
  const middle = { head, left: left + 1, right: right + 1 };
  if ((middle.left - head) * (middle.right - head) <= mostComparisons)
    for (const [one, other] of inOrder(aligning, middle)) pairs.set(one, other);
  for (const [one, other] of elsewhere(aligning, pairs)) pairs.set(one, other);
  return pairs;
}

function worth({ before, now, isSame }: Aligning, left: number, right: number): number {
  const [one, other] = [before[left], now[right]];
  if (one === undefined || other === undefined || !isSame(one, other)) return 0;
  return pairWorth + (one.block.key === other.block.key ? placeWorth : 0);
}

interface Middle {
  readonly head: number;
  /** Ends, of `before` and `now`; they are no part of it. */
  readonly left: number;
  readonly right: number;
}

/** The longest common subsequence, by what its pairs are worth. */
function inOrder(aligning: Aligning, { head, left, right }: Middle): readonly (readonly [number, number])[] {
  const [rows, columns] = [left - head, right - head];
  const width = columns + 1;
  // What the rest behind each place is worth.
  const best = new Float64Array((rows + 1) * width);
  const at = (row: number, column: number): number => best[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      const own = worth(aligning, head + row, head + column);
      const paired = own === 0 ? 0 : own + at(row + 1, column + 1);
      best[row * width + column] = Math.max(paired, at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let [row, column] = [0, 0]; row < rows && column < columns;) {
    const own = worth(aligning, head + row, head + column);
    if (own > 0 && at(row, column) === own + at(row + 1, column + 1)) {
      pairs.push([head + row, head + column]);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}

/** What stands before another now that stood behind it. */
function elsewhere(
  { before, now, isSame }: Aligning,
  pairs: ReadonlyMap<number, number>,
): readonly (readonly [number, number])[] {
  const taken = new Set(pairs.values());
  const free = now.flatMap((item, index) => (taken.has(index) ? [] : [{ item, index }]));
  const found: (readonly [number, number])[] = [];
  for (const [index, item] of before.entries()) {
    if (pairs.has(index)) continue;
    const place = free.findIndex((one) => isSame(item, one.item));
    const [other] = place === -1 ? [] : free.splice(place, 1);
    if (other !== undefined) found.push([index, other.index]);
  }
  return found;
}
