/** What no API should say: a wait, and never an error of ours. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createApiAgent } from '../../src/worker/api-agent.js';
import type { BatchResult } from '../../src/model/batch.js';
import { openBridge } from '../../src/worker/bridge.js';
import { toolLoop } from '../../src/worker/tool-loop.js';
import { createWorker } from '../../src/worker/worker.js';
import {
  beginStream,
  sendEvent,
  sendHtml,
  sendJson,
  sendStart,
  shownBatch,
  startRawApi,
} from '../support/raw-api.js';
import { makeScratch } from '../support/scratch.js';
import { never, partsAt, runIn } from './scripted.js';

const own = {
  definition: { name: 'greet', description: '', inputSchema: { type: 'object' as const } },
  call: () => Promise.resolve({ text: 'hello' }),
};

/** What a call, or a loop with tools, comes to. */
function outcomeOf(send: (response: ServerResponse) => void, hasTools: boolean): Promise<unknown> {
  const stream = (response: ServerResponse): void => {
    beginStream(response);
    send(response);
    response.end();
  };
  return outcomeOfAnswer(stream, hasTools);
}

/** The same of an answer that need not be a stream. */
async function outcomeOfAnswer(
  send: (response: ServerResponse) => void,
  hasTools: boolean,
): Promise<unknown> {
  await using scratch = await makeScratch();
  await using api = await startRawApi((_, response) => {
    send(response);
  });
  await using bridge = await openBridge({ servers: {}, own: [own], env: {}, cwd: '/', version: '1' }, never);
  const limits = { maxTurns: 8, timeout: 30_000, maxTokens: 200_000 };
  const parts = partsAt(api.url, { root: scratch.folder });
  const agent = createApiAgent({ ...parts, ...(hasTools ? { calls: toolLoop(bridge, limits) } : {}) });
  const place = runIn({ scratch });
  const report = await agent.run({ ...place, schema: {} }, () => undefined, never);
  return report.outcome;
}

describe.each([
  ['one call', false],
  ['a loop with tools', true],
])('a stream that can’t be read, in %s,', (_, hasTools) => {
  it.each<readonly [string, (response: ServerResponse) => void]>([
    [
      'because an event is torn',
      (response) => {
        sendEvent(response, 'message_start', '{"type": "message_start", broken');
      },
    ],
    [
      'because a later event is torn',
      (response) => {
        sendStart(response);
        sendEvent(response, 'content_block_delta', '{"type":');
      },
    ],
    [
      'because an event is no object',
      (response) => {
        sendEvent(response, 'message_start', 'null');
      },
    ],
  ])('is a wait: %s', async (_what, send) => {
    expect(await outcomeOf(send, hasTools)).toMatchObject({
      ...{ kind: 'waiting', reason: 'network', retryAt: null },
      detail: expect.stringMatching(/^the API’s answer can’t be read: ./) as unknown,
    });
  });

  it('has our own words for an event that is none within an answer', async () => {
    const send = (response: ServerResponse): void => {
      sendStart(response);
      sendEvent(response, 'content_block_delta', 'null');
    };

    expect(await outcomeOf(send, hasTools)).toMatchObject({
      ...{ kind: 'waiting', reason: 'network' },
      detail: expect.stringMatching(
        /: an event of it (?:is no object|has no shape that is known)$/,
      ) as unknown,
    });
  });

  const words = (type: string, body: string) => (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': type }).end(body);
  };
  it.each<readonly [string, (response: ServerResponse) => void, string]>([
    ['a page', sendHtml, 'it begins with “<html>Log in</html>”'],
    [
      'a long page',
      words('text/html', `\u001b[31m<html>\n\n${'word '.repeat(900)}`),
      `it begins with “[31m<html> ${'word '.repeat(13)}wor…”`,
    ],
    ['JSON', words('application/json', '{"type":"error"}'), 'it begins with “{"type":"error"}”'],
    ['nothing', words('text/event-stream', ''), 'it is empty'],
    ['no content', (response) => response.writeHead(204).end(), 'it is empty'],
  ])('says what came where it is no stream: %s', async (_what, send, seen) => {
    expect(await outcomeOfAnswer(send, hasTools)).toEqual({
      ...{ kind: 'waiting', reason: 'network', retryAt: null },
      detail: `the API’s answer can’t be read: it isn’t a stream of events: ${seen}`,
    });
  });

  it.each([
    [
      'overloaded_error',
      'Busy',
      { kind: 'waiting', reason: 'overloaded', detail: 'the API broke off: Busy' },
    ],
    ['api_error', 'Oops', { kind: 'waiting', reason: 'overloaded', detail: 'the API broke off: Oops' }],
    [
      'rate_limit_error',
      'Slow',
      { kind: 'waiting', reason: 'rate_limit', detail: 'the API’s rate limit: Slow' },
    ],
    ['authentication_error', 'Old key', { kind: 'not_ready', detail: 'the API refuses the key: Old key' }],
    ['permission_error', 'Not you', { kind: 'not_ready', detail: 'the API refuses the key: Not you' }],
    ['invalid_request_error', 'prompt is too long', { kind: 'failed', failure: 'prompt_too_long' }],
  ])('says why in an event of its own: %s', async (type, message, outcome) => {
    const send = (response: ServerResponse): void => {
      sendStart(response);
      sendEvent(response, 'error', { type: 'error', error: { type, message } });
    };

    expect(await outcomeOf(send, hasTools)).toMatchObject(outcome);
  });
});

const batch = {
  ...{ id: 'msgbatch_1', createdAt: '2026-05-02T14:00:00Z' },
  requests: [{ custom_id: 'a', params: {} }],
};
const shown = shownBatch('http://127.0.0.1:1', batch, true);

const sending =
  (body: unknown) =>
  (response: ServerResponse): void => {
    sendJson(response, body);
  };

/** The answers that are no batch. */
const noBatches: readonly (readonly [string, (response: ServerResponse) => void, string])[] = [
  ['a page', sendHtml, 'it is no JSON object'],
  ['another object', sending({ hello: 1 }), 'id: invalid input: expected string, received undefined'],
  ['an empty id', sending({ ...shown, id: '' }), 'id: no id'],
  ['an id of several lines', sending({ ...shown, id: 'a\nb' }), 'id: no id'],
  [
    'no date',
    sending({ ...shown, created_at: undefined }),
    'created_at: invalid input: expected string, received undefined',
  ],
  [
    'no counts',
    sending({ ...shown, request_counts: null }),
    'request_counts: invalid input: expected object, received null',
  ],
  [
    'a state that nobody knows',
    sending({ ...shown, processing_status: 'napping' }),
    'processing_status: invalid option: expected one of "in_progress"|"canceling"|"ended"',
  ],
];

const batchesAt = (url: string) => createWorker(partsAt(url, { root: '/' })).batches;
const waitFor = (message: string) => ({ code: 'wait', waitsFor: 'network', message });

describe.each(noBatches)('no batch but %s', (_, send, issue) => {
  it('submits nothing that anybody knows of, and is asked for once', async () => {
    await using api = await startRawApi((_request, response) => {
      send(response);
    });

    await expect(batchesAt(api.url).submit([], never)).rejects.toMatchObject(
      waitFor(`the API’s answer can’t be read: it isn’t a batch: ${issue}`),
    );
    expect(api.requests).toHaveLength(1);
  });

  it('tells nothing of how a batch stands', async () => {
    await using api = await startRawApi((_request, response) => {
      send(response);
    });

    await expect(batchesAt(api.url).state('msgbatch_1', never)).rejects.toMatchObject({ code: 'wait' });
  });
});

it.each([
  ['a page', sendHtml],
  [
    'an object without a list',
    (response: ServerResponse) => {
      sendJson(response, {});
    },
  ],
  [
    'a list of something else',
    (response: ServerResponse) => {
      sendJson(response, { data: [{}] });
    },
  ],
])('is no list without our batch: %s', async (_, send) => {
  await using api = await startRawApi((_request, response) => {
    send(response);
  });

  const finding = batchesAt(api.url).find({ since: new Date(0), requests: 1 }, never);

  await expect(finding).rejects.toMatchObject({
    ...{ code: 'wait', waitsFor: 'network' },
    message: expect.stringContaining('can’t be read: it isn’t a list of batches: ') as unknown,
  });
});

it('reads the list page by page', async () => {
  const pages = [
    { data: [{ ...shown, id: 'c' }], has_more: true, last_id: 'c' },
    { data: [{ ...shown, id: 'b' }], has_more: true },
    { data: [{ ...shown, id: 'a' }], has_more: false, last_id: 'a' },
  ];
  await using api = await startRawApi((_, response) => {
    sendJson(response, pages[api.requests.length - 1]);
  });

  const found = await batchesAt(api.url).find({ since: new Date(0), requests: 1 }, never);

  expect(found.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  expect(api.requests.map(({ path }) => path)).toEqual([
    '/v1/messages/batches?limit=100',
    '/v1/messages/batches?limit=100&after_id=c',
    '/v1/messages/batches?limit=100&after_id=b',
  ]);
});

describe('results', () => {
  const line = (customId: string, result: unknown): string => JSON.stringify({ custom_id: customId, result });

  /** What is handed on of a download. */
  async function download(text: string, state: object = {}): Promise<readonly BatchResult[]> {
    await using api = await startRawApi(({ path }, response) => {
      if (path.endsWith('/results')) response.writeHead(200).end(text);
      else sendJson(response, { ...shownBatch(api.url, batch, true), ...state });
    });
    const results: BatchResult[] = [];
    const take = (result: BatchResult): Promise<void> => {
      results.push(result);
      return Promise.resolve();
    };
    await batchesAt(api.url).results('msgbatch_1', take, never);
    return results;
  }

  it('that can’t be used are errors of the API’s, and keep nobody from the others', async () => {
    const lines = [
      line('a', { type: 'paused' }),
      line('b', { type: 'errored', error: null }),
      line('c', { type: 'succeeded', message: null }),
      line('d', null),
      JSON.stringify({ custom_id: 'e' }),
      line('f', { type: 'expired' }),
    ];

    const results = await download(`${lines.join('\n')}\n`);

    const reason = expect.stringMatching(/^its result can’t be read: ./) as unknown;
    const errored = { kind: 'errored', isRequestsFault: false, isTooLong: false, reason };
    expect(results).toEqual([
      ...['a', 'b'].map((customId) => ({ customId, ...errored })),
      // It was billed.
      {
        customId: 'c',
        kind: 'unreadable',
        reason: expect.stringMatching(/^its message can’t be read: ./) as unknown,
      },
      ...['d', 'e'].map((customId) => ({ customId, ...errored })),
      { customId: 'f', kind: 'expired' },
    ]);
  });

  it.each([`${line('a', { type: 'expired' })}\n{"hello":1}\n`, `null\n${line('a', { type: 'expired' })}\n`])(
    'of which a line names nobody are those of the others: %j',
    async (text) => {
      expect(await download(text)).toEqual([{ customId: 'a', kind: 'expired' }]);
    },
  );

  it('that are refused for want of credit are no fault of the requests', async () => {
    const error = { type: 'invalid_request_error', message: 'Your credit balance is too low.' };

    const results = await download(line('a', { type: 'errored', error: { type: 'error', error } }));

    expect(results).toMatchObject([{ kind: 'errored', isRequestsFault: false }]);
  });

  const good = line('a', { type: 'expired' });
  it.each([
    ['end within a line', `${good}\n${good.slice(0, -9)}`],
    ['have a line that is torn', `{"custom_id": broken\n${good}\n`],
    ['are a page', '<html>Log in</html>'],
  ])('are waited for where they %s', async (_, text) => {
    await expect(download(text)).rejects.toMatchObject({
      ...{ code: 'wait', waitsFor: 'network' },
      message: expect.stringMatching(/^the API’s answer can’t be read: ./) as unknown,
    });
  });

  it('are waited for where an ended batch doesn’t say where they are', async () => {
    await expect(download(good, { results_url: null })).rejects.toMatchObject({
      ...{ code: 'wait', waitsFor: 'network' },
    });
  });
});

it('an endpoint that counts in words doesn’t count', async () => {
  await using scratch = await makeScratch();
  await using api = await startRawApi((_, response) => {
    sendJson(response, { input_tokens: 'many' });
  });
  const lines: string[] = [];
  const worker = createWorker(partsAt(api.url, { root: scratch.folder, lines }));

  expect(await worker.countPrefix({ model: 'haiku', parts: ['Rules.'] }, never)).toBeNull();
  expect(lines).toEqual([
    'the API doesn’t count tokens: it isn’t a count of tokens: input_tokens: invalid input: expected number, received string',
  ]);
});
