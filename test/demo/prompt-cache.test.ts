import { describe, expect, test } from 'vitest';
import { parseMessagesBody, type MessagesBody } from '../../src/demo/model/messages-body.js';
import { cacheMinimum } from '../../src/model/cache-minimum.js';
import { createPromptCache } from '../../src/demo/model/prompt-cache.js';

/** A text of so many tokens at 3.5 characters each. */
function words(tokens: number, letter = 'a'): string {
  return letter.repeat(tokens * 3.5);
}

function text(tokens: number, breakpoint?: '5m' | '1h', letter?: string): unknown {
  const block = { type: 'text', text: words(tokens, letter) };
  return breakpoint === undefined
    ? block
    : { ...block, cache_control: { type: 'ephemeral', ttl: breakpoint } };
}

interface Sketch {
  readonly model?: string;
  readonly system?: readonly unknown[];
  readonly user: readonly unknown[];
  /** Names a property of the answer's schema. */
  readonly format?: string;
}

function body({ model = 'claude-sonnet-5', system = [], user, format }: Sketch): MessagesBody {
  const schema = { type: 'object', properties: { [format ?? '']: { type: 'string' } } };
  const output = format === undefined ? {} : { output_config: { format: { type: 'json_schema', schema } } };
  const value = { model, max_tokens: 100, system, messages: [{ role: 'user', content: user }], ...output };
  return parseMessagesBody(Buffer.from(JSON.stringify(value)));
}

function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 0, 1, 0, minutes));
}

/** Looks each prompt up at its minute and settles it at once. */
function play(prompts: readonly (readonly [minute: number, body: MessagesBody])[]) {
  const cache = createPromptCache();
  return prompts.map(([minute, prompt]) => {
    const use = cache.lookUp(prompt, at(minute));
    use.settle();
    return use.tokens;
  });
}

const nothing = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

describe('the prompt cache', () => {
  test('writes up to the last breakpoint, then reads what the next prompt shares', () => {
    const system = [text(2000, '5m')];

    const [first, second] = play([
      [0, body({ system, user: [text(100)] })],
      [1, body({ system, user: [text(50, undefined, 'b')] })],
    ]);

    expect(first).toEqual({ ...nothing, input: 100, cacheWrite5m: 2000 });
    expect(second).toEqual({ ...nothing, input: 50, cacheRead: 2000 });
  });

  test('splits what is written by the time to live of each breakpoint', () => {
    const [use] = play([[0, body({ system: [text(2000, '1h')], user: [text(300, '5m'), text(7)] })]]);

    expect(use).toEqual({ input: 7, cacheRead: 0, cacheWrite1h: 2000, cacheWrite5m: 300 });
  });

  test('forgets after the time to live, and every read starts it again', () => {
    const prompt = body({ system: [text(2000, '5m')], user: [text(1)] });

    const uses = play([
      [0, prompt],
      [4, prompt],
      [8, prompt],
      [13, prompt],
    ]);

    expect(uses.map(({ cacheRead }) => cacheRead)).toEqual([0, 2000, 2000, 0]);
  });

  test('keeps an hour’s entry for an hour', () => {
    const prompt = body({ system: [text(2000, '1h')], user: [text(1)] });

    const uses = play([
      [0, prompt],
      [59, prompt],
      [119, prompt],
    ]);

    expect(uses.map(({ cacheRead }) => cacheRead)).toEqual([0, 2000, 0]);
  });

  test('belongs to one model', () => {
    const sketch = { system: [text(5000, '5m')], user: [text(1)] };

    const uses = play([
      [0, body(sketch)],
      [1, body({ ...sketch, model: 'claude-opus-4-8' })],
    ]);

    expect(uses.map(({ cacheRead }) => cacheRead)).toEqual([0, 0]);
  });

  test('belongs to one format of the answer', () => {
    const sketch = { system: [text(2000, '5m')], user: [text(1)] };

    const uses = play([
      [0, body(sketch)],
      [1, body({ ...sketch, format: 'result' })],
      [2, body({ ...sketch, format: 'score' })],
      [3, body({ ...sketch, format: 'result' })],
    ]);

    expect(uses.map(({ cacheRead }) => cacheRead)).toEqual([0, 0, 0, 2000]);
  });

  test.each([
    ['claude-opus-5-5', 512],
    ['claude-sonnet-5-5', 512],
    ['claude-haiku-5-5-20260901', 512],
    ['claude-sonnet-5', 1024],
    ['claude-opus-4-8', 1024],
    ['claude-opus-4-7', 2048],
    ['claude-haiku-4-5', 4096],
    ['some-local-model', 1024],
  ])('caches nothing of %s below %i tokens', (model, minimum) => {
    const [tooShort] = play([[0, body({ model, system: [text(minimum - 2, '5m')], user: [text(1)] })]]);
    const [enough] = play([[0, body({ model, system: [text(minimum, '5m')], user: [text(1)] })]]);

    expect(cacheMinimum(model, null).tokens).toBe(minimum);
    expect(tooShort?.cacheWrite5m).toBe(0);
    expect(enough?.cacheWrite5m).toBe(minimum);
  });

  test('looks back twenty blocks from a breakpoint and no further', () => {
    const opening = text(2000, '5m');
    const grown = (count: number) => [
      { type: 'text', text: words(2000) },
      ...Array.from({ length: count - 1 }, () => text(2, undefined, 'b')),
      text(2, '5m', 'c'),
    ];

    const near = play([
      [0, body({ user: [opening] })],
      [1, body({ user: grown(19) })],
    ]);
    const far = play([
      [0, body({ user: [opening] })],
      [1, body({ user: grown(20) })],
    ]);

    expect(near[1]?.cacheRead).toBe(2000);
    expect(far[1]?.cacheRead).toBe(0);
  });

  test('shows what was written only once the answer begins', () => {
    const cache = createPromptCache();
    const prompt = body({ system: [text(2000, '5m')], user: [text(1)] });

    const first = cache.lookUp(prompt, at(0));
    const meanwhile = cache.lookUp(prompt, at(0));
    first.settle();
    const later = cache.lookUp(prompt, at(0));

    expect([first, meanwhile, later].map((use) => use.tokens.cacheRead)).toEqual([0, 0, 2000]);
  });

  test('passes over Claude Code’s billing line, which differs between conversations', () => {
    const billing = (hash: string) => ({
      type: 'text',
      text: `x-anthropic-billing-header: cc_version=${hash};`,
    });

    const [, second] = play([
      [0, body({ system: [billing('aaa'), text(2000, '5m')], user: [text(1)] })],
      [1, body({ system: [billing('bbb'), text(2000, '5m')], user: [text(1)] })],
    ]);

    expect(second?.cacheRead).toBe(2000);
  });
});
