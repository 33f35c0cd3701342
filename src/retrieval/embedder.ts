/** Embedding any number of texts, and telling what each request comes to; queries once each. */
import type { RetrievalConfig } from '../model/config-retrieval.js';
import { RegenError } from '../model/errors.js';
import { longestPassage } from '../model/passages.js';
import type { Surroundings } from '../model/surroundings.js';
import { hashOf } from '../system/content-hash.js';
import type { Embed } from './corpus-vectors.js';
import { createEmbeddings, mostInputs } from './embeddings.js';
import type { RequestUse } from './embeddings.js';

export interface Embedder {
  /** Names the model in what is kept on disk. */
  readonly key: string;
  readonly weight: number;
  readonly embed: Embed;
  /** One vector each, in their order. */
  readonly embedQueries: Embed;
  /** What would be asked of these queries. */
  unknownQueries(queries: readonly string[]): readonly string[];
  usdOf(tokens: number): number | null;
}

type Settings = RetrievalConfig['embeddings'];

/**
 * null: there is no endpoint, and nothing is ever asked.
 *
 * @throws RegenError `environment` when `keyEnv` names a variable that isn't set.
 */
export function createEmbedder(
  settings: Settings,
  { env, now }: Pick<Surroundings, 'env' | 'now'>,
): Embedder | null {
  if (settings === undefined) return null;
  const { url, model, dimensions, usdPerMillionTokens: price, weight } = settings;
  const endpoint = createEmbeddings({ url, model, dimensions, key: readKey(settings, env) }, now);
  const usdOf = (tokens: number): number | null => {
    if (tokens === 0) return 0;
    return price === undefined ? null : (tokens * price) / 1e6;
  };
  const embed: Embed = async (texts, paid, signal) => {
    const vectors: Float32Array[] = [];
    const tell = (use: RequestUse): Promise<void> => paid({ ...use, usd: usdOf(use.tokens) });
    for (let from = 0; from < texts.length; from += mostInputs) {
      vectors.push(...(await endpoint.embed(texts.slice(from, from + mostInputs), tell, signal)));
    }
    return vectors;
  };
  return {
    // The address as well: many local servers call whatever they have loaded by any name.
    key: `${model}#${hashOf(JSON.stringify([url, model, dimensions ?? null])).slice(0, 16)}`,
    weight,
    embed,
    ...onceEach(embed),
    usdOf,
  };
}

function onceEach(embed: Embed): Pick<Embedder, 'embedQueries' | 'unknownQueries'> {
  const known = new Map<string, Float32Array>();
  const unknownQueries = (queries: readonly string[]): readonly string[] =>
    [...new Set(queries.map(asked))].filter((text) => !known.has(text));
  return {
    unknownQueries,
    async embedQueries(queries, paid, signal) {
      const unknown = unknownQueries(queries);
      const made = await embed(unknown, paid, signal);
      unknown.forEach((text, at) => {
        const vector = made[at];
        if (vector !== undefined) known.set(text, vector);
      });
      return queries.flatMap((query) => known.get(asked(query)) ?? []);
    },
  };
}

/** Models take short texts: the beginning of a long item stands for it. An empty text can't be asked for. */
function asked(query: string): string {
  return query.trim().slice(0, longestPassage) || '-';
}

function readKey(settings: NonNullable<Settings>, env: Surroundings['env']): string | undefined {
  const { keyEnv } = settings;
  if (keyEnv === undefined) return undefined;
  const key = (env[keyEnv] ?? '').trim();
  const hint = `Set ${keyEnv} to the endpoint’s key, or remove embeddings.keyEnv if it needs none.`;
  if (key === '')
    throw new RegenError('environment', `no key for embeddings: ${keyEnv} is not set`, { hint });
  if (!/[^\x21-\x7e]/.test(key)) return key;
  // Sent as it is, the request's own error would quote it.
  throw new RegenError('environment', `${keyEnv} is no key: it holds blanks or line breaks`, { hint });
}
