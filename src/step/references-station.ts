/** What the line needs of retrieval/: reference documents, sent whole or searched. */

/** Made for one target of one base; null where regen.yaml names no documents. */
export interface References {
  /** Whether all documents stand in the prefix of every call, or each call gets what is found for it. Nothing is paid. */
  choose(question: ReferenceQuestion, signal: AbortSignal): Promise<ChosenReferences>;
  /** What a call gets: of the items' texts, in the pack's order. */
  find(queries: readonly string[], fullFits: boolean, signal: AbortSignal): Promise<FoundReferences>;
  /** What embedding has cost since this was made. */
  spent(): { readonly requests: number; readonly tokens: number; readonly usd: number | null };
  /** The endpoint's model; null: there is none. */
  readonly embedder: string | null;
}

export interface ReferenceQuestion {
  /** The texts of all items that are to be done. */
  readonly queries: readonly string[];
  /** Of the prefix without any references. */
  readonly prefixTokens: number;
  readonly calls: number;
  /** US dollars per token; null: the model has no price. */
  readonly rates: { readonly input: number; readonly cacheRead: number; readonly cacheWrite: number } | null;
  readonly cacheMinimum: number;
  readonly roomTokens: number;
}

export interface ChosenReferences {
  readonly use: 'full' | 'retrieved';
  /** A sentence with both sums. */
  readonly why: string;
  /** All documents as one text. */
  readonly fullText: string;
  readonly fits: boolean;
}

export type FoundReferences =
  | {
      readonly send: 'retrieved';
      readonly texts: readonly { readonly path: string; readonly text: string }[];
    }
  | { readonly send: 'full'; readonly why: string }
  | { readonly send: 'nothing'; readonly reason: string };
