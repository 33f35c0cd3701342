import { describe, expect, it } from 'vitest';
import {
  knowsNoCache,
  lastUse,
  measuredTokens,
  ofModel,
  ofPrefix,
  pastSessions,
} from '../../src/step/cache-history.js';
import type { MessageRow, RunRow } from '../../src/model/ledger.js';
import { noUsage } from '../../src/model/usage.js';
import { messageRow, runRow } from '../support/ledger-rows.js';

const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 20, 11, minutes)).toISOString();

function request(session: string, minutes: number, more: Partial<MessageRow> = {}): MessageRow {
  return messageRow({ session, at: at(minutes), prefixHash: 'p', cacheRead: 3000, input: 7, ...more });
}

describe('past sessions', () => {
  it('have the gap to the last use of their prefix, and their requests with the gaps between', () => {
    const rows = [
      request('one', 0, { cacheRead: 0, cacheWrite5m: 4000 }),
      request('one', 2, { cacheRead: 4000 }),
      request('two', 9),
      request('other prefix', 10, { prefixHash: 'q' }),
    ];

    expect(pastSessions(rows, 'agent')).toEqual([
      {
        gapMs: null,
        requests: [
          { gapMs: 0, prompt: 4007 },
          { gapMs: 120_000, prompt: 4007 },
        ],
      },
      { gapMs: 420_000, requests: [{ gapMs: 0, prompt: 3007 }] },
      { gapMs: null, requests: [{ gapMs: 0, prompt: 3007 }] },
    ]);
  });

  it('are those of the stage and of the model that it asks now, without subagents', () => {
    const rows = [
      request('old model', 0, { model: 'claude-opus-4-7' }),
      request('judge', 1, { stage: 'evaluate' }),
      request('mine', 2),
      request('mine', 3, { isSidechain: true }),
    ];

    expect(pastSessions(rows, 'agent').map(({ requests }) => requests.length)).toEqual([1]);
  });
});

describe('two prefixes of one stage', () => {
  const rows = [
    request('found', 0, { stage: 'worker', cacheRead: 0, cacheWrite5m: 3000 }),
    request('missed', 1, { stage: 'worker', prefixHash: 'q', cacheRead: 2900, cacheWrite5m: 30_000 }),
    request('found again', 2, { stage: 'worker' }),
  ];

  it('say nothing about each other once both are in use', () => {
    const found = pastSessions(ofPrefix(rows, { stage: 'worker', prefixHash: 'p' }), 'worker');

    expect(found.map(({ gapMs }) => gapMs)).toEqual([null, 120_000]);
    expect(ofPrefix(rows, { stage: 'worker', prefixHash: 'new' })).toEqual(rows);
  });

  it('are as long as those were told who read all of it', () => {
    const missed = { stage: 'worker', prefixHash: 'q', isPartAlike: true };
    const again = request('missed again', 3, { stage: 'worker', prefixHash: 'q', cacheRead: 32_900 });

    expect(measuredTokens(rows, missed)).toBeNull();
    expect(measuredTokens([...rows, again], missed)).toBe(32_900);
  });

  it('are read whole by a loop that writes its message, where another has left them in the cache', () => {
    const loop = { stage: 'worker', isPartAlike: true, isLoop: true };
    const missed = (session: string, minutes: number, cacheRead: number) =>
      request(session, minutes, { stage: 'worker', prefixHash: 'q', cacheRead, cacheWrite5m: 500 });
    const late = missed('too late', 30, 2900);

    expect(measuredTokens([...rows, missed('turn', 1, 33_000)], { ...loop, prefixHash: 'p' })).toBe(3000);
    expect(measuredTokens(rows, { ...loop, prefixHash: 'q' })).toBeNull();
    expect(measuredTokens([...rows, late], { ...loop, prefixHash: 'q' })).toBeNull();
    expect(measuredTokens([...rows, missed('soon', 3, 32_900)], { ...loop, prefixHash: 'q' })).toBe(32_900);
    expect(measuredTokens([...rows, missed('missed', 2, 33_400)], { ...loop, prefixHash: 'q' })).toBeNull();
  });
});

describe('a prefix', () => {
  it('was last used by whoever read or wrote it before the instant, for as long as it was written for', () => {
    const rows = [
      request('one', 0, { cacheWrite1h: 50 }),
      request('two', 4),
      request('three', 6, { model: 'claude-haiku-4-5' }),
      request('four', 7, { cacheRead: 0, input: 3000 }),
      request('five', 20),
    ];
    const before = new Date(at(10));

    expect(lastUse(rows, { prefixHash: 'p', model: 'claude-opus-4-8', before })).toEqual({
      at: new Date(at(4)),
      ttl: '1h',
    });
    expect(lastUse(rows, { prefixHash: 'p', model: null, before })?.at).toEqual(new Date(at(6)));
    expect(lastUse(rows, { prefixHash: 'q', model: null, before })).toBeNull();
  });

  it('is in each model’s own cache: what others read and wrote doesn’t count', () => {
    const rows = [
      request('one', 0, { model: 'claude-sonnet-5-5' }),
      request('two', 4, { model: 'claude-haiku-5-5' }),
      runRow({ prefixHash: 'p' }),
    ];
    const question = { prefixHash: 'p', model: null, before: new Date(at(10)) };

    expect(lastUse(ofModel(rows, 'sonnet'), question)?.at).toEqual(new Date(at(0)));
    expect(lastUse(ofModel(rows, 'opus'), question)).toBeNull();
    expect(lastUse(ofModel(rows, 'default'), question)?.at).toEqual(new Date(at(4)));
  });

  it('is as long as its first readers were told', () => {
    const rows = [
      request('one', 0, { cacheRead: 0 }),
      request('one', 1, { cacheRead: 9000 }),
      request('two', 2),
    ];
    const key = { stage: 'agent', prefixHash: 'p' };

    expect(measuredTokens(rows, key)).toBe(3000);
    expect(measuredTokens(rows.slice(0, 2), key)).toBeNull();
  });
});

describe('a server', () => {
  const run = (more: Partial<RunRow> = {}) =>
    runRow({ usage: { ...noUsage, requests: 4, input: 9000 }, ...more });

  it('knows no cache when three runs of several requests in a row left no trace of one', () => {
    const cached = run({ usage: { ...noUsage, requests: 4, cacheRead: 1 } });
    const short = run({ usage: { ...noUsage, requests: 1 } });

    expect(knowsNoCache([cached, run(), run(), short, run()])).toBe(true);
    expect(knowsNoCache([run(), run()])).toBe(false);
    expect(knowsNoCache([run(), run(), cached])).toBe(false);
  });

  it('isn’t judged by runs that were told to leave the cache alone', () => {
    expect(knowsNoCache([run({ ttl: 'off' }), run({ ttl: 'off' }), run({ ttl: 'off' })])).toBe(false);
    expect(knowsNoCache([run(), run(), run(), run({ ttl: 'off' })])).toBe(true);
  });
});
