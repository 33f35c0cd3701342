import { randomUUID } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import type { MessageBatchIndividualResponse } from '@anthropic-ai/sdk/resources/messages';
import { afterEach, describe, expect, test } from 'vitest';
import type { BatchOptions } from '../../src/demo/model/batch-options.js';
import { sumBill } from '../../src/demo/model/bill.js';
import type { Script } from '../../src/demo/model/conversation.js';
import { broken, failWith, refuse, say } from '../../src/demo/model/reply.js';
import { startScriptedModel, type ScriptedModel } from '../../src/demo/model/server.js';

const hour = 3_600_000;
const began = new Date('2026-05-02T14:00:00Z');

let model: ScriptedModel | undefined;
let clock = began;

/** A model that repeats what it is told, unless the script says otherwise, and the provider's own client. */
async function start(batches: BatchOptions = {}, script: Script = echo) {
  clock = began;
  model = await startScriptedModel({ script, batches, now: () => clock, newId: randomUUID });
  const client = new Anthropic({ apiKey: 'test', baseURL: model.url, maxRetries: 0 });
  return { model, client, batches: client.messages.batches };
}

const echo: Script = ({ lastMessage }) => say(`${lastMessage}!`);

afterEach(async () => {
  await model?.close();
});

type Request = Anthropic.Messages.BatchCreateParams.Request;

function request(id: string, params: Partial<Request['params']> = {}): Request {
  const messages = [{ role: 'user' as const, content: `say ${id}` }];
  return { custom_id: id, params: { model: 'claude-sonnet-5', max_tokens: 100, messages, ...params } };
}

function requests(...ids: readonly string[]): { requests: Request[] } {
  return { requests: ids.map((id) => request(id)) };
}

async function resultsOf(client: Anthropic, id: string): Promise<MessageBatchIndividualResponse[]> {
  const results: MessageBatchIndividualResponse[] = [];
  for await (const result of await client.messages.batches.results(id)) results.push(result);
  return results;
}

/** What each came to: its text, or how it failed. */
async function outcomesOf(client: Anthropic, id: string): Promise<Record<string, string>> {
  const results = await resultsOf(client, id);
  return Object.fromEntries(
    results.map(({ custom_id, result }) => {
      if (result.type === 'errored') return [custom_id, result.error.error.type];
      if (result.type !== 'succeeded') return [custom_id, result.type];
      const [block] = result.message.content;
      return [custom_id, block?.type === 'text' ? block.text : ''];
    }),
  );
}

describe('a batch', () => {
  test('is shown as the API shows it, from its creation to its end', async () => {
    const { model, batches } = await start();

    const created = await batches.create(requests('a', 'b'));
    clock = new Date('2026-05-02T15:00:00Z');
    const ended = await batches.retrieve(created.id);

    expect(created).toEqual({
      id: expect.stringMatching(/^msgbatch_[0-9a-f]{24}$/) as string,
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { processing: 2, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
      created_at: '2026-05-02T14:00:00.000Z',
      expires_at: '2026-05-03T14:00:00.000Z',
      ended_at: null,
      archived_at: null,
      cancel_initiated_at: null,
      results_url: null,
    });
    expect(ended).toEqual({
      ...created,
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 2, errored: 0, canceled: 0, expired: 0 },
      ended_at: '2026-05-02T15:00:00.000Z',
      results_url: `${model.url}/v1/messages/batches/${created.id}/results`,
    });
  });

  test('is answered by the script of realtime requests, in whole messages of the batch tier', async () => {
    const { client, batches } = await start();

    const { id } = await batches.create(requests('a', 'b'));
    const [last, first] = await resultsOf(client, id);

    expect(first).toEqual({
      custom_id: 'a',
      result: {
        type: 'succeeded',
        message: {
          id: expect.stringMatching(/^msg_/) as string,
          type: 'message',
          role: 'assistant',
          model: 'claude-sonnet-5',
          content: [{ type: 'text', text: 'say a!' }],
          stop_reason: 'end_turn',
          stop_sequence: null,
          usage: {
            input_tokens: 2,
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 0,
            cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
            output_tokens: 2,
            service_tier: 'batch',
          },
        },
      },
    });
    expect(last?.custom_id).toBe('b');
  });

  test('is billed once, when it ends, and marked as what costs half', async () => {
    const { model, client, batches } = await start();

    const { id } = await batches.create(requests('a', 'b'));
    const before = [...model.bill];
    await Promise.all([batches.retrieve(id), batches.retrieve(id), model.endBatch(id)]);
    const results = await resultsOf(client, id);

    expect(before).toEqual([]);
    expect(model.bill.map(({ isBatch, isSide, isComplete }) => ({ isBatch, isSide, isComplete }))).toEqual(
      Array.from({ length: 2 }, () => ({ isBatch: true, isSide: false, isComplete: true })),
    );
    expect(sumBill(model.bill)).toMatchObject({ input: 4, output: 4 });
    expect(results.flatMap(({ result }) => (result.type === 'succeeded' ? [result.message.id] : []))).toEqual(
      model.bill.map(({ id }) => id).reverse(),
    );
  });

  test('reads what its earlier requests wrote to the cache', async () => {
    const { model, batches } = await start();
    const system = [
      { type: 'text' as const, text: 'r'.repeat(7000), cache_control: { type: 'ephemeral' as const } },
    ];

    await batches.create({ requests: ['a', 'b', 'c'].map((id) => request(id, { system })) });
    await model.endBatch(model.batches()[0]?.id ?? '');

    expect(model.bill.map(({ tokens }) => [tokens.cacheWrite5m, tokens.cacheRead])).toEqual([
      [2000, 0],
      [0, 2000],
      [0, 2000],
    ]);
  });

  test('ends at the poll that the script names, or when it is told to', async () => {
    const { model, batches } = await start({ polls: 3 });
    const statuses: string[] = [];

    const { id } = await batches.create(requests('a'));
    for (let poll = 0; poll < 3; poll += 1) statuses.push((await batches.retrieve(id)).processing_status);
    const other = await batches.create(requests('b'));
    await model.endBatch(other.id);

    expect(statuses).toEqual(['in_progress', 'in_progress', 'ended']);
    expect(model.batches()).toEqual([
      { id, customIds: ['a'], status: 'ended', retrieves: 3 },
      { id: other.id, customIds: ['b'], status: 'ended', retrieves: 0 },
    ]);
  });

  test.each([
    ['given', ['a', 'b', 'c', 'd']],
    ['reversed', ['d', 'c', 'b', 'a']],
    ['shuffled', ['d', 'a', 'c', 'b']],
  ] as const)('gives its results in the order %s', async (order, expected) => {
    const { client, batches } = await start({ order });

    const { id } = await batches.create(requests('a', 'b', 'c', 'd'));
    const results = await resultsOf(client, id);

    expect(results.map(({ custom_id }) => custom_id)).toEqual(expected);
  });

  test('has requests that fail, each in its way, and costs what succeeded', async () => {
    const fates: Partial<Record<string, ReturnType<NonNullable<BatchOptions['results']>>>> = {
      broke: 'errored',
      late: 'expired',
      stopped: 'canceled',
      wrong: { type: 'invalid_request_error', message: 'max_tokens: too large' },
    };
    const { model, client, batches } = await start({ results: (id) => fates[id] ?? 'succeeded' });

    const { id } = await batches.create(requests('fine', 'broke', 'late', 'stopped', 'wrong'));
    const outcomes = await outcomesOf(client, id);
    const { request_counts: counts } = await batches.retrieve(id);

    expect(outcomes).toEqual({
      fine: 'say fine!',
      broke: 'api_error',
      late: 'expired',
      stopped: 'canceled',
      wrong: 'invalid_request_error',
    });
    expect(counts).toEqual({ processing: 0, succeeded: 1, errored: 2, canceled: 1, expired: 1 });
    expect(model.bill).toHaveLength(1);
  });

  test('takes the script’s failures for errors of the request, and a refusal for an answer', async () => {
    const { model, client, batches } = await start({}, [
      failWith(529, 'Overloaded'),
      broken(say('Half of it'), 'drop'),
      { kind: 'silence' },
      refuse('No.'),
    ]);

    const { id } = await batches.create({
      requests: [...requests('a', 'b', 'c', 'd').requests, request('e', { messages: 'none' as never })],
    });

    expect(await outcomesOf(client, id)).toEqual({
      a: 'overloaded_error',
      b: 'api_error',
      c: 'api_error',
      d: 'No.',
      e: 'invalid_request_error',
    });
    expect(model.bill).toHaveLength(1);
  });

  test('that isn’t through after 24 hours expires, and nothing is billed', async () => {
    const { model, client, batches } = await start({ polls: Infinity });

    const { id } = await batches.create(requests('a', 'b'));
    clock = new Date(began.getTime() + 25 * hour);
    const outcomes = await outcomesOf(client, id);
    const [listed] = (await batches.list()).data;

    expect(outcomes).toEqual({ a: 'expired', b: 'expired' });
    expect(listed).toMatchObject({ processing_status: 'ended', ended_at: '2026-05-03T14:00:00.000Z' });
    expect(model.bill).toEqual([]);
  });

  test('keeps its results for 29 days', async () => {
    const { batches } = await start();

    const { id } = await batches.create(requests('a'));
    const { results_url: address } = await batches.retrieve(id);
    clock = new Date(began.getTime() + 29 * 24 * hour);
    const archived = await batches.retrieve(id);
    const download = await fetch(address ?? '');

    expect(archived).toMatchObject({ archived_at: '2026-05-31T14:00:00.000Z', results_url: null });
    expect(download.status).toBe(404);
  });
});

describe('a batch that is canceled', () => {
  test('by the client keeps the answers that were there, and ends with the next polls', async () => {
    const { model, client, batches } = await start({ polls: 2, doneBeforeCancel: (id) => id === 'a' });

    const { id } = await batches.create(requests('a', 'b'));
    const canceled = await batches.cancel(id);
    const again = await batches.cancel(id);
    const [first, second] = [await batches.retrieve(id), await batches.retrieve(id)];

    expect(canceled).toMatchObject({
      processing_status: 'canceling',
      cancel_initiated_at: '2026-05-02T14:00:00.000Z',
      request_counts: { processing: 2 },
    });
    expect(again).toEqual(canceled);
    expect([first, second].map((batch) => batch.processing_status)).toEqual(['canceling', 'ended']);
    expect(await outcomesOf(client, id)).toEqual({ a: 'say a!', b: 'canceled' });
    expect(model.bill).toHaveLength(1);
  });

  test('by a person comes to the client as a surprise', async () => {
    const { model, client, batches } = await start();

    const { id } = await batches.create(requests('a', 'b'));
    await model.cancelBatch(id);

    expect(await outcomesOf(client, id)).toEqual({ a: 'canceled', b: 'canceled' });
    expect(model.bill).toEqual([]);
  });

  test('after its end stays as it is', async () => {
    const { model, batches } = await start();

    const { id } = await batches.create(requests('a'));
    await model.endBatch(id);

    await expect(batches.cancel(id)).rejects.toMatchObject({ status: 400 });
    await expect(model.cancelBatch(id)).rejects.toThrow('has ended');
    expect(await batches.retrieve(id)).toMatchObject({
      processing_status: 'ended',
      cancel_initiated_at: null,
    });
  });
});

describe('the list', () => {
  test('has the newest first, in pages that the client follows in both directions', async () => {
    const { batches } = await start();
    const made: string[] = [];
    for (const id of ['a', 'b', 'c', 'd', 'e']) made.push((await batches.create(requests(id))).id);
    const newestFirst = made.toReversed();

    const page = await batches.list({ limit: 2 });
    const all: string[] = [];
    for await (const batch of batches.list({ limit: 2 })) all.push(batch.id);
    const newer = await batches.list({ limit: 2, before_id: newestFirst[3] ?? '' });
    const last = await batches.list({ after_id: newestFirst[3] ?? '' });

    expect(page.data.map(({ id }) => id)).toEqual(newestFirst.slice(0, 2));
    expect([page.has_more, page.first_id, page.last_id]).toEqual([true, newestFirst[0], newestFirst[1]]);
    expect(all).toEqual(newestFirst);
    expect([newer.data.map(({ id }) => id), newer.has_more]).toEqual([newestFirst.slice(1, 3), true]);
    expect([last.data.map(({ id }) => id), last.has_more]).toEqual([newestFirst.slice(4), false]);
  });

  test('is empty at first, doesn’t end a batch, and forgets what was deleted', async () => {
    const { model, batches } = await start();

    const empty = await batches.list();
    const { id } = await batches.create(requests('a'));
    const running = await batches.list();
    await model.endBatch(id);
    const deleted = await batches.delete(id);

    expect([empty.data, empty.has_more, empty.first_id]).toEqual([[], false, null]);
    expect(running.data.map((batch) => batch.processing_status)).toEqual(['in_progress']);
    expect(deleted).toEqual({ id, type: 'message_batch_deleted' });
    expect((await batches.list()).data).toEqual([]);
    await expect(batches.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  test.each([{ limit: 0 }, { limit: 1001 }, { after_id: 'msgbatch_none' }])(
    'refuses %j',
    async (query: { limit?: number; after_id?: string }) => {
      const { batches } = await start();

      await expect(batches.list(query)).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
    },
  );
});

describe('refused is', () => {
  test.each([
    ['no request at all', [], 'requests: '],
    ['a custom_id given twice', [request('a'), request('b'), request('a')], 'is there twice'],
    ['a custom_id with a slash', [request('a'), request('b/c')], 'requests.1.custom_id: should match'],
    ['an empty custom_id', [request('')], 'requests.0.custom_id: should match'],
    ['a custom_id of 65 characters', [request('x'.repeat(65))], 'requests.0.custom_id: should match'],
    ['streaming', [request('a', { stream: true as never })], 'requests.0.params.stream: '],
    ['warming the cache up', [request('a', { max_tokens: 0 })], 'requests.0.params.max_tokens: '],
  ])('%s', async (_, given, reason) => {
    const { model, batches } = await start();

    await expect(batches.create({ requests: given })).rejects.toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      message: expect.stringContaining(reason) as string,
    });
    expect(model.batches()).toEqual([]);
  });

  test('more than 100,000 requests, and not one less', async () => {
    const { model, batches } = await start();
    const many = Array.from({ length: 100_001 }, (_, index) => request(`${index}`));

    await expect(batches.create({ requests: many })).rejects.toMatchObject({ status: 400 });
    await batches.create({ requests: many.slice(1) });

    expect(model.batches().map(({ customIds }) => customIds.length)).toEqual([100_000]);
  });

  test('whatever is asked of a batch that doesn’t exist', async () => {
    const { model, batches } = await start();
    const asked = ['retrieve', 'cancel', 'delete', 'results'] as const;

    const answers = await Promise.allSettled(asked.map((verb) => batches[verb]('msgbatch_none')));

    expect(answers).toEqual(
      asked.map(() => ({
        status: 'rejected',
        reason: expect.objectContaining({ status: 404, type: 'not_found_error' }) as unknown,
      })),
    );
    await expect(model.endBatch('msgbatch_none')).rejects.toThrow('no batch msgbatch_none');
  });

  test('to delete a batch that is at work, and to give results before its end', async () => {
    const { model, batches } = await start({ polls: Infinity });

    const { id } = await batches.create(requests('a'));
    const download = await fetch(`${model.url}/v1/messages/batches/${id}/results`);

    await expect(batches.delete(id)).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
    await expect(batches.results(id)).rejects.toThrow('No batch `results_url`');
    expect(download.status).toBe(400);
  });
});

describe('a crash test', () => {
  test('loses the answer to a creation, and finds the batch in the list', async () => {
    const { batches } = await start({ create: (number) => (number === 1 ? 'drop' : 'answer') });

    await expect(batches.create(requests('a'))).rejects.toThrow(Anthropic.APIConnectionError);
    const { data } = await batches.list();

    expect(data).toMatchObject([{ processing_status: 'in_progress', request_counts: { processing: 1 } }]);
  });

  test('gets a failure, with and without a batch behind it', async () => {
    const { model, batches } = await start({
      create: (number) => (number === 1 ? failWith(529) : { madeBut: failWith(500) }),
    });

    await expect(batches.create(requests('a'))).rejects.toMatchObject({ status: 529 });
    const afterFirst = model.batches();
    await expect(batches.create(requests('b'))).rejects.toMatchObject({ status: 500 });

    expect(afterFirst).toEqual([]);
    expect(model.batches()).toMatchObject([{ customIds: ['b'], status: 'in_progress' }]);
  });

  test('makes as many batches as the client tries, when it may try again by itself', async () => {
    const { model, client } = await start({ create: (number) => (number === 1 ? 'drop' : 'answer') });

    await client.withOptions({ maxRetries: 1 }).messages.batches.create(requests('a'));

    expect(model.batches()).toHaveLength(2);
  });

  test('fails a poll and a download, and breaks the next download off', async () => {
    const { client, batches } = await start({
      retrieve: (number) => (number === 1 ? failWith(500) : 'answer'),
      download: (number) => [failWith(503), 'drop' as const][number - 1] ?? 'answer',
    });

    const { id } = await batches.create(requests('a', 'b', 'c'));

    await expect(batches.retrieve(id)).rejects.toMatchObject({ status: 500 });
    await expect(resultsOf(client, id)).rejects.toMatchObject({ status: 503 });
    await expect(resultsOf(client, id)).rejects.toThrow();
    expect(Object.keys(await outcomesOf(client, id))).toHaveLength(3);
  });
});
