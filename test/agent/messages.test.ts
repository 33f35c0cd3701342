import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../src/agent/events.js';
import { createMessages } from '../../src/agent/messages.js';
import type { TranscriptMessage } from '../../src/agent/transcript.js';
import type { ModelMessage } from '../../src/model/usage.js';

const inputUsage = {
  input_tokens: 10,
  cache_read_input_tokens: 200,
  cache_creation_input_tokens: 30,
  cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
};
const inputTokens = { input: 10, cacheRead: 200, cacheWrite5m: 10, cacheWrite1h: 20 };

function streamed(event: object, parent: string | null = null): object {
  return { type: 'stream_event', event, parent_tool_use_id: parent };
}
function start(id: string): object {
  return streamed({
    type: 'message_start',
    message: { id, model: 'm', usage: { ...inputUsage, output_tokens: 1 } },
  });
}
function text(said: string): object {
  return streamed({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: said } });
}
function end(output: number): object[] {
  return [
    streamed({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: output } }),
    streamed({ type: 'message_stop' }),
  ];
}
function assistant(id: string, more: object = {}, parent: string | null = null): object {
  const usage = { ...inputUsage, output_tokens: 1 };
  const message = {
    id,
    model: 'm',
    stop_reason: null,
    usage,
    content: [{ type: 'text', text: 'x'.repeat(70) }],
    ...more,
  };
  return { type: 'assistant', message, parent_tool_use_id: parent };
}
function message(id: string, output: number, more: Partial<ModelMessage> = {}): ModelMessage {
  return {
    id,
    model: 'm',
    tokens: { ...inputTokens, output },
    isSidechain: false,
    isEstimate: false,
    ...more,
  };
}

function see(
  lines: readonly object[],
  { known = [], transcript = [] }: { known?: string[]; transcript?: TranscriptMessage[] } = {},
) {
  const booked: ModelMessage[] = [];
  const messages = createMessages((one) => booked.push(one), new Set(known));
  for (const line of lines) messages.see(parseEvent(JSON.stringify(line)));
  const bookedDuring = [...booked];
  return { all: messages.finish(transcript), bookedDuring, booked };
}

describe('createMessages', () => {
  it('takes the true usage of a streamed message, once, however many blocks it has', () => {
    const result = see([start('a'), assistant('a'), assistant('a'), ...end(50)]);

    expect(result.bookedDuring).toEqual([message('a', 50)]);
    expect(result.all).toEqual([message('a', 50)]);
    expect(result.booked).toEqual(result.all);
  });

  it('takes a non-streamed retry from its assistant event, and estimates what broke off before it', () => {
    const retried = { stop_reason: 'end_turn', usage: { ...inputUsage, output_tokens: 9 } };

    const result = see([start('a'), text('x'.repeat(35)), assistant('b', retried), assistant('b', retried)]);

    expect(result.bookedDuring).toEqual([message('b', 9)]);
    expect(result.all).toEqual([message('a', 10, { isEstimate: true }), message('b', 9)]);
    expect(result.booked.length).toBe(2);
  });

  it('learns from the transcript for how long the cache was written, where the stream has the sum only', () => {
    const unsplit = { ...inputUsage, cache_creation: null, output_tokens: 9 };
    const told = assistant('a', { stop_reason: 'end_turn', usage: unsplit });

    const result = see([told], { transcript: [{ message: message('a', 9), characters: 70 }] });

    expect(result.all).toEqual([message('a', 9)]);
  });

  it('takes an answer without any output for one, whatever placeholder came before', () => {
    const empty = { message: message('sub', 0, { isSidechain: true }), characters: 0 };

    const result = see([start('a'), ...end(0), assistant('sub', {}, 'tool')], { transcript: [empty] });

    expect(result.all).toEqual([message('a', 0), message('sub', 0, { isSidechain: true })]);
  });

  it('doesn’t take Claude Code’s own closing of a broken answer for its end', () => {
    const closing = [
      streamed({ type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 1 } }),
      streamed({ type: 'message_stop' }),
    ];
    const retried = { stop_reason: 'tool_use', usage: { ...inputUsage, output_tokens: 9 } };
    const broken = [start('a'), text('x'.repeat(35)), assistant('b', retried), ...closing];

    const result = see([...broken, start('c'), ...end(3)]);

    expect(result.bookedDuring).toEqual([message('b', 9), message('c', 3)]);
    expect(result.all[0]).toEqual(message('a', 10, { isEstimate: true }));
  });

  it('learns of subagents from the transcript, as their stream has placeholders only', () => {
    const transcript = [
      { message: message('sub', 33, { isSidechain: true }), characters: 70 },
      { message: message('silent', 44, { isSidechain: true }), characters: 70 },
    ];

    const result = see([start('a'), ...end(5), assistant('sub', {}, 'tool')], { transcript });

    expect(result.bookedDuring).toEqual([message('a', 5)]);
    expect(result.all).toEqual([
      message('a', 5),
      message('sub', 33, { isSidechain: true }),
      message('silent', 44, { isSidechain: true }),
    ]);
  });

  it('leaves out what earlier runs of the session paid for, and Claude Code’s own notices', () => {
    const transcript = [{ message: message('old', 7), characters: 0 }];

    const result = see([assistant('notice', { model: '<synthetic>', stop_reason: 'stop_sequence' })], {
      known: ['old'],
      transcript,
    });

    expect(result).toEqual({ all: [], bookedDuring: [], booked: [] });
  });

  it('estimates a subagent’s answer that was cut off from what the transcript has of it', () => {
    const cut = { message: message('sub', 1, { isSidechain: true, isEstimate: true }), characters: 350 };

    const result = see([], { transcript: [cut] });

    expect(result.all).toEqual([message('sub', 100, { isSidechain: true, isEstimate: true })]);
  });
});

describe('parseEvent', () => {
  it.each([
    '',
    '{"type":',
    'null',
    '[]',
    '{"type":"assistant"}',
    '{"type":"stream_event","event":{"type":"ping"}}',
  ])('makes nothing of %j, and doesn’t throw', (line) => {
    expect(['other', 'malformed']).toContain(parseEvent(line).kind);
  });
});
