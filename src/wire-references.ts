/** The part of the composition root for reference documents. */
import type { BaseTree } from './model/base-tree.js';
import type { Config } from './model/config.js';
import { usualCharactersPerToken } from './model/context-fit.js';
import { RegenError } from './model/errors.js';
import { compileGlob } from './model/glob.js';
import type { Surroundings } from './model/surroundings.js';
import { afterSearch } from './retrieval/after-search.js';
import { chooseReferences } from './retrieval/choose-references.js';
import type { ReferenceDocument } from './retrieval/document.js';
import { createRetrieval } from './retrieval/retrieval.js';
import type { Retrieval } from './retrieval/retrieval.js';
import { chunksText } from './retrieval/texts.js';
import type { FoundReferences, References, ReferenceSearch } from './step/references-station.js';

export interface ReferencePlace {
  readonly tree: BaseTree;
  readonly target: string;
}

export function wireReferences(
  surroundings: Surroundings,
  config: Config,
  { tree, target }: ReferencePlace,
): References | null {
  const settings = config.retrieval;
  if (settings === undefined) return null;
  const items = compileGlob(config.items.glob ?? '{item}', {}, 'item');
  const retrieval = createRetrieval({
    surroundings,
    settings,
    read: (signal) => readDocuments(tree, { globs: settings.documents, target }, signal),
    isItemFile: (path) => items.match(path) !== null,
  });
  const beforehand = async (calls: Calls, signal: AbortSignal): Promise<readonly Searched[] | null> =>
    settings.embeddings === undefined ? searchedBeforehand(retrieval, settings, { calls, signal }) : null;
  return {
    embedder: settings.embeddings?.model ?? null,
    async corpus(signal) {
      const { fullText, fullTokens } = await retrieval.facts([], signal);
      return { fullText, fullTokens };
    },
    async choose({ calls, ...question }, signal) {
      const { fullTokens, embeddingUsd } = await retrieval.facts(calls.flat(), signal);
      const searched = await beforehand(calls, signal);
      const found = meanTokens(searched ?? []) ?? Math.min(settings.tokens, fullTokens);
      // Else a call that misses isn't made.
      const isFull = settings.onMiss === 'full' && fullTokens <= question.roomTokens;
      const misses = searched?.filter(({ isMiss }) => isMiss).length ?? null;
      const facts = {
        fullTokens,
        retrievedTokens: found,
        isRetrievedBound: searched === null,
        embeddingUsd,
        misses: isFull ? misses : 0,
      };
      const { use, why } = chooseReferences({ ...question, ...facts, calls: calls.length }, settings.use);
      return { use, why };
    },
    async misses(calls, signal) {
      const searched = await beforehand(calls, signal);
      return searched?.map(({ isMiss }) => isMiss) ?? null;
    },
    find: (queries, search, signal) => find(retrieval, { settings, queries, ...search }, signal),
  };
}

interface Search extends ReferenceSearch {
  readonly settings: NonNullable<Config['retrieval']>;
  readonly queries: readonly string[];
}

async function find(
  retrieval: Retrieval,
  { settings, queries, fullFits, paid }: Search,
  signal: AbortSignal,
): Promise<FoundReferences> {
  const { topK, tokens, onMiss, leastCoverage, per } = settings;
  const rule = { onMiss, leastCoverage, fullFits };
  if (per === 'pack') {
    const found = await retrieval.searchAll(queries, { topK, tokens, paid }, signal);
    const next = afterSearch(found, rule);
    if (next.send !== 'retrieved') return next;
    return { send: 'retrieved', texts: [{ path: 'references', text: chunksText(found.chunks) }] };
  }
  const texts: { readonly path: string; readonly text: string }[] = [];
  const own = Math.floor(tokens / Math.max(1, queries.length));
  for (const [index, query] of queries.entries()) {
    const found = await retrieval.search(query, { topK, tokens: own, paid }, signal);
    const next = afterSearch(found, rule);
    if (next.send !== 'retrieved') return next;
    texts.push({ path: `references for block ${index + 1}`, text: chunksText(found.chunks) });
  }
  return { send: 'retrieved', texts };
}

/** Texts that are searched beforehand, at the most: a search takes 1 to 3 ms in 400 to 4,000 chunks. */
const mostSearched = 2000;

/** The texts of the items, call by call. */
type Calls = readonly (readonly string[])[];

interface Searched {
  readonly isMiss: boolean;
  /** Of what is found; null: it misses, or wasn't looked at. */
  readonly tokens: number | null;
}

/** By words alone nothing is paid. A call that isn't looked at is taken to miss as the one before it does. */
async function searchedBeforehand(
  retrieval: Retrieval,
  settings: Search['settings'],
  { calls, signal }: { readonly calls: Calls; readonly signal: AbortSignal },
): Promise<readonly Searched[]> {
  const every = Math.ceil(calls.flat().length / mostSearched);
  const search = { settings: { ...settings, onMiss: 'full' as const }, fullFits: true, paid: nothing };
  const searched: Searched[] = [];
  for (const [at, queries] of calls.entries()) {
    signal.throwIfAborted();
    const isSame = at % every !== 0;
    const found = isSame ? null : await find(retrieval, { ...search, queries }, signal);
    searched.push(
      found === null ? { isMiss: searched.at(-1)?.isMiss === true, tokens: null } : searchedOf(found),
    );
  }
  return searched;
}

function searchedOf(found: FoundReferences): Searched {
  if (found.send !== 'retrieved') return { isMiss: true, tokens: null };
  const characters = found.texts.reduce((sum, { text }) => sum + text.length, 0);
  return { isMiss: false, tokens: Math.ceil(characters / usualCharactersPerToken) };
}

/** Of the calls that find something; null: none is known to. */
function meanTokens(searched: readonly Searched[]): number | null {
  const known = searched.flatMap(({ tokens }) => tokens ?? []);
  return known.length === 0
    ? null
    : Math.round(known.reduce((sum, tokens) => sum + tokens, 0) / known.length);
}

const nothing = (): Promise<void> => Promise.resolve();

async function readDocuments(
  tree: BaseTree,
  { globs, target }: { readonly globs: readonly string[]; readonly target: string },
  signal: AbortSignal,
): Promise<readonly ReferenceDocument[]> {
  const compiled = globs.map((source) => compileGlob(source, { target }));
  const entries = await tree.entries(signal);
  const found = compiled.map((glob) =>
    entries.map(({ path }) => path).filter((path) => glob.match(path) !== null),
  );
  const empty = found.findIndex((paths) => paths.length === 0);
  if (empty !== -1) throw matchesNothing(globs[empty] ?? '', target);
  const paths = [...new Set(found.flat())];
  const documents: ReferenceDocument[] = [];
  await tree.read(
    paths,
    (path, content) => {
      if (content !== null) documents.push({ path, text: content.toString('utf8') });
    },
    signal,
  );
  return documents;
}

function matchesNothing(glob: string, target: string): RegenError {
  return new RegenError(
    'config',
    `regen.yaml: retrieval.documents: ${JSON.stringify(glob)} matches no file of the base for ${target}`,
    { hint: 'Correct the glob, or commit and push the documents: they are read from the base.' },
  );
}
