/** What a message took of a prompt, with and without somebody who counts the prefix. */
import { expect, it } from 'vitest';
import type { ModelMessage } from '../../../src/model/usage.js';
import { variableTokens } from '../../../src/step/packs/ask.js';

const billed = (input: number): ModelMessage => ({
  ...{ id: 'm', model: 'haiku', isSidechain: false, isEstimate: false },
  tokens: { input, output: 10, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
});

it('is what is left of the prompt where the prefix was counted', () => {
  const reply = { messages: [billed(12_000)], characters: 9000 };

  expect(variableTokens(reply, { characters: 35_000, tokens: 10_000 }, 0)).toBe(2000);
  expect(variableTokens(reply, { characters: 35_000, tokens: 12_000 }, 0)).toBe(1);
});

it.each([2.5, 3.5, 4.6, 6])('is its share where nobody counted, at %d characters per token', (density) => {
  const [prefix, message] = [100_000, 20_000];
  const reply = {
    messages: [billed(Math.round((prefix + message) / density) + 300)],
    characters: message,
  };

  const tokens = variableTokens(reply, { characters: prefix, tokens: null }, 300);

  expect(message / tokens).toBeCloseTo(density, 1);
});

it('is never nothing, and nothing where nothing was answered', () => {
  expect(variableTokens({ messages: [billed(1)], characters: 0 }, { characters: 0, tokens: null }, 300)).toBe(
    1,
  );
  expect(variableTokens({ messages: [], characters: 9 }, { characters: 9, tokens: null }, 0)).toBe(0);
});
