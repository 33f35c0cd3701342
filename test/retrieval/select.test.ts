import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/retrieval/document.js';
import { chunksOf } from '../../src/retrieval/chunks.js';
import type { Ranked } from '../../src/retrieval/rank.js';
import { select } from '../../src/retrieval/select.js';
import { chunksText } from '../../src/retrieval/texts.js';

const chunks: readonly Chunk[] = Array.from({ length: 6 }, (_, place) => ({
  path: 'a.md',
  headings: [],
  text: `chunk ${place}`,
  place,
  tokens: 100,
}));

function ranking(...entries: readonly (readonly [place: number, coverage: number])[]): readonly Ranked[] {
  return entries.flatMap(([place, coverage]) => {
    const chunk = chunks[place];
    return chunk === undefined ? [] : [{ chunk, coverage }];
  });
}

function placesOf(selected: { readonly chunks: readonly Chunk[] }): readonly number[] {
  return selected.chunks.map(({ place }) => place);
}

describe('selecting chunks', () => {
  it('takes the best within both limits, and hands them over in document order', () => {
    const selected = select([ranking([4, 0.9], [1, 0.6], [2, 0.5])], { topK: 2, tokens: 1000 }, 0.3);

    expect(selected).toEqual({
      chunks: [chunks[1], chunks[4]],
      tokens: 200,
      coverage: 0.9,
      isMiss: false,
      perQuery: [{ coverage: 0.9, isMiss: false }],
    });
  });

  it('takes each item’s best before any item’s second best, and no chunk twice', () => {
    const rankings = [ranking([0, 1], [1, 1], [2, 1]), ranking([0, 1], [3, 1]), ranking([5, 1], [0, 1])];

    expect(placesOf(select(rankings, { topK: 3, tokens: 200 }, 0.3))).toEqual([0, 5]);
    expect(placesOf(select(rankings, { topK: 3, tokens: 400 }, 0.3))).toEqual([0, 1, 3, 5]);
  });

  it('leaves out what doesn’t fit for what does', () => {
    const [big, small] = [{ ...chunks[0], tokens: 500 } as Chunk, { ...chunks[1], tokens: 50 } as Chunk]; // both exist
    const rankings = [[big, small].map((chunk) => ({ chunk, coverage: 0.5 }))];

    expect(select(rankings, { topK: 2, tokens: 100 }, 0.3).chunks).toEqual([small]);
  });

  it.each([
    ['nothing is found', [], 1000, 0],
    ['too little is covered', ranking([1, 0.29]), 1000, 0.29],
    ['nothing of it fits', ranking([1, 0.9]), 50, 0],
  ])('is a miss when %s', (_what, found, tokens, coverage) => {
    expect(select([found], { topK: 3, tokens }, 0.3)).toMatchObject({ isMiss: true, coverage });
  });

  it('is a miss of the pack when it is one of an item’s, and says of which', () => {
    const selected = select([ranking([1, 0.8]), ranking([2, 0.1])], { topK: 3, tokens: 1000 }, 0.3);

    expect(selected).toMatchObject({
      coverage: 0.1,
      isMiss: true,
      perQuery: [
        { coverage: 0.8, isMiss: false },
        { coverage: 0.1, isMiss: true },
      ],
    });
  });

  it('has what covers enough among the best, whatever order the fusion has put it in', () => {
    const fused = ranking([0, 0.1], [1, 0.2], [2, 0.1], [3, 0.9], [4, 0.95]);

    const selected = select([fused], { topK: 3, tokens: 1000 }, 0.3);

    expect(placesOf(selected)).toEqual([0, 1, 3]);
    expect(selected).toMatchObject({ coverage: 0.9, isMiss: false });
    expect(placesOf(select([fused, ranking([5, 0.8])], { topK: 3, tokens: 200 }, 0.3))).toEqual([3, 5]);
  });

  it('never misses what nobody asked', () => {
    expect(select([], { topK: 3, tokens: 1000 }, 0.3)).toMatchObject({ chunks: [], isMiss: false });
  });

  it('keeps the token budget as sent, in document order, none twice, whatever is found', () => {
    const texts = fc.array(fc.string({ minLength: 1, maxLength: 400 }), { minLength: 1, maxLength: 20 });
    const orders = fc.array(
      fc.array(fc.record({ at: fc.nat(19), coverage: fc.double({ min: 0, max: 1, noNaN: true }) }), {
        maxLength: 20,
      }),
      { maxLength: 6 },
    );
    const limits = fc.record({
      topK: fc.integer({ min: 1, max: 8 }),
      tokens: fc.integer({ min: 0, max: 600 }),
    });
    fc.assert(
      fc.property(texts, orders, limits, (given, found, bound) => {
        const all = chunksOf([given.map((text) => ({ path: 'a.md', headings: ['A'], text }))], 3.5);
        const rankings = found.map((order) =>
          order.flatMap(({ at, coverage }) => {
            const chunk = all[at];
            return chunk === undefined ? [] : [{ chunk, coverage }];
          }),
        );
        const selected = select(rankings, bound, 0.3);
        const places = placesOf(selected);

        expect(selected.tokens).toBeLessThanOrEqual(bound.tokens);
        expect(Math.ceil(chunksText(selected.chunks).length / 3.5)).toBeLessThanOrEqual(bound.tokens);
        expect(places).toEqual([...new Set(places)].sort((left, right) => left - right));
        expect(selected.chunks.length).toBeLessThanOrEqual(bound.topK * found.length);
      }),
    );
  });
});
