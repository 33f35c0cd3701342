/** A plan's ids on a base that has moved. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitFile } from '../../../src/blocks/split.js';
import type { BlockFile } from '../../../src/model/block.js';
import { moved } from '../../../src/step/packs/planned-items.js';
import { textDigest } from '../../../src/system/work-digests.js';

async function page(paragraphs: readonly string[]): Promise<readonly BlockFile[]> {
  const text = `${paragraphs.join('\n\n')}\n`;
  const split = await splitFile(text, { by: 'markdown', depth: 'blocks' }, 'docs/page.md');
  return [{ name: 'page', split }];
}

const words = fc.array(fc.constantFrom('one', 'two', 'three', 'four', 'five'), {
  minLength: 1,
  maxLength: 8,
});

it('finds each paragraph by its text, those alike in their order, and names those that are gone', async () => {
  await fc.assert(
    fc.asyncProperty(words, words, async (before, now) => {
      const [old, current] = await Promise.all([page(before), page(now)]);

      const { items, changed } = moved({ before: old, now: current, shipped: new Map() });

      const places = new Set<number>();
      for (const text of new Set(before)) {
        const ids = before.flatMap((one, index) => (one === text ? [`page#${index + 1}`] : []));
        const found = ids.filter((id) => !changed.has(id));
        expect(found).toHaveLength(Math.min(ids.length, now.filter((one) => one === text).length));
        for (const id of found) {
          expect(items.get(id)?.block.text).toBe(text);
          places.add(items.get(id)?.block.start ?? -1);
        }
        for (const id of ids.filter((one) => changed.has(one))) expect(items.has(id)).toBe(false);
      }
      expect(places.size).toBe(before.length - changed.size);
    }),
  );
});

it('is the same where nothing has moved', async () => {
  const files = await page(['one', 'two', 'one']);

  const { items, changed } = moved({ before: files, now: files, shipped: new Map() });

  expect([...items].map(([id, { block }]) => [id, block.key])).toEqual([
    ['page#1', '1'],
    ['page#2', '2'],
    ['page#3', '3'],
  ]);
  expect(changed.size).toBe(0);
});

it('keeps blocks alike apart while some of them are shipped and strangers come between', async () => {
  const step = fc.record({ isShipped: fc.boolean(), isMerged: fc.boolean(), strangers: fc.nat({ max: 2 }) });
  await fc.assert(
    fc.asyncProperty(words, fc.array(step, { minLength: 8, maxLength: 8 }), async (before, steps) => {
      const shipped = new Map<string, ReadonlySet<string>>();
      const places = new Map<string, number>();
      const now: string[] = [];
      for (const [index, text] of before.entries()) {
        const { isShipped, isMerged, strangers } = steps[index] ?? {
          isShipped: false,
          isMerged: false,
          strangers: 0,
        };
        const id = `page#${index + 1}`;
        for (let count = 0; count < strangers; count += 1) now.push(`stranger ${index}.${count}`);
        if (isShipped) shipped.set(id, new Set([textDigest(`${text}, shipped`)]));
        places.set(id, now.length);
        now.push(isShipped && isMerged ? `${text}, shipped` : text);
      }
      const [old, current] = await Promise.all([page(before), page(now)]);

      const { items, changed } = moved({ before: old, now: current, shipped });

      expect(changed.size).toBe(0);
      for (const [id, place] of places) expect(items.get(id)?.block.key).toBe(`${place + 1}`);
    }),
  );
});

it('goes by names where nothing else tells blocks alike apart', async () => {
  const code = (docs: Readonly<Record<string, string>>): Promise<readonly BlockFile[]> =>
    splitFile(
      Object.entries(docs)
        .map(([name, doc]) => `def ${name}():\n    \"\"\"${doc}\"\"\"\n`)
        .join('\n'),
      { by: 'code', select: 'docs' },
      'm.py',
    ).then((split) => [{ name: 'm', split }]);
  const [before, now] = await Promise.all([
    code({ a: 'Same.', b: 'Same.', c: 'Same.', d: 'Same.' }),
    code({ a: 'By hand.', b: 'Same.', c: 'Same.', d: 'Same.' }),
  ]);

  const { items, changed } = moved({ before, now, shipped: new Map() });

  expect([...changed]).toEqual(['m#a']);
  expect(['b', 'c', 'd'].map((name) => items.get(`m#${name}`)?.block.key)).toEqual(['b', 'c', 'd']);
});

it('knows the blocks of a long file by their texts, too', async () => {
  const many = Array.from({ length: 6000 }, (_, index) => `text ${index % 7}`);
  const [before, now] = await Promise.all([page(many), page(['new', ...many])]);

  const { changed } = moved({ before, now, shipped: new Map() });

  expect(changed.size).toBe(0);
});
