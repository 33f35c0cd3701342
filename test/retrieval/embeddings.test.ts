import { describe, expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { readAnswer, retryAtOf } from '../../src/retrieval/embedding-answer.js';
import { createEmbeddings } from '../../src/retrieval/embeddings.js';
import type { RequestUse } from '../../src/retrieval/embeddings.js';
import { closedPort } from '../support/closed-port.js';
import { embed, startEmbeddings } from '../support/embeddings.js';
import type { EmbeddingFault } from '../support/embeddings.js';

const now = () => new Date('2026-11-21T10:00:00Z');
const { signal } = new AbortController();
const ignore = () => Promise.resolve();

function listIn(paid: RequestUse[]) {
  return (use: RequestUse) => {
    paid.push(use);
    return Promise.resolve();
  };
}

async function failureOf(promise: Promise<unknown>): Promise<RegenError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof RegenError) return error;
  throw new Error('expected a RegenError', { cause: error });
}

async function failureAt(
  fault: EmbeddingFault,
): Promise<{ readonly error: RegenError; readonly url: string }> {
  await using server = await startEmbeddings({ fault: () => fault });
  const url = `${server.url}/v1/embeddings`;
  const embeddings = createEmbeddings({ url, model: 'small', dimensions: 64 }, now);
  return { url, error: await failureOf(embeddings.embed(['one', 'two'], ignore, signal)) };
}

describe('the embedding endpoint', () => {
  it('is asked with the model, the texts and the key, and its vectors come in their order', async () => {
    await using server = await startEmbeddings({ order: 'reversed' });
    const url = `${server.url}/v1/embeddings`;
    const embeddings = createEmbeddings({ url, model: 'small', key: 'key-of-a-test' }, now);

    const paid: RequestUse[] = [];
    const vectors = await embeddings.embed(['one plot', 'two lines'], listIn(paid), signal);

    expect(vectors).toEqual([Float32Array.from(embed('one plot')), Float32Array.from(embed('two lines'))]);
    expect(paid).toEqual([{ tokens: 5, isEstimate: false }]);
    expect(server.requests).toMatchObject([
      {
        model: 'small',
        input: ['one plot', 'two lines'],
        headers: { authorization: 'Bearer key-of-a-test' },
      },
    ]);
  });

  it('is asked without a key when there is none', async () => {
    await using server = await startEmbeddings();
    const embeddings = createEmbeddings({ url: `${server.url}/v1/embeddings`, model: 'small' }, now);

    await embeddings.embed(['one'], ignore, signal);

    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });

  it.each([
    [{ status: 429, headers: { 'retry-after': '120' } }, 'rate_limit', '2026-11-21T10:02:00.000Z'],
    [
      { status: 503, headers: { 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' } },
      'overloaded',
      '2026-11-21T11:00:00.000Z',
    ],
    [{ status: 500 }, 'overloaded', undefined],
  ])('is waited for at %j', async (fault, waitsFor, retryAt) => {
    const { error, url } = await failureAt({ kind: 'status', ...fault });

    expect(error).toMatchObject({ code: 'wait', waitsFor });
    expect(error.retryAt?.toISOString()).toBe(retryAt);
    expect(error.message).toContain(`the embedding endpoint ${url} answers ${fault.status}: `);
  });

  it.each([
    [{ kind: 'status', status: 401 }, 'answers 401', 'embeddings.keyEnv'],
    [{ kind: 'status', status: 404 }, 'answers 404', 'embeddings.url or embeddings.model (small)'],
    [{ kind: 'disconnect' }, 'doesn’t answer: other side closed', 'Start it'],
    [{ kind: 'no-json' }, 'answers nonsense: no JSON object with "data"', '/v1/embeddings'],
    [{ kind: 'missing' }, 'answers nonsense: 1 vectors for 2 texts', '/v1/embeddings'],
    [
      { kind: 'dimensions', dimensions: 3 },
      'answers nonsense: a vector of 3 numbers among those of 64',
      'small',
    ],
  ] as const)('is not ready when it fails so: %j', async (fault, message, hint) => {
    const { error, url } = await failureAt(fault);

    expect(error.code).toBe('environment');
    expect(error.message).toContain(`the embedding endpoint ${url} ${message}`);
    expect(error.hint).toContain(hint);
  });

  it('is not ready when nobody listens', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/v1/embeddings?key=hidden-value`;

    const error = await failureOf(
      createEmbeddings({ url, model: 'small' }, now).embed(['one'], ignore, signal),
    );

    expect(error).toMatchObject({ code: 'environment' });
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).not.toContain('hidden-value');
  });

  it('must not change the length of its vectors', async () => {
    await using server = await startEmbeddings({
      fault: ({ number }) => (number === 2 ? { kind: 'dimensions', dimensions: 32 } : null),
    });
    const embeddings = createEmbeddings({ url: `${server.url}/v1/embeddings`, model: 'small' }, now);
    await embeddings.embed(['one'], ignore, signal);

    const error = await failureOf(embeddings.embed(['two'], ignore, signal));

    expect(error.message).toContain('a vector of 32 numbers among those of 64');
  });

  it('tells what was paid for vectors that are of no use, and nothing where it refused', async () => {
    await using server = await startEmbeddings({
      fault: ({ number }) => (number === 1 ? { kind: 'missing' } : { kind: 'status', status: 500 }),
    });
    const embeddings = createEmbeddings({ url: `${server.url}/v1/embeddings`, model: 'small' }, now);
    const paid: RequestUse[] = [];

    const useless = await failureOf(embeddings.embed(['one plot', 'two lines'], listIn(paid), signal));
    const refused = await failureOf(embeddings.embed(['one plot'], listIn(paid), signal));

    expect([useless.code, refused.code]).toEqual(['environment', 'wait']);
    expect(paid).toEqual([{ tokens: 5, isEstimate: false }]);
  });

  it('is let go when the work is stopped, with the reason of the stop', async () => {
    const controller = new AbortController();
    const stop = new RegenError('interrupted', 'stopped');
    await using server = await startEmbeddings({
      fault: () => {
        controller.abort(stop);
        return null;
      },
    });
    const embeddings = createEmbeddings({ url: `${server.url}/v1/embeddings`, model: 'small' }, now);

    expect(await failureOf(embeddings.embed(['one'], ignore, controller.signal))).toBe(stop);
  });
});

describe('an answer', () => {
  const answer = (...data: readonly unknown[]) => JSON.stringify({ data });

  it.each([
    ['[]', 'no JSON object with "data"'],
    ['{"data": {}}', 'data: Invalid input: expected array, received object'],
    [answer({ index: 0, embedding: [] }), 'data.0.embedding: an empty vector'],
    [
      answer({ index: 0, embedding: ['1'] }),
      'data.0.embedding.0: Invalid input: expected number, received string',
    ],
    ['{"data": [{"index": 0, "embedding": [1e999]}]}', 'data.0.embedding.0: Invalid input: expected number'],
    [answer({ index: 0, embedding: [1e300] }), 'a number that is too large'],
    [answer({ index: 1, embedding: [1] }), 'index 1 where every text has one of its own'],
  ])('is nonsense: %s', (body, flaw) => {
    expect(readAnswer(body, 1, null)).toEqual({
      flaw: expect.stringContaining(flaw) as string,
      tokens: null,
    });
  });

  it('has one index per text', () => {
    const body = answer({ index: 0, embedding: [1] }, { index: 0, embedding: [2] });

    expect(readAnswer(body, 2, null)).toEqual({
      tokens: null,
      flaw: 'index 0 where every text has one of its own',
    });
  });

  it('needs no count of tokens', () => {
    expect(readAnswer(answer({ index: 0, embedding: [1] }), 1, null)).toMatchObject({ tokens: null });
  });
});

describe('retry-after', () => {
  it.each([
    [null, null],
    ['soon', null],
    ['-1', null],
    ['0', '2026-11-21T10:00:00.000Z'],
  ])('%s is %s', (header, instant) => {
    expect(retryAtOf(header, now())?.toISOString() ?? null).toBe(instant);
  });
});
