/** Quality and cost against the number of items in a call: what was measured, and what is said of it. */
import type { TokenCounts } from './usage.js';

/** A labelled item: a text, and what is right to make of it. */
export interface LabelledItem {
  readonly id: string;
  readonly text: string;
  /** What it is, for whoever packs or routes it; null: not said. */
  readonly kind: string | null;
  /** Any of them is right. */
  readonly accept: readonly string[];
}

/** Which set something was measured on. */
export interface LabelledSetName {
  readonly file: string;
  /** Of what the set says, in its order, and not of the file's bytes. */
  readonly hash: string;
  readonly items: number;
}

export interface LabelledSet extends LabelledSetName {
  readonly entries: readonly LabelledItem[];
}

/** `normal`: white space and the ways to write a character in Unicode don't count; `exact`: everything does. */
export type AgreementMode = 'normal' | 'exact';

/** One model at one size, asked about the whole set once. */
export interface PackingCell {
  readonly model: string;
  /** Items in a call, at most. */
  readonly size: number;
  readonly asked: number;
  /** Items whose result is right. */
  readonly agreed: number;
  /** Items without a usable result. They count as not right. */
  readonly failed: number;
  /** A letter for each item in the set's order: `a` agreed, `d` different, `f` failed. So cells can be compared item by item. */
  readonly outcomes: string;
  /** Calls, those that were repeated included. */
  readonly requests: number;
  readonly usage: TokenCounts;
  /** Of all calls; null: the model has no price. */
  readonly costUsd: number | null;
}

export type PackingRecommendation =
  | {
      readonly model: string;
      readonly size: number;
      /** One sentence or more. */
      readonly why: string;
    }
  /** Nothing is good enough to be recommended. */
  | { readonly model: null; readonly size: null; readonly why: string };

/** What `.regen/bench/packing.json` holds. */
export interface PackingResults {
  readonly v: 1;
  /** ISO 8601. */
  readonly at: string;
  readonly set: LabelledSetName;
  /** Whose task and documents were sent. */
  readonly target: string;
  readonly agreement: AgreementMode;
  readonly cells: readonly PackingCell[];
  readonly recommendation: PackingRecommendation;
}

/** Shares, 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A cell beside the smallest size of its model, on the same items. */
export interface PairedComparison {
  /** The size that it is compared with. */
  readonly size: number;
  /** Items that are right there, and not here. */
  readonly lost: number;
  /** Items that are right here, and not there. */
  readonly gained: number;
  /** Exact McNemar test, two-sided: how likely so uneven a difference is by chance. */
  readonly p: number;
}

export interface PackingRow {
  readonly cell: PackingCell;
  /** Share of the items that agreed. */
  readonly agreement: number;
  /** Wilson's, 95 %. */
  readonly interval: Interval;
  readonly usdPerItem: number | null;
  /** The cost of an item here for one dollar at the smallest size; null: unknown, or nothing there. */
  readonly relativeCost: number | null;
  /** null: this is the smallest size. */
  readonly against: PairedComparison | null;
}

/** What is shown of the results. */
export interface PackingReport {
  readonly at: string;
  readonly set: LabelledSetName;
  readonly target: string;
  readonly agreement: AgreementMode;
  /** In the order in which they were measured, their rows by size. */
  readonly models: readonly { readonly model: string; readonly rows: readonly PackingRow[] }[];
  readonly recommendation: PackingRecommendation;
}
