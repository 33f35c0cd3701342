/** An API that stalls, or says what no API should: the built program waits, and goes on where it was. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { guideConfig, guideFiles } from '../../support/guide.js';
import {
  beginStream,
  sendEvent,
  sendHtml,
  sendJson,
  sendPings,
  sendStart,
  sendText,
  shownBatch,
  startRawApi,
} from '../../support/raw-api.js';
import type { RawApi, RawBatch, RawRequest } from '../../support/raw-api.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const isCount = ({ path }: RawRequest): boolean => path.endsWith('/count_tokens');
const files = guideFiles({ pages: 1, paragraphs: 4 });

interface Setting {
  readonly worker: string;
  readonly more?: string;
}

/** A guide whose worker asks there; tokens are counted. */
async function worldAt(
  answer: (request: RawRequest, response: ServerResponse) => void,
  { worker, more = '' }: Setting,
) {
  const api = await startRawApi((request, response) => {
    if (isCount(request)) sendJson(response, { input_tokens: 100 });
    else answer(request, response);
  });
  const world = await makeWorld({
    files,
    config: guideConfig({ worker, more }),
    env: { ANTHROPIC_BASE_URL: api.url },
  });
  const dispose = async (): Promise<void> => {
    await world[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  };
  return { api, world, [Symbol.asyncDispose]: dispose };
}

async function booked(world: World): Promise<unknown> {
  const { document } = await world.regen(['cost', '--json']);
  return (document as { readonly total: { readonly usage: unknown } }).total.usage;
}

describe('a stream that stalls', () => {
  const stall = (_: RawRequest, response: ServerResponse): void => {
    beginStream(response);
    sendStart(response);
    sendPings(response);
  };
  const late = 'the API doesn’t answer: no whole answer within 1.0 s (worker.timeout)';

  it('ends the step after worker.timeout, which is waited for and booked', async () => {
    await using place = await worldAt(stall, { worker: 'timeout: 1s' });
    const { world } = place;
    await world.regen(['plan', 'guide']);

    const step = await world.regen(['--json']);

    const reason = expect.stringContaining(late) as unknown;
    expect(step).toMatchObject({ exitCode: 75, document: { outcome: 'waiting', reason } });
    expect(await booked(world)).toMatchObject({ requests: 1, input: 100 });
    expect(await world.read('.regen/lock')).toBeNull();
  });

  it('ends the question of the classifier', async () => {
    const more = 'routing: { models: [haiku, sonnet], classify: always }\n';
    await using place = await worldAt(stall, { worker: 'timeout: 1s', more });

    const step = await place.world.regen(['plan', 'guide', '--json']);

    expect(step.exitCode).toBe(75);
    expect(step.stdout + step.stderr).toContain(late);
    expect(await place.world.read('.regen-plan.md')).toBeNull();
  });

  it('ends a call of the bench, which asks again', async () => {
    let calls = 0;
    const first = (request: RawRequest, response: ServerResponse): void => {
      calls += 1;
      if (calls === 1) {
        stall(request, response);
        return;
      }
      beginStream(response);
      sendStart(response, 'msg_2');
      sendText(response, '{"results":[{"id":"1","result":"x"}]}');
      response.end();
    };
    await using place = await worldAt(first, { worker: 'timeout: 1s' });
    await place.world.write({ 'set.jsonl': '{"id":"a","text":"t","expected":"x"}\n' });

    const bench = await place.world.regen(['bench', 'packing', '--set', 'set.jsonl', '--sizes', '1']);

    expect(bench.exitCode, bench.stderr).toBe(0);
    expect(bench.stderr).toContain(`${late}; asks again in 2.0 s`);
  });
});

it('an account without credit is the environment’s matter', async () => {
  const message = 'Your credit balance is too low to access the Anthropic API.';
  await using place = await worldAt(
    (_, response) => {
      sendJson(response, { type: 'error', error: { type: 'invalid_request_error', message } }, 400);
    },
    { worker: '' },
  );
  await place.world.regen(['plan', 'guide']);

  const step = await place.world.regen([]);

  expect(step.exitCode).toBe(3);
  expect(step.stderr).toContain(message);
});

it('a stream that is torn is waited for, and asked for again', async () => {
  let calls = 0;
  await using place = await worldAt(
    (_, response) => {
      calls += 1;
      beginStream(response);
      sendStart(response);
      sendEvent(response, 'content_block_delta', '{"type": broken');
      response.end();
    },
    { worker: '' },
  );
  await place.world.regen(['plan', 'guide']);

  const first = await place.world.regen(['--json']);
  const second = await place.world.regen(['--json', '--no-wait-state']);

  const reason = expect.stringMatching(/^the API’s answer can’t be read: /) as unknown;
  expect(first).toMatchObject({ exitCode: 75, document: { outcome: 'waiting', reason } });
  expect(second.exitCode).toBe(75);
  expect(calls).toBe(2);
});

describe('batches', () => {
  interface Script {
    /** By the number of the creation, from 1. */
    readonly created?: (number: number, response: ServerResponse) => boolean;
    /** The text of the results, by the number of the download. */
    readonly results?: (text: string, number: number) => string;
    /** Whether the API has nothing of a batch any more, after so many downloads. */
    readonly gone?: (downloads: number) => boolean;
  }

  /** An API whose batches have ended when they are first asked for. */
  function batchApi({ created = () => false, results = (text) => text, gone = () => false }: Script) {
    const batches: RawBatch[] = [];
    const told = { creations: 0, downloads: 0 };
    const answer = ({ method, path, body }: RawRequest, response: ServerResponse, api: RawApi): void => {
      if (method === 'POST') {
        const { requests } = body as Pick<RawBatch, 'requests'>; // regen sends no other
        const batch = {
          ...{ id: `msgbatch_${batches.length + 1}`, requests },
          createdAt: new Date().toISOString(),
        };
        batches.push(batch);
        told.creations += 1;
        if (!created(told.creations, response)) sendJson(response, shownBatch(api.url, batch, false));
        return;
      }
      const asked = batches.find(({ id }) => path.includes(id));
      if (asked === undefined) {
        const data = batches.map((batch) => shownBatch(api.url, batch, true));
        sendJson(response, { data: data.reverse(), has_more: false });
      } else if (path.endsWith('/results')) {
        told.downloads += 1;
        response.writeHead(200).end(results(asked.requests.map(resultLine).join(''), told.downloads));
      } else if (gone(told.downloads)) {
        sendJson(response, { type: 'error', error: { type: 'not_found_error', message: 'gone' } }, 404);
      } else sendJson(response, shownBatch(api.url, asked, true));
    };
    return { told, answer };
  }

  function resultLine({ custom_id, params }: RawBatch['requests'][number]): string {
    const { messages } = params as { readonly messages: readonly { readonly content: string }[] };
    const blocks = (messages.at(-1)?.content ?? '').matchAll(/<block id="(\d+)"[^>]*>\n(.*)\n<\/block>/g);
    const results = Array.from(blocks, ([, id = '', text = '']) => ({ id, result: `${text} Once.` }));
    const text = JSON.stringify({ results });
    const message = {
      ...{ id: `msg_${custom_id}`, type: 'message', role: 'assistant', model: 'claude-haiku-5-5' },
      ...{ content: [{ type: 'text', text }], stop_reason: 'end_turn' },
      usage: { input_tokens: 100, output_tokens: 50 },
    };
    return `${JSON.stringify({ custom_id, result: { type: 'succeeded', message } })}\n`;
  }

  async function batchWorldOf(script: Script) {
    const { told, answer } = batchApi(script);
    const place: Awaited<ReturnType<typeof worldAt>> = await worldAt(
      (request, response) => {
        answer(request, response, place.api);
      },
      { worker: 'mode: batch, count: 2, poll: 1s, prewarm: false' },
    );
    await place.world.regen(['plan', 'guide']);
    return { told, ...place, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
  }

  /** Until all is shipped; each step’s exit code. */
  async function exitCodes(world: World): Promise<readonly (number | undefined)[]> {
    const codes: (number | undefined)[] = [];
    while (codes.length < 6 && (await world.read('.regen-plan.md'))?.includes('- [x]') !== true) {
      codes.push((await world.regen(['--no-wait-state'])).exitCode);
    }
    return codes;
  }

  it.each<readonly [string, (response: ServerResponse) => void]>([
    ['a page of a gateway', sendHtml],
    [
      'an object without an id',
      (response) => {
        sendJson(response, { hello: 1 });
      },
    ],
  ])('one whose creation was answered with %s is found again, and not paid twice', async (_, send) => {
    await using place = await batchWorldOf({
      created: (number, response) => {
        if (number === 1) send(response);
        return number === 1;
      },
    });
    const { told, world } = place;

    const first = await world.regen(['--json']);
    const between = await world.read('.regen-plan.md');
    const codes = await exitCodes(world);

    const reason = expect.stringContaining('can’t be read: it isn’t a batch') as unknown;
    expect(first).toMatchObject({ exitCode: 75, document: { outcome: 'waiting', reason } });
    expect(between?.match(/^- \[ \] page/gm)).toHaveLength(4);
    expect(codes).toEqual([0]);
    expect(told.creations).toBe(1);
    expect(await booked(world)).toMatchObject({ requests: 2, input: 200 });
  });

  it('one whose results end within a line is taken when they are whole', async () => {
    await using place = await batchWorldOf({
      results: (text, number) => (number <= 2 ? text.slice(0, -40) : text),
    });

    const codes = await exitCodes(place.world);

    expect(codes).toEqual([75, 75, 75, 0]);
    expect(place.told).toEqual({ creations: 1, downloads: 3 });
    expect(await booked(place.world)).toMatchObject({ requests: 2, input: 200 });
  });

  it.each([
    ['empty', 0],
    ['one line short', 1],
  ])('one whose results are %s is looked for again, since they were paid for', async (_, lines) => {
    await using place = await batchWorldOf({
      results: (text, number) =>
        number <= 2
          ? text
              .split('\n')
              .slice(0, lines)
              .map((line) => `${line}\n`)
              .join('')
          : text,
    });

    const codes = await exitCodes(place.world);
    await place.world.regen(['--no-wait-state']);

    expect(codes).toEqual([75, 75, 75, 0]);
    expect(place.told).toEqual({ creations: 1, downloads: 3 });
    expect((await place.world.read('.regen-plan.md'))?.match(/^- \[x\] page/gm)).toHaveLength(4);
    expect(await booked(place.world)).toMatchObject({ requests: 2, input: 200 });
  });

  it('one that is gone between two downloads fails what had no result, and ships the rest', async () => {
    await using place = await batchWorldOf({
      results: (text) => `${text.split('\n')[0] ?? ''}\n`,
      gone: (downloads) => downloads === 1,
    });
    const { world } = place;
    await world.regen(['--no-wait-state']);
    const short = await world.regen(['--no-wait-state']);

    const step = await world.regen(['--json', '--no-wait-state']);

    expect(short.exitCode).toBe(75);
    expect(step).toMatchObject({ exitCode: 1, document: { outcome: 'failed', remaining: 0 } });
    const plan = (await world.read('.regen-plan.md')) ?? '';
    expect(plan.match(/^- \[x\] page/gm)).toHaveLength(2);
    expect(plan.match(/^- \[!\] page/gm)).toHaveLength(2);
  });

  it('one that goes on lacking a result is believed at the third time', async () => {
    await using place = await batchWorldOf({
      results: (text, number) => (number <= 3 ? `${text.split('\n')[0] ?? ''}\n` : text),
    });

    const codes = await exitCodes(place.world);

    expect(codes).toEqual([75, 75, 75, 0]);
    expect(place.told.downloads).toBe(3);
    await place.world.regen(['--no-wait-state']);
    expect(place.told.creations).toBe(2);
  });

  it('one with a message that can’t be read is nobody’s fault, and what it took is estimated', async () => {
    await using place = await batchWorldOf({
      results: (text, number) =>
        number === 1 ? text.replace(/"message":.*$/m, '"message":{"foo":1}}}') : text,
    });
    const { world, told } = place;

    await exitCodes(world);
    const halfway = (await world.read('.regen-plan.md')) ?? '';
    await world.regen(['--no-wait-state']);
    await world.regen(['--no-wait-state']);
    const plan = (await world.read('.regen-plan.md')) ?? '';

    expect(halfway).not.toContain('- [!]');
    expect(plan.match(/^- \[x\] page/gm)).toHaveLength(4);
    expect(told.creations).toBe(2);
    // As one pack of two, and not in halves.
    const usage = (await booked(world)) as { readonly requests: number; readonly input: number };
    expect(usage.requests).toBe(3);
    expect(usage.input).toBeGreaterThan(200);
  });

  it('one whose messages don’t say what they took ships them, and estimates it', async () => {
    await using place = await batchWorldOf({
      results: (text) => text.replaceAll(/,"usage":\{[^}]*\}/g, ''),
    });
    const { world } = place;

    const codes = await exitCodes(world);
    await world.regen(['--no-wait-state']);

    expect(codes).toEqual([75, 0]);
    expect((await world.read('.regen-plan.md'))?.match(/^- \[x\] page/gm)).toHaveLength(4);
    const usage = (await booked(world)) as { readonly requests: number; readonly input: number };
    expect(usage.requests).toBe(2);
    expect(usage.input).toBeGreaterThan(100);
    expect(place.told.creations).toBe(1);
  });

  it('one with a result that can’t be used ships the others, and asks for that one anew', async () => {
    await using place = await batchWorldOf({
      results: (text, number) =>
        number === 1 ? text.replace(/"result":\{"type":"succeeded".*/, '"result":{"type":"paused"}}') : text,
    });
    const { told, world } = place;

    const codes = await exitCodes(world);
    const plan = await world.read('.regen-plan.md');
    const anew = await world.regen(['--no-wait-state']);

    expect(codes).toEqual([75, 0]);
    expect(plan?.match(/^- \[x\] page/gm)).toHaveLength(2);
    expect(anew.exitCode).toBe(75);
    expect(told.creations).toBe(2);
  });
});

it.each([404, 400])(
  'a request that is refused with %i was not billed, and takes nothing of a budget',
  async (status) => {
    let isRefusing = true;
    await using place = await worldAt(
      (_, response) => {
        if (isRefusing) {
          const error = { type: 'invalid_request_error', message: 'no such thing' };
          sendJson(response, { type: 'error', error }, status);
        } else {
          beginStream(response);
          sendStart(response);
          const results = ['1', '2', '3', '4'].map((id) => ({ id, result: `New text ${id}.` }));
          sendText(response, JSON.stringify({ results }));
          response.end();
        }
      },
      { worker: 'prewarm: false', more: 'budget: { targetUsd: 0.001 }\n' },
    );
    const { world } = place;
    await world.regen(['plan', 'guide']);

    const refused = [await world.regen([]), await world.regen([]), await world.regen([])];
    const nothing = await booked(world);
    isRefusing = false;
    const step = await world.regen(['--json']);

    expect(refused.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
    expect(nothing).toMatchObject({ requests: 0, input: 0, output: 0 });
    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 0 } });
    expect(await booked(world)).toMatchObject({ requests: 1, input: 100 });
  },
);
