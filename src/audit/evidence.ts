/** What two items share, told to a person and to the judge. Pure. */
import type { Features } from './features.js';
import { numbersIn } from './numbers.js';
import { weightAlone, weightInRow } from './rarity.js';

export interface ComparedItem {
  readonly id: string;
  readonly features: Features;
}

/** More would only repeat: the passages are shown. */
const mostNumbers = 8;
const mostWords = 12;
const mostDraws = 3;

/** A quarter is what a library imposes, and twenty are three lines. */
const leastShare = 0.25;
const leastSequences = 20;

/** A line for each kind of evidence that there is; the items in the plan's order. */
export function evidenceOf(first: ComparedItem, second: ComparedItem): readonly string[] {
  const { numbers, draws, words } = sharedBy(first.features, second.features);
  return [
    ...listed('shared numbers', numbers, mostNumbers),
    ...listed('shared draws', draws, mostDraws),
    ...listed('shared words', words, mostWords),
    ...structureLine(first, second),
  ];
}

/** In the order in which they stand in the second, rows of numbers first. */
function sharedBy(
  first: Features,
  second: Features,
): {
  readonly numbers: readonly string[];
  readonly draws: readonly string[];
  readonly words: readonly string[];
} {
  const inRows = common(second.runs, first.runs).flatMap(numbersIn);
  const others = [...common(second.inRows, first.inRows), ...common(second.single, first.single)];
  return {
    numbers: [...new Set([...inRows, ...others.filter((each) => weightAlone(each) > 0.2)])],
    draws: common(second.draws, first.draws).filter((draw) =>
      numbersIn(draw).some((each) => weightInRow(each) > 0.5),
    ),
    words: common(second.words, first.words),
  };
}

function structureLine(first: ComparedItem, second: ComparedItem): readonly string[] {
  const [of, within] =
    first.features.sequences.size < second.features.sequences.size ? [first, second] : [second, first];
  const all = of.features.sequences.size;
  const shared = common(of.features.sequences, within.features.sequences).length;
  if (shared < leastSequences || shared < leastShare * all) return [];
  return [`${Math.round((100 * shared) / all)} % of the token sequences of ${of.id} are in ${within.id}`];
}

function listed(title: string, parts: readonly string[], most: number): readonly string[] {
  if (parts.length === 0) return [];
  const more = parts.length > most ? ` (${parts.length - most} more)` : '';
  return [`${title}: ${parts.slice(0, most).join(', ')}${more}`];
}

export function common<Part>(of: ReadonlySet<Part>, within: ReadonlySet<Part>): readonly Part[] {
  return [...of].filter((each) => within.has(each));
}
