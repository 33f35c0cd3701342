import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settle } from '../../src/worker/settle.js';
import type { PackAnswer } from '../../src/worker/settle.js';

const items = (...ids: readonly string[]) => ids.map((id) => ({ id }));
const lenient = { flawOf: () => null, hasFailedAlone: () => false };
const answered = (...ids: readonly string[]): PackAnswer => ({
  kind: 'answered',
  results: ids.map((id) => ({ id, result: `new ${id}` })),
});

describe('an answer', () => {
  it('counts item by item: one result each, in any order', () => {
    expect(settle(items('a', 'b'), answered('b', 'a'), lenient)).toEqual({
      good: [
        { item: { id: 'a' }, result: 'new a' },
        { item: { id: 'b' }, result: 'new b' },
      ],
      again: [],
      failed: [],
      notes: [],
    });
  });

  it('keeps what is good; missing, doubled and flawed items go again in halves', () => {
    const flawOf = ({ id }: { id: string }) => (id === 'd' ? 'it is empty' : null);
    const settled = settle(items('a', 'b', 'c', 'd', 'e'), answered('a', 'c', 'c', 'd', 'z'), {
      ...lenient,
      flawOf,
    });

    expect(settled).toEqual({
      good: [{ item: { id: 'a' }, result: 'new a' }],
      again: [items('b', 'c'), items('d', 'e')],
      failed: [],
      notes: ['the answer has a result for "z", which wasn’t asked'],
    });
  });

  it('of which nothing can be used halves the pack', () => {
    const unusable = { kind: 'unusable', reason: 'cut off at 8,000 tokens' } as const;

    expect(settle(items('a', 'b', 'c'), unusable, lenient).again).toEqual([items('a', 'b'), items('c')]);
  });

  it('about an item alone is asked for once more, and then the item fails with its reason', () => {
    const unusable = { kind: 'unusable', reason: 'refused' } as const;

    expect(settle(items('a'), unusable, lenient)).toMatchObject({ again: [items('a')], failed: [] });
    expect(settle(items('a'), unusable, { ...lenient, hasFailedAlone: () => true })).toMatchObject({
      again: [],
      failed: [{ item: { id: 'a' }, reason: 'refused' }],
    });
  });

  it('is gone on with until every item is good or failed, none lost and none twice, whatever a model says', () => {
    const ids = Array.from({ length: 24 }, (_, index) => `i${index}`);
    const whims = fc.array(
      fc.oneof(
        fc.constant('unusable' as const),
        fc.subarray([...ids, 'stray']),
        fc.array(fc.constantFrom(...ids), { maxLength: 40 }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(whims, (answers) => {
        const failedAlone = new Set<string>();
        const ends: string[] = [];
        let queue: (readonly { id: string }[])[] = [items(...ids)];
        let calls = 0;
        for (let pack = queue.shift(); pack !== undefined; pack = queue.shift()) {
          const whim = answers[calls] ?? pack.map(({ id }) => id);
          calls += 1;
          const answer: PackAnswer =
            whim === 'unusable' ? { kind: 'unusable', reason: 'cut off' } : answered(...whim);
          const settled = settle(pack, answer, {
            ...lenient,
            hasFailedAlone: ({ id }) => failedAlone.has(id),
          });
          const [only] = pack;
          if (pack.length === 1 && only !== undefined) failedAlone.add(only.id);
          ends.push(...settled.good.map(({ item }) => item.id), ...settled.failed.map(({ item }) => item.id));
          queue = [...queue, ...settled.again];
        }

        expect(ends.toSorted()).toEqual(ids.toSorted());
        expect(calls).toBeLessThanOrEqual(4 * ids.length);
      }),
    );
  });
});
