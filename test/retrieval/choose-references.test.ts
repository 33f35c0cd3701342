import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseReferences } from '../../src/retrieval/choose-references.js';
import type { ReferenceFacts } from '../../src/retrieval/choose-references.js';

/** US dollars per token of a model at 2 per million, read at a twentieth, written at 1.25 times. */
const rates = { input: 2e-6, cacheRead: 0.1e-6, cacheWrite: 2.5e-6 };

const facts: ReferenceFacts = {
  ...{ fullTokens: 20_000, prefixTokens: 2000, sharedTokens: 0, retrievedTokens: 2000, calls: 10, misses: 0 },
  ...{ rates, cacheMinimum: 1024, embeddingUsd: 0, roomTokens: 150_000, isRetrievedBound: false },
};

describe('the rule of cost', () => {
  it('takes what is found for few calls, and says both numbers', () => {
    expect(chooseReferences({ ...facts, calls: 2 })).toEqual({
      use: 'retrieved',
      fullUsd: 22_000 * 2.5e-6 + 22_000 * 0.1e-6,
      retrievedUsd: 2000 * 2.5e-6 + 2000 * 0.1e-6 + 2 * 2000 * 2e-6,
      fits: true,
      why: 'what is found costs less than all references: $0.06 for all, $0.01 for what is found (for 2 calls)',
    });
  });

  it('takes all documents once their prefix is read often enough', () => {
    expect(chooseReferences({ ...facts, calls: 40 })).toMatchObject({
      use: 'full',
      why: 'all references cost no more than what is found: $0.14 for all, $0.17 for what is found (for 40 calls)',
    });
  });

  it('counts plain input where one call pays no write', () => {
    const { fullUsd } = chooseReferences({ ...facts, calls: 1 });

    expect(fullUsd).toBe(22_000 * 2e-6);
  });

  it('counts plain input under what the model caches', () => {
    const short = { ...facts, fullTokens: 500, prefixTokens: 100, retrievedTokens: 400, cacheMinimum: 1024 };

    expect(chooseReferences(short)).toMatchObject({
      use: 'retrieved',
      fullUsd: 10 * 600 * 2e-6,
      retrievedUsd: 10 * 100 * 2e-6 + 10 * 400 * 2e-6,
    });
  });

  it('sees that the documents bring a short prefix into the cache', () => {
    const short = {
      ...facts,
      fullTokens: 1200,
      prefixTokens: 1000,
      retrievedTokens: 300,
      cacheMinimum: 1024,
    };

    expect(chooseReferences(short).use).toBe('full');
  });

  describe('with calls that miss', () => {
    it('counts all references for them: written once, read by the others, beside the prefix of the rest', () => {
      const choice = chooseReferences({ ...facts, misses: 4 });

      expect(choice.retrievedUsd).toBeCloseTo(
        2000 * (2.5e-6 + 5 * 0.1e-6) + 6 * 2000 * 2e-6 + 22_000 * (2.5e-6 + 3 * 0.1e-6),
        12,
      );
      expect(choice).toMatchObject({
        use: 'full',
        why: 'all references cost no more than what is found: $0.07 for all, $0.09 for what is found (for 10 calls, 4 of which miss and get all)',
      });
      expect(chooseReferences({ ...facts, misses: 0 }).use).toBe('retrieved');
    });

    it('writes what stands before the references once for both prefixes', () => {
      const apart = chooseReferences({ ...facts, misses: 4 }).retrievedUsd ?? Number.NaN;
      const shared = chooseReferences({ ...facts, misses: 4, sharedTokens: 1500 }).retrievedUsd;

      expect(shared).toBeCloseTo(apart - 1500 * (2.5e-6 - 0.1e-6), 12);
      expect(chooseReferences({ ...facts, misses: 4, sharedTokens: 1000 }).retrievedUsd).toBe(apart);
    });

    it('costs as much as all references where every call misses', () => {
      const choice = chooseReferences({ ...facts, misses: 10, sharedTokens: 1500 });

      expect(choice.retrievedUsd).toBe(choice.fullUsd);
      expect(choice.use).toBe('full');
    });

    it('still takes what is found where few miss, and says so', () => {
      expect(chooseReferences({ ...facts, calls: 8, misses: 1, fullTokens: 90_000 })).toMatchObject({
        use: 'retrieved',
        why: 'what is found costs less than all references: $0.29 for all, $0.26 for what is found (for 8 calls, 1 of which misses and gets all)',
      });
    });

    it('says when only vectors could tell', () => {
      const choice = chooseReferences({ ...facts, misses: null });

      expect(choice.retrievedUsd).toBe(chooseReferences(facts).retrievedUsd);
      expect(choice.why).toContain(
        '(for 10 calls, without those that miss and get all, which only their vectors can tell)',
      );
    });
  });

  it('says “at most” where nobody knows how much is found', () => {
    const bound = { ...facts, isRetrievedBound: true };

    expect([2, 40].map((calls) => chooseReferences({ ...bound, calls }).why)).toEqual([
      'what is found costs less than all references: $0.06 for all, at most $0.01 for what is found (for 2 calls)',
      'all references cost no more than what is found costs at most: $0.14 for all, at most $0.17 for what is found (for 40 calls)',
    ]);
    expect(chooseReferences({ ...bound, rates: null }).why).not.toContain('at most');
  });

  it('counts what embedding costs', () => {
    expect(chooseReferences({ ...facts, embeddingUsd: 0 }).use).toBe('retrieved');
    expect(chooseReferences({ ...facts, embeddingUsd: 0.05 }).use).toBe('full');
  });

  it('takes all documents when both cost the same', () => {
    expect(chooseReferences({ ...facts, calls: 1, retrievedTokens: 20_000, prefixTokens: 0 })).toMatchObject({
      use: 'full',
      fullUsd: 0.04,
      retrievedUsd: 0.04,
    });
  });

  it('takes what is found when all documents don’t fit, whatever they cost', () => {
    expect(chooseReferences({ ...facts, calls: 40, roomTokens: 15_000 })).toMatchObject({
      use: 'retrieved',
      fits: false,
      why: 'all references have 20.0k tokens and a call has room for 15.0k tokens: $0.14 for all, $0.17 for what is found (for 40 calls)',
    });
  });

  it.each([
    ['always', 40, 'retrieved'],
    ['never', 2, 'full'],
  ] as const)('does what regen.yaml says: %s', (wanted, calls, use) => {
    const choice = chooseReferences({ ...facts, calls }, wanted);

    expect(choice.use).toBe(use);
    expect(choice.why).toMatch(/^as regen\.yaml says: \$\d\.\d\d for all, \$\d\.\d\d for what is found/);
  });

  it.each([
    [{ rates: null }, 'full', 'price unknown for all, price unknown for what is found'],
    [{ rates: null, roomTokens: 100 }, 'retrieved', 'all references have'],
    [{ embeddingUsd: null }, 'retrieved', 'without its embeddings, which have no price'],
  ] as const)('never guesses a price: %j', (unknown, use, words) => {
    const choice = chooseReferences({ ...facts, ...unknown });

    expect(choice.use).toBe(use);
    expect(choice.why).toContain(words);
  });

  it('never takes what costs more', () => {
    const tokens = fc.nat(100_000);
    const price = fc.double({ min: 0, max: 1e-4, noNaN: true });
    const any = fc.record({
      ...{ fullTokens: tokens, prefixTokens: tokens, sharedTokens: fc.constant(0), retrievedTokens: tokens },
      ...{ calls: fc.nat(200), misses: fc.nat(200) },
      rates: fc.record({ input: price, cacheRead: price, cacheWrite: price }),
      ...{ cacheMinimum: fc.nat(5000), embeddingUsd: price, roomTokens: fc.constant(null) },
      isRetrievedBound: fc.boolean(),
    });
    fc.assert(
      fc.property(any, (given) => {
        const { use, fullUsd, retrievedUsd } = chooseReferences(given);

        expect((use === 'retrieved' ? retrievedUsd : fullUsd) ?? 0).toBe(
          Math.min(fullUsd ?? 0, retrievedUsd ?? 0),
        );
      }),
    );
  });
});
