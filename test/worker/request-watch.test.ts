/** A request that was sent may have been charged for, whatever became of it; it is sent once. */
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ModelMessage } from '../../src/model/usage.js';
import { createApiAgent } from '../../src/worker/api-agent.js';
import type { ProviderTool } from '../../src/worker/bridge.js';
import { toolLoop } from '../../src/worker/tool-loop.js';
import { closedPort } from '../support/closed-port.js';
import { beginStream, sendEvent, sendPings, sendStart, sendText, startRawApi } from '../support/raw-api.js';
import type { RawRequest } from '../support/raw-api.js';
import { makeScratch } from '../support/scratch.js';
import { never, partsAt, runIn } from './scripted.js';

interface Asking {
  readonly signal?: AbortSignal;
  /** With them it is a loop of calls. */
  readonly tools?: readonly ProviderTool[];
  /** Of the loop, ms. */
  readonly timeout?: number;
}

async function ask(url: string, { signal = never, tools = [], timeout = 30_000 }: Asking = {}) {
  await using scratch = await makeScratch();
  const limits = { maxTurns: 8, timeout, maxTokens: 200_000 };
  const parts = partsAt(url, { root: scratch.folder });
  const agent = createApiAgent({ ...parts, calls: toolLoop({ tools }, limits) });
  const place = runIn({ scratch });
  const told: ModelMessage[] = [];
  const { outcome, messages } = await agent.run(
    { ...place, schema: {} },
    (message) => told.push(message),
    signal,
  );
  expect(told).toEqual(messages);
  return { outcome, messages, recovered: await agent.recover(place) };
}

/** What a run comes to, and how often it asked. */
async function askOf(
  send: (response: ServerResponse, request: RawRequest, number: number) => void,
  asking: Asking = {},
) {
  await using api = await startRawApi((request, response) => {
    send(response, request, api.requests.length);
  });
  return { ...(await ask(api.url, asking)), asked: api.requests.length };
}

const look = (run: ProviderTool['run']): ProviderTool => ({
  ...{ name: 'look', input_schema: { type: 'object' }, parse: () => ({}), run },
});
const looking = [look(() => 'seen')];

/** A whole turn that asks for the tool. */
function sendUse(response: ServerResponse): void {
  const block = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };
  const events = [
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ];
  beginStream(response);
  sendStart(response);
  for (const event of events) sendEvent(response, event.type, event);
  response.end();
}

const estimate = [{ id: 'session-1:unanswered', isEstimate: true }];
const secondTurn = [
  { id: 'msg_1', isEstimate: false },
  { id: 'session-1:unanswered', tokens: { input: 107 }, isEstimate: true },
];

describe('our signal', () => {
  it.each<readonly [string, (response: ServerResponse) => void]>([
    ['nothing came', () => undefined],
    [
      'a stream of pings came',
      (response) => {
        beginStream(response);
        sendPings(response);
      },
    ],
  ])('ends a request of which %s, booked as one in flight, as after a kill', async (_, send) => {
    const stopping = new AbortController();

    const { outcome, messages, recovered } = await askOf(
      (response) => {
        send(response);
        stopping.abort();
      },
      { signal: stopping.signal },
    );

    expect(outcome).toEqual({ kind: 'interrupted' });
    expect(messages).toMatchObject(estimate);
    expect(messages).toEqual(recovered.messages);
  });

  it('ends a turn of a loop in the same way, and books nothing between two turns', async () => {
    const [asking, working] = [new AbortController(), new AbortController()];
    const broken = look(() => {
      working.abort();
      return Promise.resolve('too late');
    });

    const asked = await askOf(
      (response, _, number) => {
        if (number === 1) sendUse(response);
        else asking.abort();
      },
      { signal: asking.signal, tools: looking },
    );
    const worked = await askOf(sendUse, { signal: working.signal, tools: [broken] });

    expect(asked.messages).toMatchObject(secondTurn);
    expect(worked.messages).toMatchObject([{ id: 'msg_1', isEstimate: false }]);
  });

  it('books nothing while an error is waited out', async () => {
    const stopping = new AbortController();
    await using api = await startRawApi(({ method }, response) => {
      response.writeHead(529, { 'retry-after': '15' }).end();
      // The error has come when a later question is answered.
      if (method === 'POST')
        void fetch(api.url).then(() => {
          stopping.abort();
        });
    });

    const { outcome, messages } = await ask(api.url, { signal: stopping.signal });

    expect([outcome, messages]).toEqual([{ kind: 'interrupted' }, []]);
  });
});

describe('a connection that is lost', () => {
  it.each([
    ['is closed', (socket: Socket) => socket.destroy(), 'other side closed'],
    ['is reset', (socket: Socket) => socket.resetAndDestroy(), 'read ECONNRESET'],
  ])('before an answer and %s is one request, booked as one in flight', async (_, lose, why) => {
    const { outcome, messages, asked } = await askOf((response) => {
      if (response.socket !== null) lose(response.socket);
    });

    expect(outcome).toEqual({
      ...{ kind: 'waiting', reason: 'network', retryAt: null },
      detail: `the API doesn’t answer: the connection was lost after the request was sent (${why})`,
    });
    expect(messages).toMatchObject(estimate);
    expect(asked).toBe(1);
  });

  it('after the headers, and before any event, is as well', async () => {
    const { outcome, messages, asked } = await askOf((response) => {
      beginStream(response);
      setImmediate(() => response.destroy());
    });

    expect(outcome).toMatchObject({ kind: 'waiting', reason: 'network' });
    expect(messages).toMatchObject(estimate);
    expect(asked).toBe(1);
  });

  it('in a loop ends it, with the turn before exact', async () => {
    const { outcome, messages, asked } = await askOf(
      (response, _, number) => {
        if (number === 1) sendUse(response);
        else response.destroy();
      },
      { tools: looking },
    );

    expect(outcome).toMatchObject({ kind: 'waiting', reason: 'network' });
    expect(messages).toMatchObject(secondTurn);
    expect(asked).toBe(2);
  });

  it('and was never there costs nothing', async () => {
    const resetting = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => resetting.listen(0, '127.0.0.1', resolve));
    const { port } = resetting.address() as AddressInfo; // a TCP server that listens has one
    const nobody = `http://127.0.0.1:${await closedPort()}`;
    const urls = [nobody, nobody.replace('127.0.0.1', 'nobody.invalid'), `https://127.0.0.1:${port}`];

    const ends = await Promise.all(urls.map((url) => ask(url)));
    resetting.close();

    for (const { outcome, messages } of ends)
      expect([outcome, messages]).toMatchObject([{ kind: 'waiting', reason: 'network' }, []]);
  }, 20_000);
});

describe('nothing is booked', () => {
  it('for an error, sent again when it is over', async () => {
    const { outcome, messages, asked } = await askOf((response, _, number) => {
      if (number === 1) {
        response.writeHead(529, { 'retry-after-ms': '20' }).end();
        return;
      }
      beginStream(response);
      sendStart(response);
      sendText(response, '{}');
      response.end();
    });

    expect(outcome.kind).toBe('completed');
    expect(messages).toMatchObject([{ id: 'msg_1', isEstimate: false }]);
    expect(asked).toBe(2);
  });

  it('for a stream that is one event, an error', async () => {
    const error = { type: 'overloaded_error', message: 'Busy' };

    const { outcome, messages } = await askOf((response) => {
      beginStream(response);
      sendEvent(response, 'error', { type: 'error', error });
      response.end();
    });

    expect([outcome, messages]).toMatchObject([{ kind: 'waiting', reason: 'overloaded' }, []]);
  });

  it('for what is no stream', async () => {
    const { messages } = await askOf((response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    });

    expect(messages).toEqual([]);
  });
});

it('the time of a loop books the turn that it cut short before anybody answered', async () => {
  const { outcome, messages } = await askOf(
    (response, _, number) => {
      if (number === 1) sendUse(response);
    },
    { tools: looking, timeout: 300 },
  );

  expect(outcome).toMatchObject({ kind: 'failed', failure: 'wall_timeout' });
  expect(messages).toMatchObject(secondTurn);
});
