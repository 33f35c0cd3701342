/** What has become worse since the stored results. Pure. */
import { RegenError } from '../model/errors.js';
import { formatUsd } from '../model/format.js';
import type { PackingCell, PackingResults } from '../model/packing-bench.js';
import { agreementText, cellName } from './cell-words.js';
import { usdPerItem } from './cell.js';
import { discordant, hasAgreed, hasNotFailed } from './compare.js';
import { demandSameSet } from './results.js';
import { mcnemarWorse } from './statistics.js';

/** The share by which an item may have become dearer: prices and answers vary. */
const usualCostTolerance = 0.1;

/** How often a check may find something where nothing is, over all its tests. */
const significance = 0.05;

/**
 * A sentence for each thing that is worse; none: the check passes. Since the items are the same, agreement and failures are
 * compared item by item, with the exact one-sided McNemar test; its threshold is 5 % over all cells and both questions together
 * (Bonferroni), so that measuring more sizes doesn't find more by chance. Cost has no test: an item may cost up to
 * `costTolerance` more. A price that is known no more is told too: the check couldn't be made.
 *
 * @throws RegenError `usage` when the sets differ, or no cell of the one is in the other.
 */
export function regressions(
  stored: PackingResults,
  now: Pick<PackingResults, 'set' | 'cells'>,
  costTolerance = usualCostTolerance,
): readonly string[] {
  demandSameSet(stored.set, now.set);
  const pairs = now.cells.flatMap((after) => {
    const before = stored.cells.find(({ model, size }) => model === after.model && size === after.size);
    return before === undefined ? [] : [{ before, after }];
  });
  if (pairs.length === 0) {
    const known = stored.cells.map(cellName).join(', ');
    throw new RegenError('usage', 'nothing that was measured now is in the stored results', {
      hint: `Measure what they have: ${known}; or run without --check to store new ones.`,
    });
  }
  const threshold = significance / (2 * pairs.length);
  return pairs.flatMap(({ before, after }) =>
    [
      ...lessAgreement(before, after, threshold),
      ...moreFailures(before, after, threshold),
      ...moreCost(before, after, costTolerance),
    ].map((sentence) => `${cellName(after)}: ${sentence}`),
  );
}

function lessAgreement(before: PackingCell, after: PackingCell, threshold: number): readonly string[] {
  const split = discordant(before, after, hasAgreed);
  const p = mcnemarWorse(split);
  if (p >= threshold) return [];
  const change = `agreement fell from ${agreementText(before)} to ${agreementText(after)}`;
  return [`${change} (${split.lost} of the same items lost, ${split.gained} gained; ${testInWords(p)})`];
}

function moreFailures(before: PackingCell, after: PackingCell, threshold: number): readonly string[] {
  const split = discordant(before, after, hasNotFailed);
  const p = mcnemarWorse(split);
  if (p >= threshold) return [];
  const change = `failures rose from ${before.failed} to ${after.failed} of ${after.asked}`;
  return [`${change} (${split.lost} items fail that didn’t, ${split.gained} no longer; ${testInWords(p)})`];
}

function moreCost(before: PackingCell, after: PackingCell, tolerance: number): readonly string[] {
  const [was, is] = [usdPerItem(before), usdPerItem(after)];
  if (was === null) return [];
  if (is === null) return [`the cost can’t be compared: ${after.model} has no known price any more`];
  // A rounding must not decide about the last percent.
  if (is <= was * (1 + tolerance) * (1 + 1e-9)) return [];
  const change = `${formatUsd(before.costUsd)} to ${formatUsd(after.costUsd)} for ${after.asked} items`;
  const share = was === 0 ? '' : ` (by ${whole(is / was - 1)} %; ${whole(tolerance)} % are allowed)`;
  return [`the cost rose from ${change}${share}`];
}

function whole(share: number): string {
  return (100 * share).toFixed(0);
}

function testInWords(p: number): string {
  return `exact one-sided McNemar test, p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}`;
}
