import { describe, expect, it } from 'vitest';
import { formatCount, formatTokens, formatUsage, formatUsd, sha7 } from '../../src/model/format.js';
import { noUsage } from '../../src/model/usage.js';

describe('figures for people', () => {
  it.each([
    [0, '0 tokens'],
    [1, '1 token'],
    [999, '999 tokens'],
    [1000, '1.0k tokens'],
    [41_249, '41.2k tokens'],
    [999_949, '999.9k tokens'],
    [999_950, '1.00M tokens'],
    [1_250_000, '1.25M tokens'],
  ])('writes %d tokens as %s', (count, expected) => {
    expect(formatTokens(count)).toBe(expected);
  });

  it.each([
    [null, 'price unknown'],
    [0, '$0.00'],
    [0.31, '$0.31'],
    [12.345, '$12.35'],
    [0.0042, '$0.0042'],
    [0.0000003, '<$0.0001'],
    [-0.5, '-$0.50'],
  ])('writes the amount %s as %s', (amount, expected) => {
    expect(formatUsd(amount)).toBe(expected);
  });

  it('writes counts for a column of a table', () => {
    expect([0, 28, 999, 5500, 870_900, 999_949, 999_950, 9_500_000, 22_849_999].map(formatCount)).toEqual([
      ...['0', '28', '999', '5.5k', '870.9k', '999.9k', '1.0M', '9.5M', '22.8M'],
    ]);
  });

  it('writes a usage with every kind of token in it', () => {
    const usage = { ...noUsage, input: 200, output: 1000, cacheRead: 40_000, costUsd: 0.31 };

    expect(formatUsage(usage)).toBe('41.2k tokens, $0.31');
  });

  it('writes a commit by its first seven digits', () => {
    expect(sha7('1f3c9ab0e4d2c5b6a7988796a5b4c3d2e1f00112')).toBe('1f3c9ab');
  });
});
