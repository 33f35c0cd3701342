/** Which model and size to work with. Pure. */
import { formatUsd } from '../model/format.js';
import type { PackingCell, PackingRecommendation } from '../model/packing-bench.js';
import { agreementText, cellName } from './cell-words.js';
import { agreementOf, usdPerItem } from './cell.js';
import { discordant, hasAgreed } from './compare.js';
import { lossInterval } from './statistics.js';

/** The share of the items that may be lost against the best: 3 of 100. */
const usualTolerance = 0.03;

/** How far the loss that can't be excluded may go, in tolerances. */
const uncertainty = 3;

/** The least share of right results that is worth any money: with less the task, the labels or the models are wrong. */
const leastAgreement = 0.5;

/**
 * A cell is as good as the best when both hold, item by item on the same set:
 *
 * 1. It loses at most `tolerance` of the items against the best, the items that it gains set off.
 * 2. The 95 % interval of that loss ends at three tolerances at most: the set is large enough to say so. With the usual
 *    tolerance this takes about 30 items when the two agree on all of them, and about 100 when they differ on some.
 *
 * The best cell is always as good as itself; with a tolerance of 0 hardly any other is.
 */
export function isAsGood(cell: PackingCell, best: PackingCell, tolerance = usualTolerance): boolean {
  return cell === best || verdictOf(cell, best, tolerance) === 'as good';
}

/**
 * The cheapest per item of those that are as good as the best, over all models. A cell without a price is never chosen for its
 * cost: it is recommended only when it is the best and no cell that is as good has a price; the reason says so.
 *
 * Where the best agrees on less than half of the items, none is recommended: to be as good as that says nothing.
 *
 * @returns null when nothing was asked.
 */
export function recommend(
  cells: readonly PackingCell[],
  tolerance = usualTolerance,
): PackingRecommendation | null {
  const best = cells
    .filter(({ asked }) => asked > 0)
    .toSorted(byQuality)
    .at(0);
  if (best === undefined) return null;
  if (agreementOf(best) < leastAgreement) return { model: null, size: null, why: tooBad(best) };
  const asGood = cells.filter((cell) => isAsGood(cell, best, tolerance));
  const [chosen = best] = asGood.filter((cell) => usdPerItem(cell) !== null).toSorted(byCost);
  const reasons = [
    reasonFor(chosen, best, asGood.length),
    ...unpricedReason(asGood.filter((cell) => usdPerItem(cell) === null)),
    ...unclearReason(
      chosen,
      cells.filter((cell) => verdictOf(cell, best, tolerance) === 'unclear'),
    ),
  ];
  return { model: chosen.model, size: chosen.size, why: reasons.join(' ') };
}

/** `unclear`: it loses no more than it may, but so small a set can't exclude that it loses far more. */
function verdictOf(cell: PackingCell, best: PackingCell, tolerance: number): 'as good' | 'unclear' | 'worse' {
  if (cell.asked === 0) return 'worse';
  const split = discordant(best, cell, hasAgreed);
  // A rounding must not decide about 3 of 100.
  if ((split.lost - split.gained) / cell.asked > tolerance + 1e-9) return 'worse';
  return lossInterval(split, cell.asked).high <= uncertainty * tolerance ? 'as good' : 'unclear';
}

type Order = (left: PackingCell, right: PackingCell) => number;

/** Total, so that the order in which cells were measured decides nothing. */
const byName: Order = (left, right) =>
  left.size - right.size || (left.model < right.model ? -1 : left.model > right.model ? 1 : 0);

const byQuality: Order = (left, right) => agreementOf(right) - agreementOf(left) || byName(left, right);

const byCost: Order = (left, right) =>
  (usdPerItem(left) ?? Infinity) - (usdPerItem(right) ?? Infinity) || byQuality(left, right);

function tooBad(best: PackingCell): string {
  const most = `${cellName(best)} agrees on ${agreementText(best)} of ${best.asked} items, and nothing on more`;
  return `${most}; at least half of them have to agree. Look at the labels, the task and the models.`;
}

function reasonFor(chosen: PackingCell, best: PackingCell, asGood: number): string {
  const own = `it agrees on ${agreementText(chosen)} of ${chosen.asked} items`;
  if (chosen === best) {
    if (usdPerItem(chosen) === null)
      return `${own}, as many as any other; nothing as good has a known price.`;
    return `${own}; ${asGood === 1 ? 'nothing else is shown to be as good' : 'nothing as good is cheaper'}.`;
  }
  const { high } = lossInterval(discordant(best, chosen, hasAgreed), chosen.asked);
  const compared = `${cellName(best)} agrees on ${agreementText(best)}`;
  const certainty = `a loss of more than ${(100 * Math.max(0, high)).toFixed(1)} points against it is excluded at 95 %`;
  return `${own}, ${compared}; ${certainty}, and nothing as good is cheaper.`;
}

function unpricedReason(cells: readonly PackingCell[]): readonly string[] {
  if (cells.length === 0) return [];
  const names = cells.toSorted(byName).map(cellName).join(', ');
  return [`Without a known price, so not compared by cost: ${names}.`];
}

/** Only what would have been chosen instead is worth a word. */
function unclearReason(chosen: PackingCell, unclear: readonly PackingCell[]): readonly string[] {
  const least = usdPerItem(chosen);
  const [cheapest] = unclear
    .filter((cell) => least !== null && (usdPerItem(cell) ?? Infinity) < least)
    .toSorted(byCost);
  if (cheapest === undefined) return [];
  const price = formatUsd(cheapest.costUsd);
  return [
    `${cellName(cheapest)} (${agreementText(cheapest)}, ${price} for the set) may be as good and is cheaper, but ${cheapest.asked} items are too few to show it: label more.`,
  ];
}
