/** Cells on the same items, item by item. Pure. */
import type { PackingCell, PairedComparison } from '../model/packing-bench.js';
import { mcnemar } from './statistics.js';
import type { Discordant } from './statistics.js';

/** Over the items that both have an outcome for, by their places in the set. */
export function discordant(
  before: Pick<PackingCell, 'outcomes'>,
  after: Pick<PackingCell, 'outcomes'>,
  isGood: (letter: string) => boolean,
): Discordant {
  let [lost, gained] = [0, 0];
  const shared = Math.min(before.outcomes.length, after.outcomes.length);
  for (let at = 0; at < shared; at += 1) {
    const was = isGood(before.outcomes.charAt(at));
    const is = isGood(after.outcomes.charAt(at));
    if (was && !is) lost += 1;
    if (is && !was) gained += 1;
  }
  return { lost, gained };
}

export const hasAgreed = (letter: string): boolean => letter === 'a';

export const hasNotFailed = (letter: string): boolean => letter !== 'f';

/** Beside the smallest size of the cell's model, one per call where that was measured; null: the cell is it. */
export function againstSmallest(cell: PackingCell, cells: readonly PackingCell[]): PairedComparison | null {
  const smallest = smallestOf(cell.model, cells);
  if (smallest === null || smallest.size >= cell.size) return null;
  const split = discordant(smallest, cell, hasAgreed);
  return { size: smallest.size, ...split, p: mcnemar(split) };
}

export function smallestOf(model: string, cells: readonly PackingCell[]): PackingCell | null {
  const own = cells.filter((each) => each.model === model);
  return own.reduce<PackingCell | null>(
    (least, each) => (least === null || each.size < least.size ? each : least),
    null,
  );
}
