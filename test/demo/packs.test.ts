import { randomUUID } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { packFaults, packScript, type PackFault, type PackScript } from '../../src/demo/model/packs.js';
import { say } from '../../src/demo/model/reply.js';
import { startScriptedModel, type ScriptedModel } from '../../src/demo/model/server.js';

let model: ScriptedModel | undefined;

async function start(script: Partial<PackScript> = {}) {
  const upper: PackScript['answer'] = ({ text }) => text.toUpperCase();
  model = await startScriptedModel({
    script: packScript({ answer: upper, ...script }),
    now: () => new Date('2026-05-02T14:00:00Z'),
    newId: randomUUID,
  });
  const client = new Anthropic({ apiKey: 'test', baseURL: model.url, maxRetries: 0 });
  return { model, client };
}

afterEach(async () => {
  await model?.close();
});

const format = { type: 'json_schema' as const, schema: { type: 'object' } };

function ask(
  client: Anthropic,
  content: string,
  extra: Partial<Anthropic.MessageCreateParamsNonStreaming> = {},
): Promise<Anthropic.Message> {
  return client.messages.create({
    ...{ model: 'claude-haiku-4-5', max_tokens: 1000, output_config: { format } },
    ...{ messages: [{ role: 'user', content }], ...extra },
  });
}

function textOf({ content }: Anthropic.Message): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

/** Three blocks, with the text around them that a prompt may have. */
const three = [
  'Rewrite each.',
  '<block id="1">\none\n</block>',
  '<block kind="paragraph" id="2" place="a.md > Intro">\ntwo <b>bold</b>\n\n</block>',
  '<block id="x-3" >\n</block>',
].join('\n');

describe('a pack', () => {
  test('is answered with a result for each of its blocks, whatever attributes and texts they have', async () => {
    const seen: unknown[] = [];
    const { client } = await start({ answer: (block) => (seen.push(block), `${block.id}!`) });

    const message = await ask(client, three);

    expect(seen).toEqual([
      { id: '1', text: 'one' },
      { id: '2', text: 'two <b>bold</b>\n' },
      { id: 'x-3', text: '' },
    ]);
    expect(JSON.parse(textOf(message))).toEqual({
      results: [
        { id: '1', result: '1!' },
        { id: '2', result: '2!' },
        { id: 'x-3', result: 'x-3!' },
      ],
    });
    expect(message.stop_reason).toBe('end_turn');
  });

  test('may be told to leave one out', async () => {
    const { client } = await start({ answer: ({ id }) => (id === '2' ? null : 'ok') });

    const message = await ask(client, three);

    expect(JSON.parse(textOf(message))).toMatchObject({ results: [{ id: '1' }, { id: 'x-3' }] });
  });

  test('is read from the newest message, also after a tool’s answer', async () => {
    const { client } = await start();

    const message = await ask(client, '', {
      messages: [
        { role: 'user', content: '<block id="old">\nold\n</block>' },
        { role: 'assistant', content: 'Done.' },
        { role: 'user', content: [{ type: 'text', text: '<block id="new">\nnew\n</block>' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'look', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'seen' }] },
      ],
    });

    expect(JSON.parse(textOf(message))).toEqual({ results: [{ id: 'new', result: 'NEW' }] });
  });

  test('whose answer is longer than it may be is cut there', async () => {
    const { client } = await start();

    const message = await ask(client, three, { max_tokens: 10 });

    expect(message.stop_reason).toBe('max_tokens');
    expect(textOf(message)).toHaveLength(35);
    expect(message.usage.output_tokens).toBe(10);
  });

  test('is needed, unless the script has an answer to other messages', async () => {
    const strict = await start();
    await expect(ask(strict.client, 'How hard?')).rejects.toMatchObject({ status: 400 });
    await strict.model.close();
    const kind = await start({ other: ({ lastMessage }) => say(`Heard: ${lastMessage}`) });

    const message = await ask(kind.client, 'How hard?');

    expect(textOf(message)).toBe('Heard: How hard?');
  });
});

test('warming the cache up writes the prefix, costs no output, and is no call of the script', async () => {
  const numbers: number[] = [];
  const { model, client } = await start({ faults: ({ number }) => (numbers.push(number), null) });
  const system: Anthropic.TextBlockParam[] = [
    { type: 'text', text: 'r'.repeat(17_500), cache_control: { type: 'ephemeral' } },
  ];
  const send = (max_tokens: number, content: string) =>
    client.messages.create({
      ...{ model: 'claude-haiku-4-5', max_tokens, system, messages: [{ role: 'user', content }] },
    });

  const warm = await send(0, 'warm-up');
  await send(1000, three);

  expect([warm.content, warm.stop_reason, warm.usage.output_tokens]).toEqual([[], 'max_tokens', 0]);
  expect(model.bill.map(({ tokens }) => tokens)).toMatchObject([
    { cacheWrite5m: 5000, cacheRead: 0, output: 0 },
    { cacheWrite5m: 0, cacheRead: 5000 },
  ]);
  expect(numbers).toEqual([1]);
});

describe('a fault', () => {
  /** What the client makes of three blocks answered with this fault. */
  async function faulty(fault: PackFault, stream = false): Promise<unknown> {
    const { client } = await start({ faults: () => fault });
    const params = {
      ...{ model: 'claude-haiku-4-5', max_tokens: 1000 },
      messages: [{ role: 'user' as const, content: three }],
    };
    const asked = stream ? client.messages.stream(params).finalMessage() : client.messages.create(params);
    return asked.then(
      (message): unknown => ({ stop: message.stop_reason, text: textOf(message) }),
      failureOf,
    );
  }

  const whole =
    '{"results":[{"id":"1","result":"ONE"},{"id":"2","result":"TWO <B>BOLD</B>\\n"},{"id":"x-3","result":""}]}';
  const half = whole.slice(0, whole.length / 2);

  const outcomes: Record<PackFault, unknown> = {
    missing: { stop: 'end_turn', text: whole.replace(',{"id":"x-3","result":""}', '') },
    duplicate: { stop: 'end_turn', text: whole.replace(']}', ',{"id":"1","result":"ONE (again)"}]}') },
    unknown: { stop: 'end_turn', text: whole.replace(']}', ',{"id":"zzz","result":"Nobody asked."}]}') },
    cut: { stop: 'max_tokens', text: half },
    overflow: 400,
    refusal: { stop: 'refusal', text: 'I cannot help with that.' },
    'no-json': { stop: 'end_turn', text: 'Here is what I would write for each of them.' },
    'wrong-shape': {
      stop: 'end_turn',
      text: '{"answers":{"1":"ONE","2":"TWO <B>BOLD</B>\\n","x-3":""}}',
    },
    empty: { stop: 'end_turn', text: '' },
    broken: 'connection',
    overloaded: 529,
    'rate-limit': 429,
    'context-window': { stop: 'model_context_window_exceeded', text: half },
  };

  test.each(packFaults)('%s comes to the client as it would from the API', async (fault) => {
    expect(await faulty(fault)).toEqual(outcomes[fault]);
  });

  test.each(['overflow', 'overloaded', 'rate-limit', 'cut', 'refusal', 'empty'] as const)(
    '%s is the same when it streams',
    async (fault) => {
      expect(await faulty(fault, true)).toEqual(outcomes[fault]);
    },
  );

  test('can break a stream off, and what was sent by then is billed', async () => {
    expect(await faulty('broken', true)).toBe('broke off');
    expect(model?.bill).toMatchObject([{ isComplete: false }]);
  });

  test('comes at the call that the script names, by its number or by its blocks', async () => {
    const { client } = await start({
      faults: ({ number, ids }) => (number === 1 ? 'overloaded' : ids.includes('2') ? 'refusal' : null),
    });
    const stops: unknown[] = [];

    for (const content of [three, three, '<block id="1">\none\n</block>']) {
      stops.push(
        await ask(client, content).then(
          (message) => message.stop_reason,
          (error: unknown) => error,
        ),
      );
    }

    expect(stops).toMatchObject([{ status: 529 }, 'refusal', 'end_turn']);
  });
});

function failureOf(error: unknown): unknown {
  if (error instanceof Anthropic.APIConnectionError) return 'connection';
  return error instanceof Anthropic.APIError ? error.status : 'broke off';
}
