import { describe, expect, it } from 'vitest';
import { crossCheck } from '../../src/agent/cross-check.js';
import { nothingEarlier } from '../../src/agent/earlier.js';
import type { RunResult } from '../../src/agent/result.js';
import type { Attempt } from '../../src/model/attempt.js';
import type { ModelMessage, TokenCounts } from '../../src/model/usage.js';

const none = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

describe('crossCheck', () => {
  const listed: ModelMessage = {
    ...{ id: 'a', model: 'sonnet', isSidechain: false, isEstimate: false },
    tokens: { input: 10, output: 20, cacheRead: 30, cacheWrite5m: 1, cacheWrite1h: 39 },
  };
  const same = { sonnet: { input: 10, output: 20, cacheRead: 30, cacheWrite5m: 40, cacheWrite1h: 0 } };
  const reported = { input: 10, output: 20, cacheRead: 30, cacheWrite: 40, costUsd: 0.5 };

  it('takes the binary at its word, whatever it calls the model', () => {
    expect(check({ modelUsage: same })).toEqual({ reported, unlisted: [] });
    expect(check({ modelUsage: { 'sonnet[1m]': same.sonnet } })).toEqual({ reported, unlisted: [] });
  });

  it('has nothing to say when the binary died before it had', () => {
    expect(crossCheck(null, { place, listed: [listed], earlier: nothingEarlier })).toEqual({
      reported: null,
      unlisted: [],
    });
  });

  it('finds one more message in what the binary counted beyond, of the model that nobody listed', () => {
    const haiku = { ...none, input: 500, output: 50 };

    const { unlisted } = check({ modelUsage: { ...same, haiku } });

    expect(unlisted).toEqual([
      { id: 's:unlisted', model: 'haiku', tokens: haiku, isSidechain: true, isEstimate: true },
    ]);
  });

  it('doesn’t take an estimate for listed: the binary doesn’t count answers that broke off', () => {
    const brokenOff = { ...listed, id: 'b', isEstimate: true };

    expect(check({ modelUsage: same, messages: [listed, brokenOff] }).unlisted).toEqual([]);
  });

  it('books what a resumed run counted beyond under a name of its own', () => {
    const haiku = { ...none, input: 5 };

    const { unlisted } = check({ modelUsage: { ...same, haiku }, earlier: { ...none, input: 1000 } });

    expect(unlisted.map(({ id, tokens }) => [id, tokens.input])).toEqual([['s:agent-1-abc:unlisted', 5]]);
  });

  it('takes the earlier runs off the sums of a version that adds up the session', () => {
    const earlier = { ...none, input: 7, cacheRead: 5 };
    const sonnet = { ...same.sonnet, input: 17, cacheRead: 35 };

    expect(check({ modelUsage: { sonnet }, earlier })).toEqual({
      reported: { ...reported, costUsd: null },
      unlisted: [],
    });
  });

  const place = { attempt: attemptOf('s'), directory: '/runs/agent-1-abc' };

  function check({
    modelUsage,
    messages = [listed],
    earlier,
  }: {
    modelUsage: Readonly<Record<string, TokenCounts>>;
    messages?: readonly ModelMessage[];
    earlier?: TokenCounts;
  }) {
    const before = earlier === undefined ? nothingEarlier : { ids: new Set(['old']), tokens: earlier };
    return crossCheck(resultOf(modelUsage), { place, listed: messages, earlier: before });
  }
});

function attemptOf(sessionId: string): Attempt {
  const place = { target: 't', item: 'i', plan: 'p', base: '0'.repeat(40), directory: '/runs' };
  return { ...place, uuid: 'u', number: 1, sessionId };
}

function resultOf(modelUsage: RunResult['modelUsage']): RunResult {
  return {
    ...{ subtype: 'success', isError: false, text: '', structured: undefined, apiStatus: null },
    ...{ stopReason: null, terminalReason: null, turns: 1, costUsd: 0.5, permissionDenials: 0, errors: [] },
    modelUsage,
  };
}
