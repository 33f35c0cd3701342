import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import type { BatchOptions } from '../../src/demo/model/batch-options.js';
import { failWith, promptTooLong, say } from '../../src/demo/model/reply.js';
import type { BatchResult } from '../../src/model/batch.js';
import { createBatches } from '../../src/worker/batches.js';
import type { BatchRequest } from '../../src/worker/batches.js';
import { createClient } from '../../src/worker/client.js';
import { answerSchema } from '../../src/worker/entries.js';
import { never, now, startScripted } from './scripted.js';
import type { Scripted } from './scripted.js';

const request = (customId: string): BatchRequest => ({
  ...{ customId, model: 'haiku', parts: ['Rules.'], message: `About ${customId}.`, ttl: '1h' },
});
const atOnce = { 'x-should-retry': 'false' };

interface Place extends AsyncDisposable {
  readonly scripted: Scripted;
  readonly batches: ReturnType<typeof createBatches>;
  resultsOf(id: string): Promise<readonly BatchResult[]>;
}

async function makePlace(options: BatchOptions = {}): Promise<Place> {
  const scripted = await startScripted({ script: () => say('{"results":[]}'), batches: options });
  const client = createClient(scripted.parts);
  const batches = createBatches(scripted.parts, () => client);
  return {
    ...{ scripted, batches },
    async resultsOf(id) {
      const results: BatchResult[] = [];
      const take = (result: BatchResult): Promise<void> => {
        results.push(result);
        return Promise.resolve();
      };
      await batches.results(id, take, never);
      return results;
    },
    [Symbol.asyncDispose]: () => scripted[Symbol.asyncDispose](),
  };
}

describe('a batch', () => {
  it('is the requests that realtime calls would be, each under its own id', async () => {
    await using place = await makePlace();

    const submitted = await place.batches.submit([request('a'), request('b')], never);

    const { model } = place.scripted;
    expect(submitted).toEqual({ id: model.batches()[0]?.id, at: now });
    expect(JSON.parse(model.requests[0]?.body.toString('utf8') ?? '')).toEqual({
      requests: ['a', 'b'].map((id) => ({
        custom_id: id,
        params: {
          ...{ model: 'claude-haiku-5-5', max_tokens: 4000 },
          system: [{ type: 'text', text: 'Rules.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
          messages: [{ role: 'user', content: `About ${id}.` }],
          output_config: { format: { type: 'json_schema', schema: answerSchema } },
        },
      })),
    });
  });

  it('tells how far it is until it has ended', async () => {
    await using place = await makePlace({ polls: 2 });
    const { id } = await place.batches.submit([request('a'), request('b')], never);
    const expiresAt = new Date('2026-05-03T14:00:00Z');

    const states = [await place.batches.state(id, never), await place.batches.state(id, never)];

    expect(states).toEqual([
      { kind: 'running', counts: { done: 0, all: 2 }, expiresAt, isCanceling: false },
      { kind: 'ended', counts: { done: 2, all: 2 }, expiresAt, isCanceling: false },
    ]);
  });

  it('says that it is being called off', async () => {
    await using place = await makePlace({ polls: 3 });
    const { id } = await place.batches.submit([request('a')], never);

    await place.batches.cancel(id, never);

    expect(await place.batches.state(id, never)).toMatchObject({ kind: 'running', isCanceling: true });
  });

  it('that the API doesn’t know is gone', async () => {
    await using place = await makePlace();

    expect(await place.batches.state('msgbatch_x', never)).toEqual({
      ...{ kind: 'gone', counts: { done: 0, all: 0 }, expiresAt: null, isCanceling: false },
    });
  });

  it('whose results the API has put away is gone', async () => {
    await using place = await makePlace();
    const archived = { archived_at: '2026-06-01T00:00:00Z', processing_status: 'ended' };
    const client = createClient(place.scripted.parts);
    const later = new Anthropic({
      ...{ apiKey: 'none', baseURL: client.baseURL },
      fetch: async (...asked) => {
        const shown = (await (await fetch(...asked)).json()) as object;
        return Response.json({ ...shown, ...archived, results_url: null });
      },
    });
    const { id } = await place.batches.submit([request('a')], never);

    const state = await createBatches(place.scripted.parts, () => later).state(id, never);

    expect(state.kind).toBe('gone');
  });
});

describe('results', () => {
  it('come in any order, each kind as it is', async () => {
    const long = promptTooLong();
    const fates: Readonly<Record<string, ReturnType<NonNullable<BatchOptions['results']>>>> = {
      b: 'errored',
      c: { type: 'invalid_request_error', message: 'no such field' },
      d: 'expired',
      e: 'canceled',
      f: { type: 'api_error', message: long.kind === 'status' ? long.message : '' },
    };
    await using place = await makePlace({ results: (id) => fates[id] ?? 'succeeded' });
    const { id } = await place.batches.submit(['a', 'b', 'c', 'd', 'e', 'f'].map(request), never);
    await place.scripted.model.endBatch(id);

    const results = await place.resultsOf(id);

    const errored = { kind: 'errored', isRequestsFault: true, isTooLong: false };
    expect(results).toEqual([
      {
        ...{ customId: 'f', ...errored, isTooLong: true },
        reason: 'api_error: prompt is too long: 1000001 tokens > 1000000 maximum',
      },
      { customId: 'e', kind: 'canceled' },
      { customId: 'd', kind: 'expired' },
      { customId: 'c', ...errored, reason: 'invalid_request_error: no such field' },
      { customId: 'b', ...errored, isRequestsFault: false, reason: 'api_error: Internal server error' },
      {
        ...{ customId: 'a', kind: 'succeeded', hasUsage: true },
        message: expect.objectContaining({ type: 'message', model: 'claude-haiku-5-5' }) as unknown,
      },
    ]);
  });

  it('are handed on when all of them are there: a download that breaks off hands on none', async () => {
    await using place = await makePlace({ download: (number) => (number === 1 ? 'drop' : 'answer') });
    const { id } = await place.batches.submit(['a', 'b', 'c'].map(request), never);
    await place.scripted.model.endBatch(id);
    const seen: string[] = [];
    const take = ({ customId }: BatchResult): Promise<void> => {
      seen.push(customId);
      return Promise.resolve();
    };

    await expect(place.batches.results(id, take, never)).rejects.toMatchObject({
      ...{ code: 'wait', waitsFor: 'network' },
    });
    expect(seen).toEqual([]);

    await place.batches.results(id, take, never);
    expect(seen.toSorted()).toEqual(['a', 'b', 'c']);
  });
});

describe('a batch that a kill kept us from hearing of', () => {
  it('is found by when it was made and how many requests it has, the newest first', async () => {
    await using place = await makePlace();
    const { batches, scripted } = place;
    const first = await batches.submit([request('a'), request('b')], never);
    await batches.submit([request('c')], never);
    const last = await batches.submit([request('d'), request('e')], never);
    await scripted.model.endBatch(first.id);

    const find = (since: string, requests: number) =>
      batches.find({ since: new Date(since), requests }, never);

    expect(await find('2026-05-02T14:00:00Z', 2)).toEqual([last, first]);
    expect(await find('2026-05-02T14:01:30Z', 2)).toHaveLength(2); // two clocks
    expect(await find('2026-05-02T14:03:00Z', 2)).toEqual([]);
    expect(await find('2026-05-02T14:00:00Z', 3)).toEqual([]);
  });

  it('was made although the answer was lost, and is not made twice', async () => {
    await using place = await makePlace({ create: () => 'drop' });

    await expect(place.batches.submit([request('a')], never)).rejects.toMatchObject({ code: 'wait' });

    expect(place.scripted.model.batches()).toHaveLength(1);
    expect(await place.batches.find({ since: now, requests: 1 }, never)).toHaveLength(1);
  });
});

describe('what the API says instead', () => {
  it.each([
    [
      'a limit',
      failWith(429, 'x', { 'retry-after': '60', ...atOnce }),
      { code: 'wait', waitsFor: 'rate_limit', retryAt: new Date('2026-05-02T14:01:00Z') },
    ],
    ['overload', failWith(529, 'x', atOnce), { code: 'wait', waitsFor: 'overloaded' }],
    ['a bad key', failWith(401, 'x'), { code: 'environment', message: 'the API refuses the key: x' }],
    ['a refusal', failWith(400, 'x'), { code: 'config', message: 'the API refuses the request (400): x' }],
    [
      'nothing of batches',
      failWith(404, 'x'),
      { code: 'config', message: 'the API refuses the request (404): x' },
    ],
    ['too many bytes', failWith(413, 'x'), { code: 'config', message: 'the API refuses the batch: x' }],
  ])('stops the step: %s', async (_what, fate, error) => {
    await using place = await makePlace({ create: () => fate });

    await expect(place.batches.submit([request('a')], never)).rejects.toMatchObject(error);
    expect(place.scripted.model.requests).toHaveLength(1);
  });

  it('is nothing when our signal ended the question', async () => {
    await using place = await makePlace();

    const asking = place.batches.submit([request('a')], AbortSignal.abort(new Error('stopped by hand')));

    await expect(asking).rejects.toThrow('stopped by hand');
  });
});
