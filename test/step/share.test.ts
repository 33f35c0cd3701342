import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOf } from '../../src/step/share.js';
import type { SharedLimit, Wish } from '../../src/step/share.js';

const free: SharedLimit = { left: 10, reserved: 0, holders: 0 };
const alone: Wish = { atMost: null, atLeast: 0, slots: 1 };

describe('what a run may set aside', () => {
  it('is all that is left when it is alone', () => {
    expect(shareOf([free], alone)).toEqual({ kind: 'share', usd: 10 });
  });

  it('is no more than the item’s rest', () => {
    expect(shareOf([free], { ...alone, atMost: 2 })).toEqual({ kind: 'share', usd: 2 });
  });

  it('is the same for each of several that work at once, in whatever order they come', () => {
    const shares: number[] = [];
    for (let holders = 0; holders < 4; holders += 1) {
      const reserved = shares.reduce((sum, usd) => sum + usd, 0);
      const share = shareOf([{ left: 10, reserved, holders }], { ...alone, slots: 4 });
      shares.push(share.kind === 'share' ? share.usd : NaN);
    }

    expect(shares).toEqual([2.5, 2.5, 2.5, 2.5]);
  });

  it('is the least that the limits allow', () => {
    expect(shareOf([free, { left: 3, reserved: 0, holders: 0 }], alone)).toEqual({ kind: 'share', usd: 3 });
  });

  it('is nothing while others hold all that is left', () => {
    const limit = { left: 10, reserved: 10, holders: 2 };

    expect(shareOf([limit], { ...alone, slots: 4 })).toEqual({ kind: 'held', limit });
  });

  it('is nothing while others hold what it needs, and more than its share if need be when they don’t', () => {
    const limit = { left: 10, reserved: 9.9, holders: 1 };

    expect(shareOf([limit], { ...alone, atLeast: 0.2, slots: 2 })).toEqual({ kind: 'held', limit });
    expect(shareOf([free], { ...alone, atMost: 6, atLeast: 6, slots: 4 })).toEqual({ kind: 'share', usd: 6 });
  });

  it('is whatever is left, however little, when nobody would give anything back', () => {
    const limit = { left: 0.01, reserved: 0, holders: 0 };

    expect(shareOf([limit], { ...alone, atLeast: 5 })).toEqual({ kind: 'share', usd: 0.01 });
  });

  it('never comes to more than the limit with what the others hold', () => {
    const usd = fc.double({ min: 0.001, max: 100, noNaN: true });
    const wish = fc.record({
      atMost: fc.option(usd),
      atLeast: fc.oneof(fc.constant(0), usd),
      slots: fc.integer({ min: 1, max: 8 }),
    });

    fc.assert(
      fc.property(usd, fc.array(wish, { minLength: 1, maxLength: 8 }), (left, wishes) => {
        const held: number[] = [];
        for (const one of wishes) {
          const reserved = held.reduce((sum, each) => sum + each, 0);
          const share = shareOf([{ left, reserved, holders: held.length }], one);
          if (share.kind === 'share') held.push(share.usd);
        }

        expect(held.every((each) => each > 0)).toBe(true);
        expect(held.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(left * (1 + 1e-9));
      }),
    );
  });
});
