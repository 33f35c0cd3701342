import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../../src/worker/request.js';
import type { CallFacts } from '../../src/worker/request.js';
import { answerSchema } from '../../src/worker/entries.js';

const facts: CallFacts = {
  model: 'haiku',
  parts: ['Rules.', 'Target.'],
  message: 'Blocks.',
  ttl: '5m',
  maxTokens: 8000,
  schema: answerSchema,
};

describe('what is sent', () => {
  it('is the prefix in cached parts, one message, and the format of the answer', () => {
    expect(requestOf(facts)).toEqual({
      model: 'claude-haiku-5-5',
      max_tokens: 8000,
      system: [
        { type: 'text', text: 'Rules.', cache_control: { type: 'ephemeral', ttl: '5m' } },
        { type: 'text', text: 'Target.', cache_control: { type: 'ephemeral', ttl: '5m' } },
      ],
      messages: [{ role: 'user', content: 'Blocks.' }],
      output_config: { format: { type: 'json_schema', schema: answerSchema } },
    });
  });

  it('asks for words where there is no schema', () => {
    expect(requestOf({ ...facts, schema: undefined })).not.toHaveProperty('output_config');
  });

  it('is the same byte for byte but for the message, whatever the packs are', () => {
    const parts = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 6 });
    const ttl = fc.constantFrom<CallFacts['ttl']>('5m', '1h', 'off');
    fc.assert(
      fc.property(parts, ttl, fc.string(), fc.string(), (given, lifetime, one, other) => {
        const asked = (message: string): string => {
          const { messages, ...rest } = requestOf({ ...facts, parts: [...given], ttl: lifetime, message });
          expect(messages).toEqual([{ role: 'user', content: message }]);
          return JSON.stringify(rest);
        };

        expect(asked(one)).toBe(asked(other));
      }),
    );
  });

  it('has four breakpoints at most, the last of them at its end, and none where nothing is cached', () => {
    const parts = fc.array(fc.string({ maxLength: 3 }), { maxLength: 9 });
    fc.assert(
      fc.property(parts, fc.constantFrom<CallFacts['ttl']>('5m', '1h', 'off'), (given, ttl) => {
        const { system } = requestOf({ ...facts, parts: given, ttl });

        const texts = given.filter((text) => text !== '');
        const wanted = ttl === 'off' ? 0 : Math.min(4, texts.length);
        expect(system).toEqual(
          texts.map((text, index) => ({
            ...{ type: 'text', text },
            ...(index < texts.length - wanted ? {} : { cache_control: { type: 'ephemeral', ttl } }),
          })),
        );
      }),
    );
  });

  it.each([
    ['opus', 'claude-opus-5-5'],
    ['sonnet', 'claude-sonnet-5-5'],
    ['haiku', 'claude-haiku-5-5'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5-20250929'],
    ['qwen3:8b', 'qwen3:8b'],
    ['constructor', 'constructor'],
  ])('names %s as the API does', (model, id) => {
    expect(requestOf({ ...facts, model }).model).toBe(id);
  });
});
