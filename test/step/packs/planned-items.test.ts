/** A plan's ids on a base that has moved. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitFile } from '../../../src/blocks/split.js';
import type { BlockFile } from '../../../src/model/block.js';
import { moved } from '../../../src/step/packs/planned-items.js';

async function page(paragraphs: readonly string[]): Promise<readonly BlockFile[]> {
  const text = `${paragraphs.join('\n\n')}\n`;
  const split = await splitFile(text, { by: 'markdown', depth: 'blocks' }, 'docs/page.md');
  return [{ name: 'page', split }];
}

const words = fc.array(fc.constantFrom('one', 'two', 'three', 'four', 'five'), {
  minLength: 1,
  maxLength: 8,
});

it('finds each paragraph by its text, those alike by their rank, and names those that are gone', async () => {
  await fc.assert(
    fc.asyncProperty(words, words, async (before, now) => {
      const [old, current] = await Promise.all([page(before), page(now)]);

      const { items, changed } = moved(old, current);

      const places = new Set<number>();
      for (const [index, text] of before.entries()) {
        const id = `page#${index + 1}`;
        const rank = before.slice(0, index).filter((one) => one === text).length;
        const isThere = now.filter((one) => one === text).length > rank;
        expect(changed.has(id)).toBe(!isThere);
        const item = isThere ? items.get(id) : undefined;
        expect(item?.block.text).toBe(isThere ? text : undefined);
        if (item !== undefined) places.add(item.block.start);
      }
      expect(places.size).toBe(before.length - changed.size);
    }),
  );
});

it('is the same where nothing has moved', async () => {
  const files = await page(['one', 'two', 'one']);

  const { items, changed } = moved(files, files);

  expect([...items].map(([id, { block }]) => [id, block.key])).toEqual([
    ['page#1', '1'],
    ['page#2', '2'],
    ['page#3', '3'],
  ]);
  expect(changed.size).toBe(0);
});
