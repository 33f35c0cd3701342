/** How complex an item is, by what can be counted: no model is asked. Pure. */
import { complexityParts } from '../model/route.js';
import type {
  Complexity,
  ComplexityPartName,
  ComplexityWeights,
  ItemFacts,
  RouteSettings,
} from '../model/route.js';

/**
 * Chosen by hand: an ordinary paragraph or table stays below 0.35, a page of some length comes into the grey band, and what
 * is long, of several files and nested goes above 0.65. They add up to more than 1, since nothing is complex in every way.
 */
const usualWeights: ComplexityWeights = {
  size: 0.5,
  kind: 0.2,
  files: 0.2,
  nesting: 0.15,
  links: 0.1,
  code: 0.1,
  failures: 0.3,
  changeRequests: 0.15,
};

/** What of each thing brings half of its weight; as much again brings half of the rest. */
const half = { words: 450, lines: 60, files: 3, nesting: 2, links: 10, failures: 1, changeRequests: 1 };

/** How much of the weight of `kind` each kind brings. */
const kinds: Readonly<Record<ItemFacts['kind'], number>> = {
  rule: 0,
  image: 0,
  heading: 0,
  definition: 0,
  paragraph: 0.25,
  list: 0.25,
  quote: 0.25,
  match: 0.25,
  docstring: 0.25,
  frontmatter: 0.5,
  table: 0.5,
  html: 0.5,
  section: 0.5,
  code: 0.75,
  function: 0.75,
  class: 1,
  file: 1,
  files: 1,
};

/** The same facts always have the same score; more of anything never lowers it. */
export function complexityOf(facts: ItemFacts, weights: RouteSettings['weights'] = {}): Complexity {
  const parts = complexityParts.flatMap((name) => {
    const { share, words } = measures[name](facts);
    const value = twoPlaces((weights[name] ?? usualWeights[name]) * share);
    return value === 0 ? [] : [{ name, value, text: `${words}: ${value.toFixed(2)}` }];
  });
  // Of the rounded values, so that a person who adds them up comes to the same.
  const sum = parts.reduce((total, { value }) => total + value, 0);
  return { score: twoPlaces(Math.min(1, sum)), parts };
}

interface Measured {
  /** Of the part's weight, 0 to 1. */
  readonly share: number;
  readonly words: string;
}

const measures: Readonly<Record<ComplexityPartName, (facts: ItemFacts) => Measured>> = {
  size: sizeOf,
  kind: ({ kind }) => ({
    share: kinds[kind],
    words: `kind ${kind}`,
  }),
  files: ({ files }) => ({ share: growing(files - 1, half.files), words: counted(files, 'file') }),
  nesting: ({ nesting }) => ({
    share: growing(nesting - 1, half.nesting),
    words: `${counted(nesting, 'level')} of nesting`,
  }),
  links: ({ links }) => ({ share: growing(links, half.links), words: counted(links, 'link') }),
  code: ({ code }) => ({
    share: Math.min(1, Math.max(0, code)),
    words: `${Math.round(code * 100)} % of the lines are code`,
  }),
  failures: ({ failures }) => ({
    share: growing(failures, half.failures),
    words: counted(failures, 'failed attempt'),
  }),
  changeRequests: ({ changeRequests }) => ({
    share: growing(changeRequests, half.changeRequests),
    words: counted(changeRequests, 'change request'),
  }),
};

/** Words measure prose, lines code, whose words are few: what says more counts. */
function sizeOf({ words, lines }: ItemFacts): Measured {
  const byWords = growing(words, half.words);
  const byLines = growing(lines, half.lines);
  return byWords >= byLines
    ? { share: byWords, words: counted(words, 'word') }
    : { share: byLines, words: counted(lines, 'line') };
}

/** From 0 towards 1, half of the way at `middle`. */
function growing(count: number, middle: number): number {
  return 1 - 2 ** (-Math.max(0, count) / middle);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function twoPlaces(value: number): number {
  return Math.round(value * 100) / 100;
}
