import { describe, expect, it } from 'vitest';
import { unlistedMessage } from '../../src/agent/unlisted.js';
import type { ModelMessage, TokenCounts } from '../../src/model/usage.js';

const none: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

function listed(model: string, tokens: Partial<TokenCounts>): ModelMessage {
  return { id: model, model, tokens: { ...none, ...tokens }, isSidechain: false, isEstimate: false };
}

const reported = { input: 10, output: 60, cacheRead: 0, cacheWrite: 300, costUsd: 0.1 };

describe('calls that nobody lists', () => {
  it('wrote to the cache for an hour when the run’s other calls did', () => {
    const messages = [listed('sonnet', { output: 20, cacheWrite1h: 200 })];
    const modelUsage = { sonnet: { ...none, input: 10, output: 60, cacheWrite5m: 300 } };

    const message = unlistedMessage({ id: 'run', modelUsage, reported, messages });

    expect(message).toEqual({
      ...{ id: 'run', model: 'sonnet', isSidechain: true, isEstimate: true },
      tokens: { input: 10, output: 40, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 100 },
    });
  });

  it('are of the model whose messages don’t come to what it counted, when each has some', () => {
    const messages = [listed('sonnet', { output: 20 }), listed('haiku', { output: 5, cacheWrite5m: 300 })];
    const modelUsage = { sonnet: { ...none, output: 20 }, haiku: { ...none, input: 10, output: 40 } };

    const message = unlistedMessage({ id: 'run', modelUsage, reported, messages });

    expect(message?.model).toBe('haiku');
  });
});
