/** Which model an item gets: how complex it is, and what follows from that. Types alone, shared by whoever asks and tells. */
import type { BlockKind } from './block.js';

/** What a score is made of, in the order in which it is told. */
export const complexityParts = [
  'size',
  'kind',
  'files',
  'nesting',
  'links',
  'code',
  'failures',
  'changeRequests',
] as const;

export type ComplexityPartName = (typeof complexityParts)[number];

/** The most that each part can add to a score, 0 to 1. */
export type ComplexityWeights = Readonly<Record<ComplexityPartName, number>>;

/** What is known of an item before any model has seen it. Counts are whole numbers. */
export interface ItemFacts {
  readonly words: number;
  readonly lines: number;
  readonly kind: BlockKind | 'files';
  /** How many files it is made of. */
  readonly files: number;
  /** How deep lists or brackets stand in each other; 0: there are none. */
  readonly nesting: number;
  readonly links: number;
  /** Share of the lines that are code, 0 to 1. */
  readonly code: number;
  /** Earlier attempts that failed for a reason that a program found. */
  readonly failures: number;
  readonly changeRequests: number;
}

export interface Complexity {
  /** 0 to 1, two places: the parts' sum, 1 at most. */
  readonly score: number;
  /** Those that add something. */
  readonly parts: readonly ComplexityPart[];
}

export interface ComplexityPart {
  readonly name: ComplexityPartName;
  /** Two places. */
  readonly value: number;
  /** `640 words: 0.31` */
  readonly text: string;
}

export type ItemClass = 'simple' | 'medium' | 'hard';

export interface RouteSettings {
  /** From the cheapest to the dearest; one at least. */
  readonly models: readonly string[];
  /** A lower score is simple. */
  readonly below: number;
  /** A higher score is hard; between the two is the grey band. */
  readonly above: number;
  /** Whether a model is asked how hard an item is: in the grey band, for every item, or for none. */
  readonly classify: 'grey' | 'always' | 'never';
  /** The model that is asked. */
  readonly classifier: string;
  readonly weights: { readonly [Name in ComplexityPartName]?: number | undefined };
}

export type Route =
  /** `why` goes on from "haiku: …". */
  | { readonly kind: 'model'; readonly model: string; readonly why: string }
  /** The score doesn't tell: `settings.classifier` is asked. */
  | { readonly kind: 'classify'; readonly why: string };
