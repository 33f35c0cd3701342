import { describe, expect, it } from 'vitest';
import { boilerplateOf } from '../../src/model/boilerplate.js';
import { cacheMinimum } from '../../src/model/cache-minimum.js';
import { contextFit, contextText, outputReserve } from '../../src/model/context-fit.js';

describe('agent.context', () => {
  const agent = { model: 'local', profile: 'lean', tools: [] } as const;
  const segments = [
    { layer: 'static', source: 'rules.md', text: 'r'.repeat(350) },
    { layer: 'item', source: 'data.json', text: 'd'.repeat(3500) },
  ] as const;

  it('has room for the prompt, what Claude Code adds and an answer, or names what is too big', () => {
    const { prefix, message } = boilerplateOf(agent);
    const prompt = Math.ceil((3850 + prefix + message) / 3.5);
    const window = 2000;

    const fit = contextFit({ ...agent, context: window }, segments);

    expect(fit).toEqual({
      ...{ window, reserve: 500, needed: prompt + 500, fits: true },
      biggest: { layer: 'item', source: 'data.json', tokens: 1000 },
    });
    const small = contextFit({ ...agent, context: 1500 }, segments);
    expect(small?.fits).toBe(false);
    expect(small === null ? '' : contextText(small)).toBe(
      `the prompt needs about ${prompt + 375} tokens with 375 for the answer, and the window has 1500 (agent.context); the biggest part is data.json (item, about 1000)`,
    );
  });

  it('isn’t looked at when nobody said how large the window is', () => {
    expect(contextFit({ ...agent, context: undefined }, segments)).toBe(null);
  });

  it('keeps at most 8,192 tokens free', () => {
    expect([outputReserve(1_000_000), outputReserve(4096)]).toEqual([8192, 1024]);
  });
});

describe('the shortest prefix that is cached', () => {
  it.each([
    ['sonnet', 512],
    ['claude-opus-5-5', 512],
    ['claude-haiku-5-5', 512],
    ['claude-sonnet-4-5-20250929', 1024],
    ['claude-opus-4-8[1m]', 1024],
    ['claude-sonnet-5', 1024],
    ['opus-4-7', 2048],
    ['claude-haiku-4-5', 4096],
  ])('of %s is %i tokens, by the table', (model, tokens) => {
    expect(cacheMinimum(model, null)).toEqual({ tokens, source: 'table' });
  });

  it('is regen.yaml’s where it says so, under any name of the model', () => {
    const cache = { models: { 'claude-sonnet-5-5': { minimum: 2048 } } };

    expect(cacheMinimum('sonnet', cache)).toEqual({ tokens: 2048, source: 'config' });
  });

  it('is assumed for a model that nobody wrote anything down of', () => {
    expect(cacheMinimum('qwen3-coder', { models: { qwen: { minimum: 1 } } })).toEqual({
      ...{ tokens: 1024, source: 'assumed' },
    });
  });
});
