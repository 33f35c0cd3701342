import { expect, it } from 'vitest';
import { apiModel, canonicalModel, mayBeSameModel, modelWindow } from '../../src/model/model-name.js';

it.each([
  ['haiku', 'haiku-5-5'],
  ['claude-haiku-5-5', 'haiku-5-5'],
  ['claude-sonnet-4-5-20250929', 'sonnet-4-5'],
  ['qwen3:8b', 'qwen3:8b'],
  ['toString', 'toString'],
])('%s is %s to the tables', (model, key) => {
  expect(canonicalModel(model)).toBe(key);
});

it.each([
  ['opus', 'claude-opus-5-5'],
  ['claude-opus', 'claude-opus-5-5'],
  ['haiku-4-5', 'claude-haiku-4-5'],
  ['claude-opus-4-8', 'claude-opus-4-8'],
  ['qwen3:8b', 'qwen3:8b'],
  ['toString', 'toString'],
])('%s is %s to the API', (model, id) => {
  expect(apiModel(model)).toBe(id);
});

it.each([
  ['haiku', 'claude-haiku-4-5-20251001', true],
  ['sonnet[1m]', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', true],
  ['claude-haiku-4-5', 'haiku-4-5', true],
  ['qwen3:8b', 'claude-haiku-5-5', true],
  ['default', 'claude-opus-5-5', true],
  ['haiku', 'claude-sonnet-5-5', false],
  ['opus', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', false],
  ['claude-sonnet-4-5', 'claude-sonnet-5-5', false],
])('%s and %s may be the same model: %s', (name, other, may) => {
  expect(mayBeSameModel(name, other)).toBe(may);
  expect(mayBeSameModel(other, name)).toBe(may);
});

it.each([
  ['haiku', 1_000_000],
  ['claude-opus-4-8', 1_000_000],
  ['claude-opus-5', 1_000_000],
  ['opus-4-6', 1_000_000],
  ['claude-sonnet-4-5-20250929', 200_000],
  ['haiku-4-5', 200_000],
  ['claude-opus-4-20250514', 200_000],
  ['qwen3:8b', 200_000],
])('the window of %s has %i tokens', (model, tokens) => {
  expect(modelWindow(model)).toBe(tokens);
});
