import { afterEach, describe, expect, test } from 'vitest';
import type { Script } from '../../src/demo/model/conversation.js';
import {
  broken,
  failWith,
  refuse,
  say,
  sayAndUse,
  structured,
  usageLimit,
} from '../../src/demo/model/reply.js';
import { startScriptedModel, type ScriptedModel } from '../../src/demo/model/server.js';

const now = new Date('2026-05-02T14:00:00Z');

let model: ScriptedModel | undefined;

async function start(script: Script): Promise<ScriptedModel> {
  let ids = 0;
  const newId = () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`;
  model = await startScriptedModel({ script, now: () => now, newId });
  return model;
}

afterEach(async () => {
  await model?.close();
});

function post(
  url: string,
  body: Record<string, unknown>,
  { path = '/v1/messages', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const whole = { model: 'claude-sonnet-5', max_tokens: 100, ...body };
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(whole) });
}

const question = { messages: [{ role: 'user', content: 'How are you?' }] };

describe('a message', () => {
  test('comes as one body with its usage, and is on the bill', async () => {
    const { url, bill } = await start([say('Fine.')]);

    const response = await post(url, question);

    expect(await response.json()).toEqual({
      id: 'msg_000000000000400080000000',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5',
      content: [{ type: 'text', text: 'Fine.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 4,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        output_tokens: 2,
        service_tier: 'standard',
      },
    });
    expect(bill).toEqual([
      {
        id: 'msg_000000000000400080000000',
        at: now,
        model: 'claude-sonnet-5',
        tokens: { input: 4, output: 2, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
        sessionId: null,
        isSide: false,
        isComplete: true,
        isBatch: false,
      },
    ]);
  });

  test('streams its blocks in pieces, between an opening without output and a closing with all of the usage', async () => {
    const { url } = await start([sayAndUse('Hi.', { name: 'Read', input: { file_path: 'ä.txt' } })]);

    const response = await post(url, { ...question, stream: true });

    const events = await eventsOf(response);
    expect(events.map(({ type }) => type)).toEqual([
      'message_start',
      ...['content_block_start', 'content_block_delta', 'content_block_delta', 'content_block_stop'],
      ...['content_block_start', 'content_block_delta', 'content_block_delta', 'content_block_stop'],
      'message_delta',
      'message_stop',
    ]);
    expect(events[0]).toMatchObject({
      message: { content: [], stop_reason: null, usage: { output_tokens: 1 } },
    });
    const json = events.flatMap(({ delta }) => delta?.partial_json ?? []).join('');
    expect(JSON.parse(json)).toEqual({ file_path: 'ä.txt' });
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' }, usage: { input_tokens: 4 } });
  });

  test('that was only asked for to warm the cache up is empty', async () => {
    const { url, bill } = await start([say('Not said.')]);

    const response = await post(url, { ...question, max_tokens: 0 });

    expect(await response.json()).toMatchObject({ content: [], stop_reason: 'max_tokens' });
    expect(bill[0]?.tokens.output).toBe(0);
  });

  test.each([
    [{ stream: true }, 'stream: true'],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, 'thinking.type: enabled'],
    [{ output_config: { format: { type: 'json_schema', schema: {} } } }, 'output_config.format'],
    [{ tool_choice: { type: 'any' } }, 'tool_choice: any'],
  ])('can’t be asked for to warm the cache up with %j', async (extra, named) => {
    const { url, bill } = await start([say('Not said.')]);

    const response = await post(url, { ...question, max_tokens: 0, ...extra });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain(`max_tokens: 0 cannot be combined with ${named}`);
    expect(bill).toEqual([]);
  });

  test('may be a refusal, or the tool call that carries structured output', async () => {
    const { url } = await start([refuse(), structured({ score: 88 })]);

    const refusal = await post(url, question);
    const answer = await post(url, question);

    expect(await refusal.json()).toMatchObject({ stop_reason: 'refusal' });
    expect(await answer.json()).toMatchObject({
      content: [{ type: 'tool_use', name: 'StructuredOutput', input: { score: 88 } }],
    });
  });
});

describe('a failure', () => {
  test('has the status, the body and the headers that the script gives it, and costs nothing', async () => {
    const { url, bill } = await start([failWith(429, 'Slow down.', { 'retry-after': '7' })]);

    const response = await post(url, question);

    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.json()).toEqual({
      type: 'error',
      error: { type: 'rate_limit_error', message: 'Slow down.' },
    });
    expect(bill).toEqual([]);
  });

  test('of a used-up subscription says when it opens again', async () => {
    const { url } = await start([usageLimit(new Date('2026-05-02T18:00:00Z'))]);

    const response = await post(url, question);

    expect(response.headers.get('anthropic-ratelimit-unified-status')).toBe('rejected');
    expect(response.headers.get('anthropic-ratelimit-unified-reset')).toBe('1777744800');
  });

  test.each(['drop', 'end', 'error'] as const)(
    'in mid-stream (%s) is billed as far as it came',
    async (breaks) => {
      const { url, bill } = await start([broken(say('Half of this is lost.'), breaks)]);

      const response = await post(url, { ...question, stream: true });
      const text = await response.text().catch(() => 'cut off');

      expect(text).not.toContain('message_stop');
      expect(bill).toMatchObject([{ isComplete: false, tokens: { input: 4, output: 4 } }]);
    },
  );

  test('can be silence, which ends when the server closes', async () => {
    const server = await start([{ kind: 'silence' }]);

    const waiting = post(server.url, question);
    await until(() => server.requests.length === 1);
    const closing = server.close();

    await expect(waiting).rejects.toThrow('fetch failed');
    await closing;
  });

  test('follows when the script has nothing more to say, or fails itself', async () => {
    const short = await start([]);
    const shortAnswer = await post(short.url, question);
    await short.close();
    const wrong = await start(() => {
      throw new Error('no idea');
    });
    const wrongAnswer = await post(wrong.url, question);

    expect([shortAnswer.status, wrongAnswer.status]).toEqual([400, 400]);
    expect(await shortAnswer.text()).toContain('The script has no reply number 1.');
    expect(await wrongAnswer.text()).toContain('no idea');
  });
});

test('a script sees what was asked, what the tools said, and where in the conversation it is', async () => {
  const { url, requests } = await start(() => say('ok'));

  await post(url, {
    system: [{ type: 'text', text: 'Be brief.' }],
    tools: [{ name: 'Read' }, { name: 'Write' }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: '<system-reminder>Today is Monday.</system-reminder>' },
          { type: 'text', text: 'Write it.' },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 't1', name: 'Read', input: { file_path: 'a' } }],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 't1',
            content: [{ type: 'text', text: 'gone' }],
            is_error: true,
          },
          { type: 'text', text: 'Go on.' },
        ],
      },
      { role: 'assistant', content: 'Written.' },
      { role: 'user', content: 'The check failed.' },
    ],
  });

  expect(requests[0]?.scripted?.request).toMatchObject({
    system: 'Be brief.',
    tools: ['Read', 'Write'],
    prompts: ['Write it.', 'The check failed.'],
    firstMessage: 'Write it.',
    lastMessage: 'The check failed.',
    toolResults: [{ id: 't1', name: 'Read', input: { file_path: 'a' }, text: 'gone', isError: true }],
    turn: 3,
    turnOfPrompt: 1,
    isSide: false,
  });
});

test('small requests of Claude Code’s own don’t reach the script and don’t count as its turns', async () => {
  const { url, bill } = await start([say('first')]);

  const headers = { 'x-claude-code-session-id': 'a-session' };
  await post(url, { ...question, max_tokens: 1 }, { headers });
  const response = await post(url, question, { headers });

  expect(await response.json()).toMatchObject({ content: [{ text: 'first' }] });
  expect(bill.map(({ isSide }) => isSide)).toEqual([true, false]);
});

test('another client’s requests all reach the script, however small they are', async () => {
  const { url, bill } = await start([say('one'), say('{"two":2}')]);
  const format = { type: 'json_schema', schema: { type: 'object' } };

  const short = await post(url, { ...question, max_tokens: 1 });
  const formatted = await post(url, { ...question, output_config: { format } });

  expect(await short.json()).toMatchObject({ content: [{ text: 'one' }] });
  expect(await formatted.json()).toMatchObject({ content: [{ text: '{"two":2}' }] });
  expect(bill.map(({ isSide }) => isSide)).toEqual([false, false]);
});

test('tokens are counted without asking the script, and everything else is recorded', async () => {
  const { url, requests } = await start([]);

  const counted = await post(url, question, { path: '/v1/messages/count_tokens?beta=true' });
  const probe = await fetch(url, { method: 'HEAD' });
  const unknown = await post(url, {}, { path: '/v1/files' });

  expect(await counted.json()).toEqual({ input_tokens: 4 });
  expect([probe.status, unknown.status]).toEqual([200, 404]);
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/messages/count_tokens?beta=true',
    'HEAD /',
    'POST /v1/files',
  ]);
});

interface StreamedEvent {
  readonly type: string;
  readonly delta?: { readonly partial_json?: string };
}

async function eventsOf(response: Response): Promise<StreamedEvent[]> {
  const text = await response.text();
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)) as StreamedEvent);
}

async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { interval: 5 }).toBe(true);
}
