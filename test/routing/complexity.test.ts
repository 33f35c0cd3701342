import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complexityParts } from '../../src/model/route.js';
import type { ItemFacts } from '../../src/model/route.js';
import { complexityOf } from '../../src/routing/complexity.js';
import { anyFacts, anyWeights, paragraph } from './any-facts.js';

describe('the score of an item', () => {
  it('says in words what it is made of', () => {
    const facts = { ...paragraph, words: 640, lines: 12, kind: 'section' as const, links: 3, failures: 1 };

    expect(complexityOf(facts)).toEqual({
      score: 0.58,
      parts: [
        { name: 'size', value: 0.31, text: '640 words: 0.31' },
        { name: 'kind', value: 0.1, text: 'kind section: 0.10' },
        { name: 'links', value: 0.02, text: '3 links: 0.02' },
        { name: 'failures', value: 0.15, text: '1 failed attempt: 0.15' },
      ],
    });
  });

  it.each<[string, Partial<ItemFacts>, number]>([
    ['a rule', { kind: 'rule', words: 0, lines: 1 }, 0.01],
    ['a paragraph of 80 words', {}, 0.11],
    ['a table of 12 lines', { kind: 'table', words: 90, lines: 12 }, 0.16],
    ['a function of 60 lines', { kind: 'function', words: 240, lines: 60, nesting: 3, code: 1 }, 0.58],
    ['a page of 900 words', { kind: 'file', words: 900, lines: 120, nesting: 2, links: 8, code: 0.2 }, 0.68],
    [
      'five long files',
      { kind: 'files', files: 5, words: 3000, lines: 400, nesting: 4, links: 30, code: 0.5 },
      1,
    ],
  ])('of %s', (_what, facts, score) => {
    expect(complexityOf({ ...paragraph, ...facts }).score).toBe(score);
  });

  it('measures by lines where these say more', () => {
    const { parts } = complexityOf({ ...paragraph, words: 100, lines: 200 });

    expect(parts[0]).toEqual({ name: 'size', value: 0.45, text: '200 lines: 0.45' });
  });

  it('takes the weights of the settings, and the usual ones for the rest', () => {
    const facts = { ...paragraph, links: 10 };

    expect(complexityOf(facts, { size: 0, kind: 1 }).parts).toEqual([
      { name: 'kind', value: 0.25, text: 'kind paragraph: 0.25' },
      { name: 'links', value: 0.05, text: '10 links: 0.05' },
    ]);
  });

  it('is between 0 and 1, and the sum of its parts', () => {
    fc.assert(
      fc.property(anyFacts, anyWeights, (facts, weights) => {
        const { score, parts } = complexityOf(facts, weights);

        const sum = parts.reduce((total, { value }) => total + value, 0);
        expect(score).toBeCloseTo(Math.min(1, sum), 10);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(String(score)).toMatch(/^[01](\.\d{1,2})?$/);
        for (const { value, text } of parts) expect(text.endsWith(`: ${value.toFixed(2)}`)).toBe(true);
        expect(parts.map(({ name }) => name)).toEqual(
          complexityParts.filter((name) => parts.some((part) => part.name === name)),
        );
      }),
    );
  });

  it('is the same for the same facts, and more of anything never lowers it', () => {
    const counts = ['words', 'lines', 'files', 'nesting', 'links', 'failures', 'changeRequests'] as const;
    fc.assert(
      fc.property(
        anyFacts,
        anyWeights,
        fc.constantFrom(...counts),
        fc.nat(5000),
        (facts, weights, name, more) => {
          const { score } = complexityOf(facts, weights);

          expect(complexityOf({ ...facts }, { ...weights }).score).toBe(score);
          expect(
            complexityOf({ ...facts, [name]: facts[name] + more }, weights).score,
          ).toBeGreaterThanOrEqual(score);
          expect(complexityOf({ ...facts, code: 1 }, weights).score).toBeGreaterThanOrEqual(score);
        },
      ),
    );
  });
});
