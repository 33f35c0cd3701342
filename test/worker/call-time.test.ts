/** No call takes longer than worker.timeout, whatever the API sends or leaves out. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AgentRun } from '../../src/model/agent.js';
import type { ModelMessage } from '../../src/model/usage.js';
import { createApiAgent } from '../../src/worker/api-agent.js';
import type { BatchResult } from '../../src/model/batch.js';
import type { WorkerParts } from '../../src/worker/client.js';
import { createWorker } from '../../src/worker/worker.js';
import { closedPort } from '../support/closed-port.js';
import {
  beginStream,
  sendJson,
  sendPings,
  sendStart,
  sendText,
  shownBatch,
  startRawApi,
} from '../support/raw-api.js';
import type { RawApi, RawRequest } from '../support/raw-api.js';
import { makeScratch } from '../support/scratch.js';
import { never, partsAt, runIn } from './scripted.js';

const schema = { type: 'object' };
const within = (ms: number, { surroundings, config }: WorkerParts): WorkerParts => ({
  surroundings,
  config: { ...config, worker: { ...config.worker, timeout: ms } },
});

interface Asking {
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly run?: Partial<AgentRun>;
}

/** One run of the worker's model. */
async function ask(url: string, { timeout = 300, signal = never, run = {} }: Asking = {}) {
  await using scratch = await makeScratch();
  const agent = createApiAgent(within(timeout, partsAt(url, { root: scratch.folder })));
  const place = runIn({ scratch });
  const told: ModelMessage[] = [];
  const { outcome, messages } = await agent.run(
    { ...place, schema, ...run },
    (message) => told.push(message),
    signal,
  );
  return { outcome, messages, told, recovered: await agent.recover(place) };
}

const answerWith = (send: (response: ServerResponse, request: RawRequest) => void): Promise<RawApi> =>
  startRawApi((request, response) => {
    send(response, request);
  });

const late = {
  ...{ kind: 'waiting', reason: 'network', retryAt: null },
  detail: 'the API doesn’t answer: no whole answer within 0.3 s (worker.timeout)',
};

describe('the time of a call', () => {
  it.each<readonly [string, (response: ServerResponse) => void]>([
    ['nothing more comes', () => undefined],
    ['nothing but pings comes', sendPings],
  ])('ends an answer that has begun and of which %s, and books it as one that broke off', async (_, then) => {
    await using api = await answerWith((response) => {
      beginStream(response);
      sendStart(response);
      then(response);
    });

    const { outcome, messages, told } = await ask(api.url);

    expect(outcome).toEqual(late);
    expect(messages).toMatchObject([{ id: 'msg_1', tokens: { input: 100 }, isEstimate: true }]);
    expect(told).toEqual(messages);
    expect(api.requests).toHaveLength(1);
  });

  it('ends a request that nobody answers, asked once and booked as one in flight', async () => {
    await using api = await answerWith(() => undefined);

    const { outcome, messages, told, recovered } = await ask(api.url);

    expect(outcome).toEqual(late);
    expect(messages).toMatchObject([{ id: 'session-1:unanswered', isEstimate: true }]);
    expect(messages).toEqual(told);
    expect(messages).toEqual(recovered.messages);
    expect(api.requests).toHaveLength(1);
  });

  it('ends a stream of pings before any answer, booked as one in flight', async () => {
    await using api = await answerWith((response) => {
      beginStream(response);
      sendPings(response);
    });

    const { outcome, messages } = await ask(api.url);

    expect(outcome).toEqual(late);
    expect(messages).toMatchObject([{ id: 'session-1:unanswered' }]);
  });

  it('counts over all tries of the client', async () => {
    await using api = await answerWith((response) => {
      response.writeHead(503, { 'retry-after-ms': '150' }).end();
    });

    const { outcome } = await ask(api.url, { timeout: 100 });

    expect(outcome).toMatchObject({ kind: 'waiting', reason: 'network' });
    expect(api.requests).toHaveLength(1);
  });

  it('takes nothing from an answer that is whole when the stream isn’t closed', async () => {
    await using api = await answerWith((response) => {
      beginStream(response);
      sendStart(response);
      sendText(response, '{"results":[]}');
    });

    const { outcome, messages } = await ask(api.url);

    expect(outcome).toMatchObject({ kind: 'completed', structured: { results: [] } });
    expect(messages).toMatchObject([{ tokens: { input: 100, output: 9 }, isEstimate: false }]);
  });

  it('is another matter than our signal', async () => {
    const stopping = new AbortController();
    await using api = await answerWith((response) => {
      beginStream(response);
      sendStart(response);
      sendPings(response);
    });
    const stop = (): void => {
      stopping.abort();
    };

    const { outcome } = await ask(api.url, {
      ...{ timeout: 5000, signal: stopping.signal, run: { onAnswering: stop } },
    });

    expect(outcome).toEqual({ kind: 'interrupted' });
  });

  it('books nothing for what was never sent, or was answered with an error', async () => {
    await using refusing = await answerWith((response) => {
      response.writeHead(529, { 'x-should-retry': 'false' }).end();
    });

    const nobody = await ask(`http://127.0.0.1:${await closedPort()}`, { timeout: 20_000 });
    const refused = await ask(refusing.url);

    expect([nobody.outcome, nobody.messages]).toMatchObject([{ kind: 'waiting', reason: 'network' }, []]);
    expect([refused.outcome, refused.messages]).toMatchObject([
      { kind: 'waiting', reason: 'overloaded' },
      [],
    ]);
  });
});

describe('what is asked beside calls', () => {
  const batch = { id: 'msgbatch_1', requests: [], createdAt: '2026-05-02T14:00:00Z' };
  /** The headers and the beginning of an answer, and then nothing. */
  const stall = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
  };
  const batchesAt = (api: RawApi, timeout: number) =>
    createWorker(within(timeout, partsAt(api.url, { root: '/' }))).batches;

  it.each<readonly [string, (batches: ReturnType<typeof batchesAt>) => Promise<unknown>]>([
    ['a submission', (batches) => batches.submit([], never)],
    ['a look at the list', (batches) => batches.find({ since: new Date(), requests: 1 }, never)],
    ['a look at a batch', (batches) => batches.state('msgbatch_1', never)],
    ['a cancellation', (batches) => batches.cancel('msgbatch_1', never)],
    ['a download', (batches) => batches.results('msgbatch_1', () => Promise.resolve(), never)],
  ])('ends as well: %s', async (_, work) => {
    await using api = await answerWith(stall);

    await expect(work(batchesAt(api, 300))).rejects.toMatchObject({
      ...{ code: 'wait', waitsFor: 'network', message: late.detail },
    });
  });

  it('a count of tokens that stalls is done without', async () => {
    await using api = await answerWith(stall);
    await using scratch = await makeScratch();
    const lines: string[] = [];
    const parts = within(300, partsAt(api.url, { root: scratch.folder, lines }));

    const tokens = await createWorker(parts).countPrefix({ model: 'haiku', parts: ['Rules.'] }, never);

    expect(tokens).toBeNull();
    expect(lines).toEqual(['the API doesn’t count tokens: no whole answer within 0.3 s (worker.timeout)']);
  });

  it('a download may take longer than a call, and no wait for the next result may', async () => {
    const results = async (response: ServerResponse, ends: boolean): Promise<void> => {
      response.writeHead(200);
      for (let line = 1; line <= 5; line += 1) {
        response.write(`${JSON.stringify({ custom_id: `${line}`, result: { type: 'expired' } })}\n`);
        await delay(150);
      }
      if (ends) response.end();
    };
    let downloads = 0;
    await using api = await startRawApi(({ path }, response) => {
      if (path.endsWith('/results')) void results(response, (downloads += 1) === 1);
      else sendJson(response, shownBatch(api.url, batch, true));
    });
    const seen: string[] = [];
    const take = ({ customId }: BatchResult): Promise<void> => {
      seen.push(customId);
      return Promise.resolve();
    };

    await batchesAt(api, 400).results('msgbatch_1', take, never);
    const stalling = batchesAt(api, 400).results('msgbatch_1', take, never);

    await expect(stalling).rejects.toMatchObject({ code: 'wait', waitsFor: 'network' });
    expect(seen).toEqual(['1', '2', '3', '4', '5']);
  });

  it('our signal ends it as itself', async () => {
    await using api = await answerWith(stall);
    const stopping = new AbortController();

    const asking = batchesAt(api, 5000).state('msgbatch_1', stopping.signal);
    stopping.abort(new Error('stopped by hand'));

    await expect(asking).rejects.toThrow('stopped by hand');
  });
});
