import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockItem } from '../../../src/model/block.js';
import { noHistory } from '../../../src/step/packs/history.js';
import type { ItemHistory } from '../../../src/step/packs/history.js';
import { allPacks, batchLimits, nextPack, oneBatch, sizeOf } from '../../../src/step/packs/next-pack.js';
import { packItems } from '../../../src/worker/pack.js';
import { memoryLine } from './pack-line.js';

describe('what is asked next', () => {
  const models = ['haiku', 'opus'];
  const itemsOf = async (): Promise<readonly BlockItem[]> =>
    (await memoryLine({ page: Array.from({ length: 12 }, (_, index) => `Text ${index}.`).join('\n\n') }))
      .items;
  const groups = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 });

  const candidatesOf = (
    items: readonly BlockItem[],
    groupOf: readonly number[],
    hard: readonly boolean[],
  ) => {
    const members = (group: number): readonly string[] =>
      items.filter((_, index) => groupOf[index] === group).map(({ id }) => id);
    const history = new Map<string, ItemHistory>(
      items.flatMap(({ id }, index) => {
        const group = groupOf[index] ?? 0;
        return group === 0 ? [] : [[id, { ...noHistory, group: members(group), failures: 1 }] as const];
      }),
    );
    const modelOf = ({ id }: BlockItem): string =>
      (hard[items.findIndex((item) => item.id === id)] === true ? models[1] : models[0]) ?? '';
    const pack = (some: readonly BlockItem[]) =>
      packItems(
        some.map((item) => ({ ...item, input: 1, output: 1 })),
        { input: 99, output: 99, count: 4 },
      );
    return { items, history, modelOf, pack };
  };

  it('is every item once, with others of its group alone, and of its model', async () => {
    const items = await itemsOf();
    const hard = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(groups, hard, (groupOf, hardOnes) => {
        const candidates = candidatesOf(items, groupOf, hardOnes);

        const calls = allPacks(candidates);
        const next = nextPack(candidates);

        expect(calls.flatMap((call) => call.items.map(({ id }) => id)).toSorted()).toEqual(
          items.map(({ id }) => id).toSorted(),
        );
        for (const call of calls) {
          expect(new Set(call.items.map(candidates.modelOf))).toEqual(new Set([call.model]));
          const groupsIn = new Set(call.items.map(({ id }) => candidates.history.get(id)?.group?.join(' ')));
          expect(groupsIn.size).toBe(1);
        }
        const own = calls.filter(({ model }) => model === next?.model);
        expect(next?.callsToCome).toBe(own.length);
        expect(own.map((call) => call.items.map(({ id }) => id))).toContainEqual(
          next?.items.map(({ id }) => id),
        );
        expect(next?.items.map(({ id }) => id)).toContain(items[0]?.id);
      }),
    );
  });

  it('is nothing when nothing is to be done', () => {
    const none = { items: [], history: new Map(), modelOf: () => 'haiku', pack: () => [] };

    expect([nextPack(none), allPacks(none)]).toEqual([null, []]);
  });

  it('is sized by what a block takes with its marks, and its answer with its entry', async () => {
    const [item] = await itemsOf();
    const size = item && sizeOf(item, { charactersPerToken: 1, outputPerInput: 1 });
    const marks = '<block id="00" of="page.md" in="" form="">\n\n</block>\n\n'.length;

    expect(size?.output).toBe((item?.block.content.length ?? 0) + 12);
    expect(size?.input).toBeGreaterThanOrEqual((item?.block.content.length ?? 0) + marks - 1);
  });
});

describe('one batch', () => {
  const callsOf = async (count: number, length: number) => {
    const { items } = await memoryLine({ page: 'x'.repeat(length) });
    return Array.from({ length: count }, () => ({ items, model: 'haiku' }));
  };

  it('holds no more requests than it may', async () => {
    const calls = await callsOf(batchLimits.requests + 3, 10);

    expect(oneBatch(calls, 100)).toHaveLength(batchLimits.requests);
  });

  it('holds no more bytes than it may, the prefix counted with every request', async () => {
    const calls = await callsOf(100, 1_000_000);

    const prefix = 4_000_000;
    const own = Buffer.byteLength(JSON.stringify(calls[0]?.items[0]?.block.content));
    const held = oneBatch(calls, prefix).length;
    expect(held).toBe(Math.floor(batchLimits.bytes / (prefix + own + 200)));
    expect(held).toBe(39);
  });

  it('holds one request that is too large for any: the API says so', async () => {
    expect(oneBatch(await callsOf(2, 10), batchLimits.bytes)).toHaveLength(1);
  });
});
