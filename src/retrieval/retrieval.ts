/** Retrieval over reference documents: what they say about an item, instead of all of them. */
import type { RetrievalConfig } from '../model/config-retrieval.js';
import { usualCharactersPerToken } from '../model/context-fit.js';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { openCorpus } from './corpus.js';
import type { Corpus } from './corpus.js';
import { unembedded, vectorsOf } from './corpus-vectors.js';
import type { Paid } from './corpus-vectors.js';
import type { ReferenceDocument } from './document.js';
import { inOrder } from './document.js';
import { createEmbedder } from './embedder.js';
import { unitOf } from './nearness.js';
import { withoutOwnFiles } from './own-files.js';
import { rank } from './rank.js';
import type { QueryVector } from './rank.js';
import { select } from './select.js';
import type { SearchLimits, Selected } from './select.js';
import { createStore } from './store.js';
import { documentsText } from './texts.js';

export interface RetrievalOptions {
  readonly surroundings: Pick<Surroundings, 'root' | 'env' | 'now'>;
  readonly settings: Pick<RetrievalConfig, 'embeddings' | 'leastCoverage'>;
  /** The documents of `retrieval.documents`; asked when something is first needed. */
  readonly read: (signal: AbortSignal) => Promise<readonly ReferenceDocument[]>;
  /** Such documents are left out, whatever the globs say. */
  readonly isItemFile: (path: string) => boolean;
  /** What is known better than the usual scale. */
  readonly charactersPerToken?: number;
}

export interface CorpusFacts {
  /** Paths, in order. */
  readonly documents: readonly string[];
  readonly chunks: number;
  /** Of all documents, as `fullText` has them. */
  readonly fullTokens: number;
  readonly fullText: string;
  /** Tokens of documents and queries that a search has to embed; 0: it is all there, or there is no endpoint. */
  readonly unembeddedTokens: number;
  /** US dollars of these; null: the price is unknown. */
  readonly embeddingUsd: number | null;
}

export interface SearchOrder extends SearchLimits {
  /** Books what is embedded for it; left out: nobody wants to know. */
  readonly paid?: Paid;
}

export interface Retrieval {
  /** What there is to search, and what searching it for these queries would cost. Nothing is paid for it. */
  facts(queries: readonly string[], signal: AbortSignal): Promise<CorpusFacts>;
  /** The chunks that an item needs. */
  search(query: string, order: SearchOrder, signal: AbortSignal): Promise<Selected>;
  /** The chunks that a pack needs: each item's best before any item's second best, none twice. */
  searchAll(queries: readonly string[], order: SearchOrder, signal: AbortSignal): Promise<Selected>;
}

export function createRetrieval(options: RetrievalOptions): Retrieval {
  const { surroundings, settings, charactersPerToken = usualCharactersPerToken } = options;
  const store = createStore(surroundings);
  const embedder = createEmbedder(settings.embeddings, surroundings);
  const corpus = remembered(async (signal: AbortSignal) => {
    const documents = withoutOwnFiles(await options.read(signal), options.isItemFile);
    return openCorpus(inOrder(documents), store, charactersPerToken);
  });
  const vectors = remembered(async (paid: Paid, signal: AbortSignal) => {
    if (embedder === null) return null;
    return (await vectorsOf(await corpus(signal), { ...embedder, store, paid }, signal)).map(unitOf);
  });

  async function queryVectors(
    queries: readonly string[],
    paid: Paid,
    signal: AbortSignal,
  ): Promise<readonly QueryVector[]> {
    const chunks = await vectors(paid, signal);
    if (embedder === null || chunks === null || chunks.length === 0) return [];
    const made = await embedder.embedQueries(queries, paid, signal);
    return made.map((query) => {
      ensureAlike(query, chunks);
      return { query: unitOf(query), chunks, weight: embedder.weight };
    });
  }

  const searchAll: Retrieval['searchAll'] = async (queries, { paid = ignore, ...limits }, signal) => {
    const searched = await corpus(signal);
    const asked = await queryVectors(queries, paid, signal);
    const rankings = queries.map((query, at) => rank(query, searched, asked[at] ?? null));
    return select(rankings, limits, settings.leastCoverage);
  };
  return {
    facts: async (queries, signal) => {
      const opened = await corpus(signal);
      const texts =
        embedder === null ? [] : [...unembedded(opened, embedder.key), ...embedder.unknownQueries(queries)];
      const unembeddedTokens = tokensIn(texts, charactersPerToken);
      return {
        ...corpusFacts(opened),
        unembeddedTokens,
        embeddingUsd: embedder === null ? 0 : embedder.usdOf(unembeddedTokens),
      };
    },
    search: (query, order, signal) => searchAll([query], order, signal),
    searchAll,
  };
}

const ignore: Paid = () => Promise.resolve();

function corpusFacts({ chunks, documents, fullTokens }: Corpus) {
  return {
    documents: documents.map(({ path }) => path),
    chunks: chunks.length,
    fullTokens,
    fullText: documentsText(documents),
  };
}

function tokensIn(texts: readonly string[], charactersPerToken: number): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / charactersPerToken);
}

/** What is on disk may be of a model that has been replaced under its old name. */
function ensureAlike(query: Float32Array, chunks: readonly Float32Array[]): void {
  const other = chunks.find(({ length }) => length !== query.length);
  if (other === undefined) return;
  throw new RegenError(
    'environment',
    `the embedding model answers with ${query.length} numbers, and vectors in .regen/retrieval have ${other.length}`,
    { hint: 'Remove .regen/retrieval: it is made anew.' },
  );
}

/** Made once, unless it failed. */
function remembered<Made, Given extends readonly unknown[]>(
  make: (...given: Given) => Promise<Made>,
): (...given: Given) => Promise<Made> {
  let made: Promise<Made> | null = null;
  return (...given) => {
    made ??= make(...given).catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
