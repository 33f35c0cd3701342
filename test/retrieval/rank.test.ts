import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLexicalIndex } from '../../src/model/lexical-index.js';
import { chunksOf } from '../../src/retrieval/chunks.js';
import { fuse } from '../../src/retrieval/fusion.js';
import { nearest, unitOf } from '../../src/retrieval/nearness.js';
import { rank } from '../../src/retrieval/rank.js';
import { select } from '../../src/retrieval/select.js';

describe('reciprocal rank fusion', () => {
  it('puts first what both orders have near their top', () => {
    const order = fuse([
      { weight: 0.5, order: [1, 2, 3] },
      { weight: 0.5, order: [4, 2, 5] },
    ]);

    expect(order).toEqual([2, 1, 4, 3, 5]);
  });

  it.each([
    [1, 0, 3],
    [0, 1, 1],
    [0.8, 0.2, 3],
    [0.2, 0.8, 1],
  ])('follows its weights: %d and %d', (left, right, first) => {
    const fused = fuse([
      { weight: left, order: [3, 2] },
      { weight: right, order: [1, 2] },
    ]);

    expect(fused[0]).toBe(left === 0 || right === 0 ? first : 2);
    expect(fused.find((id) => id !== 2)).toBe(first);
  });
});

describe('nearness', () => {
  const vectors = [
    [1, 0],
    [0.6, 0.8],
    [0, 1],
    [0, 0],
  ].map((vector) => Float32Array.from(vector));

  it('is measured from what the query has in common with any chunk', () => {
    const near = nearest(Float32Array.from([1, 0]), vectors);

    expect(near.map(({ place }) => place)).toEqual([0, 1, 2, 3]);
    expect(near.map(({ nearness }) => Math.round(nearness * 10) / 10)).toEqual([1, 0.6, 0, 0]);
  });

  it('says nothing where all chunks are equally near', () => {
    const same = vectors.slice(0, 1);

    expect(nearest(Float32Array.from([1, 0]), same)).toEqual([{ place: 0, nearness: 0 }]);
  });

  it('goes by direction alone', () => {
    expect([...unitOf(Float32Array.from([3, 4]))].map((value) => value.toFixed(1))).toEqual(['0.6', '0.8']);
    expect([...unitOf(Float32Array.from([0, 0]))]).toEqual([0, 0]);
  });
});

describe('ranking', () => {
  const texts = ['Legends have no frame.', 'Colours come from one palette.', 'Files are saved as PNG.'];
  const chunks = chunksOf([texts.map((text) => ({ path: 'a.md', headings: [], text }))], 3.5);
  const searched = { chunks, words: createLexicalIndex(chunks) };
  const vectors = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ].map((vector) => Float32Array.from(vector));
  const likeSecond = { query: Float32Array.from([0, 1, 0]), chunks: vectors, weight: 0.5 };

  it('goes by words alone without vectors', () => {
    expect(rank('frame of legends', searched, null)).toEqual([{ chunk: chunks[0], coverage: 1 }]);
    expect(rank('hue', searched, null)).toEqual([]);
  });

  it('finds by vectors what shares no word, and takes it for covered', () => {
    expect(rank('hue', searched, likeSecond)[0]).toEqual({ chunk: chunks[1], coverage: 1 });
  });

  it('has both at the top when words and vectors say different things', () => {
    const order = rank('frame of legends', searched, likeSecond).map(({ chunk }) => chunk.place);

    expect(order).toEqual([0, 1, 2]);
  });

  it('never misses by words and vectors what words alone cover', () => {
    const topics = Array.from({ length: 40 }, (_, index) => `topic${index}`);
    const many = chunksOf(
      [
        topics.map((topic, at) => ({
          path: 'a.md',
          headings: [],
          text: `${topic} near ${topics[at ^ 1] ?? ''}.`,
        })),
      ],
      3.5,
    );
    const index = { chunks: many, words: createLexicalIndex(many) };
    // All nearly as far from the query as each other: vectors alone cover nothing.
    const vector = fc
      .double({ min: 0.1, max: 0.3, noNaN: true })
      .map((cosine) => Float32Array.from([cosine, Math.sqrt(1 - cosine ** 2)]));
    const query = Float32Array.from([1, 0]);
    const vectorsOf = fc.array(vector, { minLength: many.length, maxLength: many.length });
    const weight = fc.double({ min: 0.1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.subarray(topics, { minLength: 1 }), vectorsOf, weight, (some, all, share) => {
        const asked = some.join(' ');
        const found = (byVectors: Parameters<typeof rank>[2]) =>
          select([rank(asked, index, byVectors)], { topK: 3, tokens: 1000 }, 0.3);

        expect(found({ query, chunks: all, weight: share }).isMiss && !found(null).isMiss).toBe(false);
      }),
    );
  });
});
