/** The vectors of a corpus: from the disk, and from the endpoint for what isn't there. */
import { passageText } from '../model/passages.js';
import type { Corpus } from './corpus.js';
import type { ReferenceDocument } from './document.js';
import { mostInputs } from './embeddings.js';
import type { RequestUse } from './embeddings.js';
import type { KeptDocument } from './kept-document.js';
import type { Store } from './store.js';

/** What one request came to that was answered. */
export interface PaidRequest extends RequestUse {
  /** null: the price is unknown. */
  readonly usd: number | null;
}

/**
 * Told of each request as it is answered, and waited for before the next is sent and before its vectors are kept: what
 * comes in between costs no booking, and what is asked for again because it wasn't kept is paid for again.
 */
export type Paid = (request: PaidRequest) => Promise<void>;

/** Embeds as many texts as there are, in requests of at most `mostInputs`. */
export type Embed = (
  texts: readonly string[],
  paid: Paid,
  signal: AbortSignal,
) => Promise<readonly Float32Array[]>;

export interface VectorSource {
  /** Names the model: vectors of different models have nothing to do with each other. */
  readonly key: string;
  readonly store: Store;
  readonly embed: Embed;
  readonly paid: Paid;
}

/**
 * One vector per chunk. A document's are on disk before the next document is asked for: an endpoint that gives up midway,
 * or a kill, costs no more than the last ones.
 */
export async function vectorsOf(
  corpus: Corpus,
  { key, store, embed, paid }: VectorSource,
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  for (const group of requestGroups(missing(corpus, key))) {
    const made = await embed(
      group.flatMap(({ texts }) => texts),
      paid,
      signal,
    );
    let from = 0;
    for (const { at, document, kept, texts } of group) {
      const own = made.slice(from, from + texts.length);
      from += texts.length;
      const grown = { ...kept, vectors: new Map([...kept.vectors, [key, own]]) };
      await store.save(document, grown);
      corpus.kept[at] = grown;
    }
  }
  return corpus.kept.flatMap(({ vectors }) => vectors.get(key) ?? []);
}

/** Texts that would have to be embedded. */
export function unembedded(corpus: Corpus, key: string): readonly string[] {
  return missing(corpus, key).flatMap(({ texts }) => texts);
}

interface Missing {
  /** The document's number. */
  readonly at: number;
  readonly document: ReferenceDocument;
  readonly kept: KeptDocument;
  readonly texts: readonly string[];
}

function missing({ documents, kept: all }: Corpus, key: string): readonly Missing[] {
  return documents.flatMap((document, at) => {
    const kept = all[at];
    if (kept === undefined || kept.vectors.has(key) || kept.passages.length === 0) return [];
    return [{ at, document, kept, texts: kept.passages.map((passage) => passageText(passage)) }];
  });
}

/** Whole documents, as many as fill a request; a document of more texts than that makes several by itself. */
function requestGroups(documents: readonly Missing[]): readonly (readonly Missing[])[] {
  const groups: Missing[][] = [];
  let texts = Infinity;
  for (const document of documents) {
    texts += document.texts.length;
    if (texts > mostInputs) {
      groups.push([document]);
      texts = document.texts.length;
    } else groups.at(-1)?.push(document);
  }
  return groups;
}
