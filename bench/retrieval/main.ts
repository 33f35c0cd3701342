/** Building and searching an index of references, beside reading their words; and what is found for labelled items. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RetrievalConfig } from '../../src/model/config-retrieval.js';
import type { Chunk, ReferenceDocument } from '../../src/retrieval/document.js';
import { createRetrieval } from '../../src/retrieval/retrieval.js';
import type { Retrieval } from '../../src/retrieval/retrieval.js';
import { startEmbeddings } from '../../test/support/embeddings.js';
import { median, milliseconds, printTable } from '../measure.js';
import { documents } from './documents.js';
import { questions, strangers, synonyms } from './questions.js';

const { signal } = new AbortController();
const roots: string[] = [];
try {
  await quality();
  await speed();
} finally {
  for (const root of roots) await rm(root, { recursive: true, force: true });
}

async function quality(): Promise<void> {
  await using server = await startEmbeddings({ synonyms });
  const embeddings = { url: `${server.url}/v1/embeddings`, model: 'toy', weight: 0.5 };
  console.log(`${questions.length} items with the section each needs, ${strangers.length} that need none`);
  printTable([
    ['', 'hit@1', 'hit@5', 'called a miss', 'strangers called a miss'],
    ['by words', ...(await found(await retrievalOf(documents)))],
    ['by words and toy vectors', ...(await found(await retrievalOf(documents, embeddings)))],
  ]);
  console.log(
    'toy vectors: hashed words in 64 numbers, and a table of synonyms; they show the fusion, not a model',
  );
}

async function found(retrieval: Retrieval): Promise<readonly string[]> {
  const hits = { first: 0, five: 0, missed: 0, strange: 0 };
  for (const { item, needs } of questions) {
    const five = await retrieval.search(item, { topK: 5, tokens: 10_000 }, signal);
    const one = await retrieval.search(item, { topK: 1, tokens: 10_000 }, signal);
    hits.first += holds(one.chunks, needs) ? 1 : 0;
    hits.five += holds(five.chunks, needs) ? 1 : 0;
    hits.missed += five.isMiss ? 1 : 0;
  }
  for (const item of strangers) {
    hits.strange += (await retrieval.search(item, { topK: 5, tokens: 10_000 }, signal)).isMiss ? 1 : 0;
  }
  const { first, five, missed, strange } = hits;
  return [
    ...[first, five, missed].map((count) => `${count}/${questions.length}`),
    `${strange}/${strangers.length}`,
  ];
}

function holds(chunks: readonly Chunk[], needs: string): boolean {
  return chunks.some(({ headings, text }) => headings.at(-1) === needs || text.includes(`def ${needs}(`));
}

async function speed(): Promise<void> {
  const many = Array.from({ length: 200 }, (_, copy) =>
    documents.map(({ path: name, text }) => ({
      path: `${copy}/${name}`,
      text: text.replaceAll('. ', `. Rule${copy} `),
    })),
  ).flat();
  const floor = timed(() => many.map(({ text }) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.length));
  const root = await newRoot();
  const cold = await timedAsync(async () => openedAt(await newRoot(), many));
  await openedAt(root, many);
  const warm = await timedAsync(() => openedAt(root, many));
  const retrieval = await openedAt(root, many);
  const items = questions.map(({ item }) => item);
  const { chunks } = await retrieval.facts([], signal);
  const searching = await timedAsync(() => retrieval.searchAll(items, { topK: 5, tokens: 4000 }, signal));
  console.log(`\n${many.length} documents, ${chunks} chunks; medians of 5 runs`);
  printTable([
    line('reading their words', floor, floor),
    line('cutting, keeping and indexing them', cold, floor),
    line('indexing what is kept', warm, floor),
    line('searching for one item', searching / items.length, floor),
  ]);
}

async function openedAt(root: string, wanted: readonly ReferenceDocument[]): Promise<Retrieval> {
  const retrieval = makeAt(root, wanted);
  await retrieval.facts([], signal);
  return retrieval;
}

async function retrievalOf(
  wanted: readonly ReferenceDocument[],
  embeddings?: RetrievalConfig['embeddings'],
): Promise<Retrieval> {
  return makeAt(await newRoot(), wanted, embeddings);
}

function makeAt(
  root: string,
  wanted: readonly ReferenceDocument[],
  embeddings?: RetrievalConfig['embeddings'],
): Retrieval {
  return createRetrieval({
    surroundings: { root, env: {}, now: () => new Date() },
    settings: { leastCoverage: 0.3, embeddings },
    read: () => Promise.resolve(wanted),
    isItemFile: () => false,
  });
}

async function newRoot(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'regen-bench-retrieval-'));
  roots.push(root);
  return root;
}

function timed(run: () => unknown): number {
  return median(Array.from({ length: 5 }, () => elapsed(performance.now(), run())));
}

async function timedAsync(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const start = performance.now();
    times.push(elapsed(start, await run()));
  }
  return median(times);
}

function elapsed(start: number, _result: unknown): number {
  return performance.now() - start;
}

function line(what: string, ms: number, floor: number): readonly string[] {
  return [what, ms < 10 ? `${ms.toFixed(2)} ms` : milliseconds(ms), `${(ms / floor).toFixed(2)}x`];
}
