/** What the line needs of retrieval/: reference documents, sent whole or searched. */

/** Made for one target of one base; null where regen.yaml names no documents. */
export interface References {
  /** All documents. */
  corpus(signal: AbortSignal): Promise<ReferenceCorpus>;
  /** Whether all documents stand in the prefix of every call, or each call gets what is found for it. Nothing is paid. */
  choose(question: ReferenceQuestion, signal: AbortSignal): Promise<ChosenReferences>;
  /**
   * Of each of these calls, whether too little is found for it, so that it gets all documents or isn't made. Of many it is
   * told by samples. null: vectors would have to be paid for to tell.
   */
  misses(calls: readonly (readonly string[])[], signal: AbortSignal): Promise<readonly boolean[] | null>;
  /** What a call gets: of the items' texts, in the pack's order. */
  find(queries: readonly string[], search: ReferenceSearch, signal: AbortSignal): Promise<FoundReferences>;
  /** The endpoint's model; null: there is none. */
  readonly embedder: string | null;
}

export interface ReferenceSearch {
  /** Whether all documents fit into the call. */
  readonly fullFits: boolean;
  /**
   * Books one request of the embedding endpoint. It is told as soon as the request is answered and waited for before
   * anything is made of the answer, so that what fails later in the search loses no booking; only a kill in the very
   * moment between does.
   */
  readonly paid: (request: EmbeddingRequest) => Promise<void>;
}

export interface EmbeddingRequest {
  readonly tokens: number;
  /** The endpoint didn’t say: as many as the texts may have. */
  readonly isEstimate: boolean;
  /** null: the price is unknown. */
  readonly usd: number | null;
}

export interface ReferenceQuestion {
  /** The texts of all items that are to be done, call by call. */
  readonly calls: readonly (readonly string[])[];
  /** Of the prefix without any references. */
  readonly prefixTokens: number;
  /** Of these, what stands before the references. */
  readonly sharedTokens: number;
  /** US dollars per token; null: the model has no price. */
  readonly rates: { readonly input: number; readonly cacheRead: number; readonly cacheWrite: number } | null;
  readonly cacheMinimum: number;
  readonly roomTokens: number;
}

export interface ChosenReferences {
  readonly use: 'full' | 'retrieved';
  /** A sentence with both sums. */
  readonly why: string;
}

export interface ReferenceCorpus {
  /** All documents as one text. */
  readonly fullText: string;
  readonly fullTokens: number;
}

export type FoundReferences =
  | {
      readonly send: 'retrieved';
      readonly texts: readonly { readonly path: string; readonly text: string }[];
    }
  | { readonly send: 'full'; readonly why: string }
  | { readonly send: 'nothing'; readonly reason: string };
