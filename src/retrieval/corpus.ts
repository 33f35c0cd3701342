/** The documents as they are searched: cut, or taken from the disk where they were cut before. */
import { createLexicalIndex } from '../model/lexical-index.js';
import type { LexicalIndex } from '../model/lexical-index.js';
import { chunksOf, cut } from './chunks.js';
import type { Chunk, ReferenceDocument } from './document.js';
import type { KeptDocument } from './kept-document.js';
import type { Store } from './store.js';
import { documentsText } from './texts.js';

export interface Corpus {
  /** By path. */
  readonly documents: readonly ReferenceDocument[];
  /** What the disk has of each; replaced where vectors are added. */
  readonly kept: KeptDocument[];
  readonly chunks: readonly Chunk[];
  readonly words: LexicalIndex<Chunk>;
  /** All documents whole, with their headings. */
  readonly fullTokens: number;
}

/** A paragraph, a docstring: the rarest of its words, and as many as a chunk that fits it may be expected to share. */
const limits = { mostWords: 32, tellingWords: 8 };

export async function openCorpus(
  documents: readonly ReferenceDocument[],
  store: Store,
  charactersPerToken: number,
): Promise<Corpus> {
  const kept: KeptDocument[] = [];
  for (const document of documents) kept.push(await opened(document, store));
  await store.prune(documents);
  const chunks = chunksOf(
    kept.map(({ passages }) => passages),
    charactersPerToken,
  );
  const fullTokens = Math.ceil(documentsText(documents).length / charactersPerToken);
  return { documents, kept, chunks, words: createLexicalIndex(chunks, limits), fullTokens };
}

async function opened(document: ReferenceDocument, store: Store): Promise<KeptDocument> {
  const found = await store.load(document);
  if (found !== null) return found;
  const made = { passages: cut(document), vectors: new Map<string, readonly Float32Array[]>() };
  await store.save(document, made);
  return made;
}
