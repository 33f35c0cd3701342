import { describe, expect, it } from 'vitest';
import { chooseTtl } from '../../src/model/cache-ttl.js';
import type { PastSession, PriceOf } from '../../src/model/cache-ttl.js';
import { costAt } from '../../src/model/rate.js';

/** Sonnet 5 in November 2026. */
const rate = { input: 2, output: 10, cacheRead: 0.2, cacheWrite5m: 2.5, cacheWrite1h: 4 };
const priceOf: PriceOf = (tokens) => costAt(rate, tokens);
const minute = 60_000;

/** Sessions whose prefix of 4,000 tokens was used so many minutes before, and whose requests add 1,000 tokens each. */
function sessions(gaps: readonly number[], requests: number, between = 0.5): PastSession[] {
  return gaps.map((gap) => ({
    gapMs: gap * minute,
    requests: Array.from({ length: requests }, (_, index) => ({
      gapMs: index === 0 ? 0 : between * minute,
      prompt: 5000 + 1000 * index,
    })),
  }));
}

function choose(past: readonly PastSession[]) {
  return chooseTtl(past, 4000, priceOf);
}

describe('the time to live', () => {
  it('is five minutes while too little is known', () => {
    expect(choose(sessions([1, 1], 4))).toEqual({ ttl: '5m', usd: null, sessions: 2 });
    expect(chooseTtl(sessions([9, 9, 9], 1), 4000, () => null)).toEqual({
      ttl: '5m',
      usd: null,
      sessions: 3,
    });
    const unrelated = sessions([1, 1, 1], 4).map((session) => ({ ...session, gapMs: null }));
    expect(choose(unrelated).usd).toBeNull();
  });

  it('is five minutes when items follow each other', () => {
    expect(choose(sessions([1, 2, 1], 14)).ttl).toBe('5m');
  });

  it('is an hour when they don’t, and the conversation is short', () => {
    expect(choose(sessions([20, 25, 30], 2)).ttl).toBe('1h');
  });

  it('stays at five minutes when an hour’s price of a long conversation eats up what the prefix saves', () => {
    expect(choose(sessions([20, 25, 30], 14)).ttl).toBe('5m');
  });

  it('is an hour when the conversation itself waits longer than five minutes', () => {
    expect(choose(sessions([1, 2, 1], 14, 8)).ttl).toBe('1h');
  });

  it('is none when nothing is ever read again', () => {
    expect(choose(sessions([90, 120, 100], 1)).ttl).toBe('off');
  });

  it('comes with what a session’s prompts would cost under each', () => {
    // 5 requests' worth by hand: 4,000 read, 1,000 written; 5,000 read, 1,000 written.
    const { usd } = choose(sessions([1, 1, 1], 2));

    expect(usd?.['5m']).toBeCloseTo((4000 * 0.2 + 1000 * 2.5 + 5000 * 0.2 + 1000 * 2.5) / 1e6, 12);
    expect(usd?.['1h']).toBeCloseTo((4000 * 0.2 + 1000 * 4 + 5000 * 0.2 + 1000 * 4) / 1e6, 12);
    expect(usd?.off).toBeCloseTo((5000 * 2 + 6000 * 2) / 1e6, 12);
  });

  it('counts the prefix alone as still there after a conversation was summed up', () => {
    const requests = [9000, 5000].map((prompt) => ({ gapMs: 0, prompt }));
    const { usd } = choose(Array.from({ length: 3 }, () => ({ gapMs: minute, requests })));

    expect(usd?.['5m']).toBeCloseTo((4000 * 0.2 + 5000 * 2.5 + 4000 * 0.2 + 1000 * 2.5) / 1e6, 12);
  });
});
