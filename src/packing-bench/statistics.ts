/** How sure one can be of counts. Pure. */
import type { Interval } from '../model/packing-bench.js';

/** Confidence levels with their two-sided quantile of the normal distribution. */
const quantiles = { 0.9: 1.644853626951, 0.95: 1.95996398454, 0.99: 2.575829303549 } as const;

export type Confidence = keyof typeof quantiles;

/**
 * Wilson's score interval for a share: sound for few items and for shares near 0 and 1, where the textbook one isn't
 * (E. B. Wilson, 1927). Of nothing asked everything is possible: 0 to 1.
 */
export function wilson(successes: number, count: number, confidence: Confidence = 0.95): Interval {
  if (count === 0) return { low: 0, high: 1 };
  const z = quantiles[confidence];
  const share = successes / count;
  const scale = 1 + z ** 2 / count;
  const middle = (share + z ** 2 / (2 * count)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  // At the ends the bound is the end itself; reckoned, it would miss it by a rounding.
  return {
    low: successes === 0 ? 0 : Math.max(0, middle - half),
    high: successes === count ? 1 : Math.min(1, middle + half),
  };
}

/** The same items, once and once more: how many were right only the first time, and only the second. */
export interface Discordant {
  readonly lost: number;
  readonly gained: number;
}

/** Exact McNemar test, two-sided: how likely a split at least this uneven is when neither side is better. */
export function mcnemar({ lost, gained }: Discordant): number {
  return Math.min(1, 2 * binomialTail(Math.max(lost, gained), lost + gained));
}

/** Exact McNemar test, one-sided: how likely that many losses are when the second time is no worse. */
export function mcnemarWorse({ lost, gained }: Discordant): number {
  return binomialTail(lost, lost + gained);
}

/**
 * The interval of the share that is lost (lost − gained, over all items) with Bonett and Price's adjustment (2012): an item more
 * on either side, so that it isn't empty when the two agree everywhere. −1 to 1.
 */
export function lossInterval(
  { lost, gained }: Discordant,
  count: number,
  confidence: Confidence = 0.95,
): Interval {
  const [first, second] = [(lost + 1) / (count + 2), (gained + 1) / (count + 2)];
  const loss = first - second;
  const half = quantiles[confidence] * Math.sqrt(Math.max(0, first + second - loss ** 2) / (count + 2));
  return { low: Math.max(-1, loss - half), high: Math.min(1, loss + half) };
}

/** How likely `atLeast` or more heads are in so many throws of a fair coin. */
function binomialTail(atLeast: number, throws: number): number {
  if (atLeast <= 0) return 1;
  let logTerm = -throws * Math.LN2;
  let sum = 0;
  // From C(n, n) downwards, in logarithms: 2^-1100 is no number any more.
  for (let heads = throws; heads >= atLeast; heads -= 1) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(heads) - Math.log(throws - heads + 1);
  }
  return Math.min(1, sum);
}
