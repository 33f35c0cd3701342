import { describe, expect, it } from 'vitest';
import { configuredMode } from '../../src/model/cache-mode.js';
import { cacheUseOf, isWarm } from '../../src/model/cache-use.js';
import type { CacheFacts } from '../../src/model/cache-use.js';

const startedAt = new Date('2026-11-21T10:00:00Z');
const ago = (minutes: number): Date => new Date(startedAt.getTime() - minutes * 60_000);
const tokens = { input: 3, output: 10, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

/** A prefix of 3,000 tokens, 1,500 of them tools, and a message of 1,000. */
function use(change: Partial<CacheFacts> = {}) {
  return cacheUseOf({
    ttl: '5m',
    startedAt,
    first: { ...tokens, cacheWrite5m: 3997 },
    characters: { whole: 10_500, tools: 5250, message: 3500 },
    minimum: 1024,
    lastUse: null,
    ...change,
  });
}

describe('what became of the prefix', () => {
  const warm = { at: ago(2), ttl: '5m' } as const;

  it('is that it was read, when more was read than the tools', () => {
    expect(use({ first: { ...tokens, cacheRead: 3000, cacheWrite5m: 997 }, lastUse: warm })).toBe('warm');
  });

  it('is that it was written, when nobody had used it lately', () => {
    expect([use(), use({ lastUse: { at: ago(30), ttl: '5m' } })]).toEqual(['written', 'written']);
  });

  it('is drift, when it should have been there: also when only the tools were', () => {
    expect(use({ lastUse: warm })).toBe('drifted');
    expect(use({ first: { ...tokens, cacheRead: 1500, cacheWrite5m: 2497 }, lastUse: warm })).toBe('drifted');
    expect(use({ lastUse: { at: ago(30), ttl: '1h' } })).toBe('drifted');
  });

  it('is that it is too short, whatever else was cached', () => {
    expect(use({ minimum: 4096, lastUse: warm })).toBe('too-short');
    expect(use({ minimum: 4096, first: { ...tokens, input: 4000 } })).toBe('too-short');
  });

  it('is nothing without caching: switched off, or unknown to the server', () => {
    expect(use({ ttl: 'off', first: { ...tokens, input: 4000 } })).toBe('off');
    expect(use({ first: { ...tokens, input: 4000 }, lastUse: warm })).toBe('off');
  });

  it('is measured in the request’s own tokens', () => {
    const dense = { ...tokens, cacheRead: 1500, cacheWrite5m: 2497 };

    expect(use({ first: { ...dense, cacheRead: 6000, cacheWrite5m: 1997 }, lastUse: warm })).toBe('warm');
    expect(use({ first: { ...dense, cacheRead: 3000, cacheWrite5m: 4997 }, lastUse: warm })).toBe('drifted');
  });
});

describe('a prefix', () => {
  it('is warm for its time to live, less a minute for the answer that the record waited for', () => {
    const ages = [3, 3.9, 4.1, 58, 60];

    expect(ages.map((age) => isWarm({ at: ago(age), ttl: '5m' }, startedAt))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(ages.map((age) => isWarm({ at: ago(age), ttl: '1h' }, startedAt))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('the mode of a model', () => {
  it('is its own, under any name of it, else that of all', () => {
    const models = { haiku: { mode: 'off' }, 'claude-opus-5': { minimum: 600 } } as const;
    const mode = (model: string) => configuredMode(model, { mode: '1h', models });

    expect(['haiku', 'claude-haiku-5-5', 'claude-opus-5', 'sonnet'].map(mode)).toEqual([
      'off',
      'off',
      '1h',
      '1h',
    ]);
  });
});
