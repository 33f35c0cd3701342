/** How alike two items are, and from where on they may be copies of each other. Pure. */
import type { Features } from './features.js';
import { numbersIn } from './numbers.js';
import { overlapOf } from './overlap.js';
import { rarityOf, significantDigits, weightAlone, weightInRow } from './rarity.js';

/** Two items that may be copies, by their places in the plan. */
export interface Pair {
  readonly first: number;
  readonly second: number;
  /** Sum over numbers, words and structure; each is 1 where it alone makes a candidate. */
  readonly strength: number;
}

/** A row of four digits in the same order (each weighs a half): by chance once in thousands of pairs. */
const enoughInRows = 1.9;

/** Five two-digit numbers more than chance explains, of which some may be sizes. */
const enoughAlone = 3;

/** Five rare words make a scenario; two may come from a field that every reader knows. */
const enoughWords = 5;

/** Of the words of the one with fewer: a long story shares some words with every other. */
const enoughOfWords = 0.4;

/** Two honest programs with one library share half of their calls; a renamed copy shares nearly all. */
const enoughOfSequences = 0.7;

/** About six lines of code: shorter files of one kind all look alike. */
const enoughSequences = 40;

/** Half of what would be enough in each of numbers, words and structure makes a candidate as well. */
const enoughTogether = 1.5;

/** People pick small and round numbers: they meet about three times as often as dice would. */
const humanChance = 3;

/** More sequences than these are sampled, by their hash: the work grows with the items, not with the sizes of their files. */
const mostSequences = 100_000;

/** Every pair that may be copies, in the plan's order. */
export function candidatePairs(items: readonly Features[]): readonly Pair[] {
  const comparisons = [compareNumbers(items), compareWords(items), compareStructure(items)];
  const pairs: Pair[] = [];
  for (const first of items.keys()) {
    for (let second = first + 1; second < items.length; second += 1) {
      const strengths = comparisons.map((compare) => compare(first, second));
      const strength = strengths.reduce((sum, each) => sum + each, 0);
      if (strength >= enoughTogether || strengths.some((each) => each >= 1))
        pairs.push({ first, second, strength });
    }
  }
  return pairs;
}

/** How strongly one kind of evidence speaks: 1 is enough. */
type Comparison = (first: number, second: number) => number;

function compareNumbers(items: readonly Features[]): Comparison {
  const rows = compareRows(items);
  // How many share a draw counts for as little as how many share a row.
  const draws = overlapOf(
    items.map((item) => item.draws),
    (draw) => numbersIn(draw).reduce((sum, each) => sum + weightInRow(each), 0),
  );
  const inRows = compareAlone(items.map((item) => item.inRows));
  const single = compareAlone(items.map((item) => item.single));
  return (first, second) =>
    (rows(first, second) + draws.between(first, second).weight) / enoughInRows +
    (inRows(first, second) + single(first, second)) / enoughAlone;
}

/**
 * What the numbers weigh that shared runs cover, less what chance gives two long lists of small numbers. How many share
 * a row counts for nothing: where everybody copied it, it is still a copy.
 */
function compareRows(items: readonly Features[]): Comparison {
  const runs = items.map((item) => item.runs);
  const meanWeight = (run: string): number =>
    numbersIn(run).reduce((sum, each) => sum + weightInRow(each), 0) / 4;
  const weighed = overlapOf(runs, meanWeight);
  const odds = runs.map((own) => [...own].reduce((sum, run) => sum + oddsOf(run), 0));
  return (first, second) => {
    const { count, weight } = weighed.between(first, second);
    if (count === 0) return 0;
    const expected =
      ((odds[first] ?? 0) * (runs[second]?.size ?? 0) + (odds[second] ?? 0) * (runs[first]?.size ?? 0)) / 2;
    const covered = (weight / count) * (count + 3); // four numbers, and one more with each further run
    return covered * beyondChance(expected, count);
  };
}

/** How likely somebody else writes the same run at one place: one of all numbers with as many digits, four times. */
function oddsOf(run: string): number {
  return numbersIn(run).reduce((odds, each) => odds / (9 * 10 ** (digitsOf(each) - 1)), 1);
}

/** Numbers without their order: rows that were sorted anew, sizes and seeds. One digit is always chance. */
function compareAlone(sets: readonly ReadonlySet<string>[]): Comparison {
  const telling = sets.map((set) => new Set([...set].filter((each) => digitsOf(each) > 1)));
  const weighed = overlapOf(telling, (each, count) => weightAlone(each) * rarityOf(count, sets.length));
  const sizes = telling.map((set) =>
    [2, 3, 4].map((digits) => [...set].filter((each) => digitsOf(each) === digits).length),
  );
  return (first, second) => {
    const { count, weight } = weighed.between(first, second);
    if (count === 0) return 0;
    const expected = [90, 900, 9000].reduce(
      (sum, all, index) => sum + ((sizes[first]?.[index] ?? 0) * (sizes[second]?.[index] ?? 0)) / all,
      0,
    );
    return weight * beyondChance(expected, count);
  };
}

function digitsOf(number: string): number {
  return Math.min(4, significantDigits(number).length);
}

/** Which part of what is shared chance doesn't explain. */
function beyondChance(expected: number, found: number): number {
  return Math.max(0, 1 - (humanChance * expected) / found);
}

function compareWords(items: readonly Features[]): Comparison {
  const weighed = overlapOf(
    items.map(({ words }) => words),
    (_, count) => rarityOf(count, items.length),
  );
  return (first, second) => {
    const { weight } = weighed.between(first, second);
    const least = Math.min(weighed.total(first), weighed.total(second));
    return least === 0 ? 0 : Math.min(weight / enoughWords, weight / least / enoughOfWords);
  };
}

function compareStructure(items: readonly Features[]): Comparison {
  const all = items.reduce((sum, { sequences }) => sum + sequences.size, 0);
  const sampling = Math.max(1, Math.ceil(all / mostSequences));
  const weighed = overlapOf(
    items.map(({ sequences }) => sampled(sequences, sampling)),
    (_, count) => rarityOf(count, items.length),
  );
  return (first, second) => {
    const { count, weight } = weighed.between(first, second);
    const least = Math.min(weighed.total(first), weighed.total(second));
    return least === 0
      ? 0
      : Math.min(weight / least / enoughOfSequences, (count * sampling) / enoughSequences);
  };
}

function sampled(sequences: ReadonlySet<number>, sampling: number): ReadonlySet<number> {
  return sampling === 1 ? sequences : new Set([...sequences].filter((hash) => hash % sampling === 0));
}
