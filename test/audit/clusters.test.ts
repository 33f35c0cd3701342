import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf } from '../../src/audit/clusters.js';

describe('pairs become clusters', () => {
  it('of all that are like each other, in the plan’s order, the strongest first', () => {
    const pairs = [pair(4, 5, 2), pair(0, 1, 3), pair(0, 3, 9), pair(1, 3, 4)];

    expect(clustersOf(pairs, ids(6))).toEqual([
      [0, 1, 3],
      [4, 5],
    ]);
  });

  it('but not of a chain: who is like one of two has a cluster with that one', () => {
    expect(clustersOf([pair(0, 1, 3), pair(1, 2, 2)], ids(3))).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('with one whose likeness to a third of them is missing', () => {
    const pairs = [pair(0, 1, 9), pair(0, 2, 8), pair(1, 2, 7), pair(0, 3, 6), pair(1, 3, 5)];

    expect(clustersOf(pairs, ids(4))).toEqual([[0, 1, 2, 3]]);
  });

  it('of six at most; who finds no room has one with somebody of a full one', () => {
    const all = Array.from({ length: 14 }, (_, index) => index);
    const pairs = all.flatMap((first) => all.slice(first + 1).map((second) => pair(first, second, 1)));
    const clusters = clustersOf(pairs, ids(14));

    expect(clusters.map(({ length }) => length)).toEqual([6, 6, 6]);
    expect(new Set(clusters.flat()).size).toBe(14);
  });

  it('the same whatever order the pairs come in, and every pair’s items are in one', () => {
    const some = fc.uniqueArray(
      fc
        .tuple(fc.nat(8), fc.nat(8), fc.integer({ min: 1, max: 3 }))
        .filter(([first, second]) => first < second)
        .map(([first, second, strength]) => pair(first, second, strength)),
      { selector: ({ first, second }) => `${first} ${second}` },
    );

    fc.assert(
      fc.property(some, (pairs) => {
        const clusters = clustersOf(pairs, ids(9));

        expect(clustersOf(pairs.toReversed(), ids(9))).toEqual(clusters);
        expect(new Set(clusters.flat())).toEqual(
          new Set(pairs.flatMap(({ first, second }) => [first, second])),
        );
      }),
    );
  });
});

function pair(first: number, second: number, strength: number) {
  return { first, second, strength };
}

function ids(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `item-${index}`);
}
