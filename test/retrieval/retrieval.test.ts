import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RetrievalConfig } from '../../src/model/config-retrieval.js';
import { RegenError } from '../../src/model/errors.js';
import type { ReferenceDocument } from '../../src/retrieval/document.js';
import type { Paid, PaidRequest } from '../../src/retrieval/corpus-vectors.js';
import { createRetrieval } from '../../src/retrieval/retrieval.js';
import type { Retrieval } from '../../src/retrieval/retrieval.js';
import { chunksText } from '../../src/retrieval/texts.js';
import { startEmbeddings } from '../support/embeddings.js';
import type { EmbeddingFault } from '../support/embeddings.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';

const { signal } = new AbortController();
const limits = { topK: 3, tokens: 1000 };
const style: ReferenceDocument = {
  path: 'docs/style.md',
  text: '# Style\n\n## Legends\n\nA legend stands outside of the plot, without a frame.\n\n## Colours\n\nUse the Okabe-Ito palette, never more than eight colours.\n\n## Fonts\n\nAxis labels have 20 points.\n',
};
const data: ReferenceDocument = {
  path: 'docs/data.md',
  text: '# Data\n\nA series is realistic: no lorem ipsum.\n',
};

let scratch: Scratch;
beforeEach(async () => {
  scratch = await makeScratch();
});
afterEach(() => scratch[Symbol.asyncDispose]());

interface Options {
  readonly documents?: readonly ReferenceDocument[];
  readonly embeddings?: Partial<NonNullable<RetrievalConfig['embeddings']>> & { readonly url: string };
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: Date;
}

function retrievalOf({
  documents = [style, data],
  embeddings,
  env = {},
  now = new Date(),
}: Options = {}): Retrieval {
  return createRetrieval({
    surroundings: { root: scratch.folder, env, now: () => now },
    settings: {
      leastCoverage: 0.3,
      ...(embeddings !== undefined && { embeddings: { model: 'small', weight: 0.5, ...embeddings } }),
    },
    read: () => Promise.resolve(documents),
    isItemFile: (path) => path.startsWith('plots/'),
  });
}

async function withEndpoint(
  work: (url: string, requests: readonly { readonly input: readonly string[] }[]) => Promise<void>,
  fault: (number: number) => EmbeddingFault | null = () => null,
): Promise<void> {
  await using server = await startEmbeddings({
    synonyms: { hue: 'colour', tint: 'colour' },
    fault: ({ number }) => fault(number),
  });
  await work(`${server.url}/v1/embeddings`, server.requests);
}

function keptFiles(): Promise<readonly string[]> {
  return readdir(scratch.in('.regen', 'retrieval'));
}

/** What was told of requests. */
function listed() {
  const told: PaidRequest[] = [];
  const paid: Paid = (request) => {
    told.push(request);
    return Promise.resolve();
  };
  return { told, paid };
}

async function failureOf(promise: Promise<unknown>): Promise<RegenError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof RegenError) return error;
  throw new Error('expected a RegenError', { cause: error });
}

describe('a search by words', () => {
  it('finds what the documents say about an item', async () => {
    const found = await retrievalOf().search('legend.frame = True', limits, signal);

    expect(chunksText(found.chunks)).toBe(
      '## docs/style.md > Style > Legends\nA legend stands outside of the plot, without a frame.',
    );
    expect(found).toMatchObject({ isMiss: false, tokens: 26 });
  });

  it('misses what they say nothing about', async () => {
    const found = await retrievalOf().search('Database migrations are rolled back.', limits, signal);

    expect(found).toEqual({
      ...{ chunks: [], tokens: 0, coverage: 0, isMiss: true },
      perQuery: [{ coverage: 0, isMiss: true }],
    });
  });

  it('has the same bytes for a pack, whatever order its items and documents come in', async () => {
    const queries = ['the legend’s frame', 'a realistic series', 'points of axis labels'];
    const one = await retrievalOf().searchAll(queries, limits, signal);
    const other = retrievalOf({ documents: [data, style] });

    const again = await other.searchAll(queries.toReversed(), limits, signal);

    expect(chunksText(again.chunks)).toBe(chunksText(one.chunks));
    expect(one.chunks.map(({ path, headings }) => [path, ...headings].join(' '))).toEqual([
      'docs/data.md Data',
      'docs/style.md Style Legends',
      'docs/style.md Style Fonts',
    ]);
  });

  it('never finds an item’s file', async () => {
    const sibling = { path: 'plots/legend.md', text: '# Legend\n\nThe legend has a frame.' };
    const retrieval = retrievalOf({ documents: [style, sibling] });

    const found = await retrieval.search('the legend has a frame', limits, signal);

    expect(found.chunks.map(({ path }) => path)).toEqual(['docs/style.md']);
    expect((await retrieval.facts([], signal)).documents).toEqual(['docs/style.md']);
    expect(await keptFiles()).toHaveLength(1);
  });

  it('costs nothing, and says what all documents would take', async () => {
    const retrieval = retrievalOf();
    const { paid, told } = listed();
    await retrieval.search('legend', { ...limits, paid }, signal);

    expect(await retrieval.facts(['legend'], signal)).toEqual({
      documents: ['docs/data.md', 'docs/style.md'],
      chunks: 4,
      fullTokens: Math.ceil((style.text.length + data.text.length + 32) / 3.5),
      fullText: `## docs/data.md\n${data.text.trim()}\n\n## docs/style.md\n${style.text.trim()}`,
      unembeddedTokens: 0,
      embeddingUsd: 0,
    });
    expect(told).toEqual([]);
  });

  it('has nothing to say without documents', async () => {
    const found = await retrievalOf({ documents: [] }).search('legend', limits, signal);

    expect(found).toMatchObject({ chunks: [], isMiss: true });
  });

  it('reads the documents again when that failed', async () => {
    let reads = 0;
    const retrieval = createRetrieval({
      surroundings: { root: scratch.folder, env: {}, now: () => new Date() },
      settings: { leastCoverage: 0.3 },
      read: () => ((reads += 1) === 1 ? Promise.reject(new Error('no tree')) : Promise.resolve([style])),
      isItemFile: () => false,
    });
    await expect(retrieval.search('legend', limits, signal)).rejects.toThrow('no tree');

    await retrieval.search('legend', limits, signal);
    await retrieval.search('fonts', limits, signal);

    expect(reads).toBe(2);
  });
});

describe('what is kept on disk', () => {
  it('is a file per document, and is taken instead of cutting it again', async () => {
    await retrievalOf().search('legend', limits, signal);
    const [name = ''] = await keptFiles();
    const file = scratch.in('.regen', 'retrieval', name);
    const marked = (await readFile(file, 'utf8')).replace(/lorem ipsum|Okabe-Ito/, 'zebra crossing');
    await writeFile(file, marked);

    const found = await retrievalOf().search('zebra crossing', limits, signal);

    expect(await keptFiles()).toHaveLength(2);
    expect(found.chunks).toHaveLength(1);
  });

  it.each(['', '{"version":1,"chu', '[]', '{"version":9,"chunks":[],"vectors":{}}'])(
    'is made anew when it is damaged: %j',
    async (damage) => {
      await retrievalOf({ documents: [style] }).search('legend', limits, signal);
      const [name = ''] = await keptFiles();
      const whole = await readFile(scratch.in('.regen', 'retrieval', name), 'utf8');
      await writeFile(scratch.in('.regen', 'retrieval', name), damage);

      const found = await retrievalOf({ documents: [style] }).search('legend frame', limits, signal);

      expect(found.isMiss).toBe(false);
      expect(await readFile(scratch.in('.regen', 'retrieval', name), 'utf8')).toBe(whole);
    },
  );

  it('is another file once the text, or its path, is another', async () => {
    await retrievalOf({ documents: [data] }).search('series', limits, signal);
    await retrievalOf({ documents: [{ ...data, text: `${data.text}\nMore.` }] }).search(
      'series',
      limits,
      signal,
    );
    await retrievalOf({ documents: [{ ...data, path: 'docs/b.md' }] }).search('series', limits, signal);

    expect(await keptFiles()).toHaveLength(3);
  });

  it('goes when nothing has used it for 30 days, and nothing else goes', async () => {
    const day = 24 * 3_600_000;
    const later = (days: number) => new Date(Date.now() + days * day);
    await mkdir(scratch.in('.regen', 'retrieval'), { recursive: true });
    await writeFile(scratch.in('.regen', 'retrieval', 'notes.txt'), 'mine');
    await utimes(scratch.in('.regen', 'retrieval', 'notes.txt'), 0, 0);
    await retrievalOf().search('legend', limits, signal);

    await retrievalOf({ documents: [style], now: later(20) }).search('legend', limits, signal);
    const afterTwenty = await keptFiles();
    await retrievalOf({ documents: [style], now: later(31) }).search('legend', limits, signal);
    const afterThirty = await keptFiles();
    await retrievalOf({ documents: [data], now: later(49) }).search('series', limits, signal);

    expect(afterTwenty).toHaveLength(3);
    expect(afterThirty).toHaveLength(2);
    expect(await keptFiles()).toHaveLength(3);
    const [kept = ''] = afterThirty.filter((name) => name !== 'notes.txt');
    const used = (await stat(scratch.in('.regen', 'retrieval', kept))).mtimeMs;
    expect(Math.round((used - Date.now()) / day)).toBe(31);
  });
});

describe('a search by words and vectors', () => {
  it('finds what is said in other words', async () => {
    await withEndpoint(async (url) => {
      const words = await retrievalOf().search('tints and hues', limits, signal);
      const both = await retrievalOf({ embeddings: { url } }).search('tints and hues', limits, signal);

      expect(words.isMiss).toBe(true);
      expect(both.isMiss).toBe(false);
      expect(both.chunks.map(({ headings }) => headings.at(-1))).toContain('Colours');
    });
  });

  it('embeds each document once, and each query once', async () => {
    await withEndpoint(async (url, requests) => {
      const retrieval = retrievalOf({ embeddings: { url } });
      await retrieval.search('hues', limits, signal);
      await retrieval.searchAll(['hues', 'fonts'], limits, signal);
      const first = requests.map(({ input }) => input.length);
      await retrievalOf({ embeddings: { url } }).search('hues', limits, signal);

      expect(first).toEqual([4, 1, 1]);
      expect(requests.map(({ input }) => input.length)).toEqual([4, 1, 1, 1]);
    });
  });

  it('embeds the changed document alone, and all of them for another model', async () => {
    await withEndpoint(async (url, requests) => {
      const changed = { ...data, text: '# Data\n\nA series is new.\n' };
      await retrievalOf({ embeddings: { url } }).search('hues', limits, signal);
      await retrievalOf({ embeddings: { url }, documents: [style, changed] }).search('hues', limits, signal);
      await retrievalOf({ embeddings: { url, model: 'large' } }).search('hues', limits, signal);
      await retrievalOf({ embeddings: { url } }).search('hues', limits, signal);

      expect(requests.map(({ input }) => input.length)).toEqual([4, 1, 1, 1, 4, 1, 1]);
    });
  });

  it('asks for at most 96 texts at once, and goes on where an endpoint gave up', async () => {
    const documents = Array.from({ length: 5 }, (_, at) => ({
      path: `docs/${at}.md`,
      text: Array.from({ length: 45 }, (_unused, line) => `## Rule ${line}\n\nRule ${at}-${line}.`).join(
        '\n\n',
      ),
    }));
    await withEndpoint(
      async (url, requests) => {
        const error = await failureOf(
          retrievalOf({ documents, embeddings: { url } }).search('rule', limits, signal),
        );
        const asked = requests.map(({ input }) => input.length);
        await retrievalOf({ documents, embeddings: { url } }).search('rule', limits, signal);

        expect(error).toMatchObject({ code: 'wait', waitsFor: 'rate_limit' });
        expect(asked).toEqual([90, 90]);
        expect(requests.slice(2).map(({ input }) => input.length)).toEqual([90, 45, 1]);
      },
      (number) => (number === 2 ? { kind: 'status', status: 429 } : null),
    );
  });

  it('goes on there also by the same searcher', async () => {
    const documents = ['a', 'b'].map((name) => ({
      path: `docs/${name}.md`,
      text: Array.from({ length: 60 }, (_, line) => `## Rule ${line}\n\nRule ${name}.`).join('\n\n'),
    }));
    await withEndpoint(
      async (url, requests) => {
        const retrieval = retrievalOf({ documents, embeddings: { url } });
        const error = await failureOf(retrieval.search('rule', limits, signal));
        await retrieval.search('rule', limits, signal);

        expect(error.code).toBe('wait');
        expect(requests.map(({ input }) => input.length)).toEqual([60, 60, 60, 1]);
      },
      (number) => (number === 2 ? { kind: 'status', status: 503 } : null),
    );
  });

  it('tells of each request before it is kept, and keeps nothing that it could not tell', async () => {
    const documents = [1, 2].map((number) => ({
      path: `${number}.md`,
      text: Array.from({ length: 60 }, (_, at) => `## Rule ${at}\n\nRule ${at} of ${number}.`).join('\n\n'),
    }));
    await withEndpoint(async (url, requests) => {
      const told: number[] = [];
      const paid = ({ tokens }: { readonly tokens: number }) => {
        told.push(tokens);
        return told.length === 2 ? Promise.reject(new Error('disk full')) : Promise.resolve();
      };
      const search = () =>
        retrievalOf({ documents, embeddings: { url } }).search('rule', { ...limits, paid }, signal);

      await expect(search()).rejects.toThrow('disk full');
      await search();

      expect(requests.map(({ input }) => input.length)).toEqual([60, 60, 60, 1]);
      expect(told).toHaveLength(4);
    });
  });

  it('cuts a document of more than 96 chunks into several requests', async () => {
    const text = Array.from({ length: 200 }, (_, at) => `## Rule ${at}\n\nRule ${at}.`).join('\n\n');
    await withEndpoint(async (url, requests) => {
      await retrievalOf({ documents: [{ path: 'a.md', text }], embeddings: { url } }).search(
        'x',
        limits,
        signal,
      );

      expect(requests.map(({ input }) => input.length)).toEqual([96, 96, 8, 1]);
    });
  });

  it('says beforehand what it would cost, and afterwards what it did', async () => {
    await withEndpoint(async (url) => {
      const retrieval = retrievalOf({ embeddings: { url, usdPerMillionTokens: 0.5 } });
      const before = await retrieval.facts(['hues'], signal);
      const { paid, told } = listed();
      await retrieval.search('hues', { ...limits, paid }, signal);
      const after = await retrieval.facts(['hues'], signal);

      expect(before.embeddingUsd).toBeCloseTo((before.unembeddedTokens * 0.5) / 1e6, 12);
      expect(before.unembeddedTokens).toBeGreaterThan(50);
      expect(after).toMatchObject({ unembeddedTokens: 0, embeddingUsd: 0 });
      expect(told).toHaveLength(2);
      for (const { tokens, usd } of told) expect(usd).toBeCloseTo((tokens * 0.5) / 1e6, 12);
    });
  });

  it('has no price where nobody named one', async () => {
    await withEndpoint(async (url) => {
      const retrieval = retrievalOf({ embeddings: { url } });
      const { embeddingUsd } = await retrieval.facts([], signal);
      const { paid, told } = listed();
      await retrieval.search('hues', { ...limits, paid }, signal);

      expect([embeddingUsd, ...told.map(({ usd }) => usd)]).toEqual([null, null, null]);
    });
  });

  it('asks again when what is kept of the vectors doesn’t fit the chunks', async () => {
    await withEndpoint(async (url, requests) => {
      await retrievalOf({ documents: [data], embeddings: { url } }).search('hues', limits, signal);
      const [name = ''] = await keptFiles();
      const file = scratch.in('.regen', 'retrieval', name);
      await writeFile(file, (await readFile(file, 'utf8')).replace(/(#[0-9a-f]{16}":\[")[^"]+/, '$1AAAA'));
      await retrievalOf({ documents: [data], embeddings: { url } }).search('hues', limits, signal);

      expect(requests.map(({ input }) => input.length)).toEqual([1, 1, 1, 1]);
    });
  });

  it('says so when a model was replaced under its old name', async () => {
    await withEndpoint(
      async (url) => {
        await retrievalOf({ embeddings: { url } }).search('hues', limits, signal);
        const error = await failureOf(retrievalOf({ embeddings: { url } }).search('hues', limits, signal));

        expect(error).toMatchObject({
          code: 'environment',
          hint: 'Remove .regen/retrieval: it is made anew.',
        });
        expect(error.message).toContain('answers with 3 numbers, and vectors in .regen/retrieval have 64');
      },
      (number) => (number === 3 ? { kind: 'dimensions', dimensions: 3 } : null),
    );
  });

  it('sends the key that the environment holds, and says which is missing', async () => {
    await withEndpoint(async (url) => {
      const embeddings = { url, keyEnv: 'EMBEDDINGS_KEY' };
      await retrievalOf({ embeddings, env: { EMBEDDINGS_KEY: 'key-of-a-test\n' } }).search(
        'x',
        limits,
        signal,
      );

      expect(() => retrievalOf({ embeddings })).toThrow('no key for embeddings: EMBEDDINGS_KEY is not set');
      expect(() => retrievalOf({ embeddings, env: { EMBEDDINGS_KEY: 'two words' } })).toThrow(
        'EMBEDDINGS_KEY is no key: it holds blanks or line breaks',
      );
    });
  });

  it('asks nothing for what has no documents, and stands an item without a letter', async () => {
    await withEndpoint(async (url, requests) => {
      await retrievalOf({ documents: [], embeddings: { url } }).search('hues', limits, signal);
      const asked = requests.length;
      const found = await retrievalOf({ embeddings: { url } }).searchAll(['  ', '\n'], limits, signal);

      expect(asked).toBe(0);
      expect(found.perQuery).toHaveLength(2);
    });
  });
});
