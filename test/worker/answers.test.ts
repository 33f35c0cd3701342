import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersOf, messageOf } from '../../src/worker/answers.js';

const noTokens = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

const start = (id: string, usage: object = { input_tokens: 9, output_tokens: 1 }) => ({
  type: 'message_start',
  message: { id, type: 'message', role: 'assistant', model: 'claude-haiku-5-5', content: [], usage },
});
const text = (words: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: words },
});
const end = (stop: string | null, output: number) => ({
  type: 'message_delta',
  delta: { stop_reason: stop, stop_sequence: null },
  usage: { output_tokens: output },
});
const stop = { type: 'message_stop' };

/** What a stream has besides, and what nobody knows yet. */
const others = [
  { type: 'ping' },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 's' } },
  { type: 'message_start', message: 'torn' },
  { type: 'news_of_2027', text: 'x' },
  {},
];

describe('the events of an answer', () => {
  it('are its text, its tokens and its end', () => {
    const usage = {
      input_tokens: 9,
      output_tokens: 1,
      cache_read_input_tokens: 4000,
      cache_creation_input_tokens: 50,
      cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 },
    };

    expect(answersOf([start('m', usage), text('{"a"'), text(':1}'), end('end_turn', 42), stop])).toEqual([
      {
        id: 'm',
        model: 'claude-haiku-5-5',
        tokens: { input: 9, output: 42, cacheRead: 4000, cacheWrite5m: 20, cacheWrite1h: 30 },
        text: '{"a":1}',
        stopReason: 'end_turn',
        isCounted: true,
      },
    ]);
  });

  it('of several messages are one answer each', () => {
    const events = [
      start('a'),
      text('x'),
      end('tool_use', 5),
      stop,
      start('b'),
      text('y'),
      end('end_turn', 6),
    ];

    expect(answersOf(events).map(({ id, text: said, stopReason }) => [id, said, stopReason])).toEqual([
      ['a', 'x', 'tool_use'],
      ['b', 'y', 'end_turn'],
    ]);
  });

  it('count also when the prompt’s tokens are told at the end alone', () => {
    const late = {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: 70, output_tokens: 5 },
    };

    expect(
      answersOf([start('m', { input_tokens: 0, output_tokens: 0 }), text('x'), late])[0]?.tokens,
    ).toEqual({
      ...noTokens,
      input: 70,
      output: 5,
    });
  });

  it('have not come to their end before the reason of it is told', () => {
    const open = [start('m'), text('x'), end(null, 3)];

    expect(answersOf(open)[0]?.stopReason).toBeNull();
    expect(answersOf([...open, text('y'), end('max_tokens', 9)])[0]).toMatchObject({
      text: 'xy',
      stopReason: 'max_tokens',
      tokens: { output: 9 },
    });
    expect(answersOf([...open, stop])[0]?.stopReason).toBe('end_turn');
  });

  it('that nobody asked for say nothing', () => {
    expect(answersOf([])).toEqual([]);
    expect(answersOf([text('x'), end('end_turn', 3), stop, ...others])).toEqual([]);
  });

  it('say the same whatever other events stand among them, and in however many pieces the text comes', () => {
    const message = fc.record({
      pieces: fc.array(fc.string({ unit: 'grapheme', maxLength: 5 }), { maxLength: 5 }),
      stop: fc.constantFrom('end_turn', 'max_tokens', 'tool_use', 'refusal'),
      output: fc.nat(500),
    });
    const noise = fc.array(fc.constantFrom(...others), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 4 }),
        fc.array(noise, { minLength: 40 }),
        (messages, among) => {
          const events = messages.flatMap((one, index) => [
            start(`m${index}`),
            ...one.pieces.map(text),
            end(one.stop, one.output),
            stop,
          ]);
          const noisy = events.flatMap((event, index) => [...(among[index] ?? []), event]);

          const answers = answersOf(noisy);

          expect(answers).toEqual(answersOf(events));
          expect(
            answers.map(({ text: said, stopReason, tokens }) => [said, stopReason, tokens.output]),
          ).toEqual(messages.map((one) => [one.pieces.join(''), one.stop, one.output]));
        },
      ),
    );
  });
});

describe('a whole message, as batches have it', () => {
  it('is an answer that has come to its end', () => {
    const message = {
      type: 'message',
      id: 'm',
      model: 'claude-haiku-5-5',
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'text', text: '{"a":' },
        { type: 'text', text: '1}' },
      ],
      stop_reason: 'max_tokens',
      usage: { input_tokens: 3, output_tokens: 4 },
    };

    expect(answersOf([message])).toEqual([
      {
        ...{ id: 'm', model: 'claude-haiku-5-5', text: '{"a":1}', stopReason: 'max_tokens' },
        isCounted: true,
        tokens: { ...noTokens, input: 3, output: 4 },
      },
    ]);
  });
});

describe('for the books', () => {
  it('a whole answer costs what the API says', () => {
    const [answer] = answersOf([start('m'), text('x'.repeat(100)), end('end_turn', 7)]);

    expect(answer && messageOf(answer)).toEqual({
      ...{ id: 'm', model: 'claude-haiku-5-5', isSidechain: false, isEstimate: false },
      tokens: { ...noTokens, input: 9, output: 7 },
    });
  });

  it('one that broke off is an estimate: its prompt, and as much as was seen of it', () => {
    const [seen] = answersOf([start('m'), text('x'.repeat(70))]);
    const [unseen] = answersOf([start('m', { input_tokens: 9, output_tokens: 0 })]);

    expect(seen && messageOf(seen)).toMatchObject({ isEstimate: true, tokens: { input: 9, output: 20 } });
    expect(unseen && messageOf(unseen)).toMatchObject({ isEstimate: true, tokens: { input: 9, output: 1 } });
  });

  const delta = { type: 'message_delta', delta: { stop_reason: 'max_tokens' } };
  it.each<readonly [string, readonly object[], string]>([
    ['says nothing of tokens', [delta, stop], 'max_tokens'],
    ['says null', [{ ...delta, usage: null }, stop], 'max_tokens'],
    ['says words', [{ ...delta, usage: 'many' }, stop], 'max_tokens'],
    ['says nothing of the output', [{ ...delta, usage: { input_tokens: 9 } }, stop], 'max_tokens'],
    ['has no reason', [stop], 'end_turn'],
  ])('one whose end %s is whole, and its output an estimate from its text', (_what, ending, stopReason) => {
    const [answer] = answersOf([start('m'), text('x'.repeat(70)), ...ending]);

    expect(answer).toMatchObject({ stopReason, isCounted: false });
    expect(answer && messageOf(answer)).toMatchObject({
      ...{ isEstimate: true, tokens: { ...noTokens, input: 9, output: 20 } },
    });
  });
});
