import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFile } from '../../src/blocks/split.js';
import { blockItems } from '../../src/model/block.js';
import type { BlockSource } from '../../src/model/block.js';
import { decodePlanId, encodeId, encodePlanId } from '../../src/model/ids.js';

const blocks = { by: 'markdown', depth: 'blocks' } as const;

const idsOf = async (
  name: string,
  text: string,
  source: BlockSource = blocks,
): Promise<readonly string[]> => {
  const split = await splitFile(text, source, `${name}.md`);
  return blockItems([{ name, split }]).map(({ id }) => id);
};

describe('an item that is a block', () => {
  it('is called by its file and where it stands in it', async () => {
    expect(await idsOf('guide', '# A guide\n\nWords.\n\n## Usage\n\nOne.\n\nTwo.\n')).toEqual([
      ...['guide#a-guide', 'guide#1', 'guide#usage', 'guide#usage/1', 'guide#usage/2'],
    ]);
  });

  it('is called by its file alone where that is the block', async () => {
    expect(await idsOf('guide', 'Words.\n', { by: 'file' })).toEqual(['guide']);
  });

  it('has a short name also under long headings, which tells it from those that begin alike', async () => {
    const heading = 'The quick brown fox jumps over the lazy dog once';
    const text = ['one', 'two'].map((end) => `## ${heading}\n\n### ${heading} ${end}\n\nWords.\n`).join('\n');

    const ids = await idsOf('guide', text);

    expect(new Set(ids).size).toBe(6);
    expect(ids[2]).toMatch(/^guide#the-quick-brown-fox-[a-z-]+\/the-quick-[a-z-]+~[0-9a-f]{8}$/);
  });

  it('can be part of a branch and of a folder, whatever the headings are', async () => {
    const word = fc.oneof(
      fc.constantFrom('漢字', '😀', '...', "!~*'()", '/', '%41', '-', '_', 'Ü'.repeat(20), 'x'.repeat(90)),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    );
    const heading = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.array(word, { minLength: 1, maxLength: 20 }))
      .map(([level, words]) => `${'#'.repeat(level)} ${words.join(' ').replace(/[\r\n]/g, ' ')}\n\nWords.\n`);

    await fc.assert(
      fc.asyncProperty(fc.array(heading, { minLength: 1, maxLength: 8 }), async (headings) => {
        const ids = await idsOf('a-guide-of-some-length', headings.join('\n'));

        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids) {
          expect(encodeId(id).length).toBeLessThanOrEqual(200);
          expect(decodePlanId(encodePlanId(id))).toBe(id);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('can be so too where a pattern names it', async () => {
    const key = fc.string({ unit: fc.constantFrom('.', '*', "'", '(', '/', 'a', 'é', '~'), minLength: 1 });
    const source = { by: 'pattern', pattern: '^(?<key>.*)=(?<block>.*)$' } as const;

    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 6 }), async (keys) => {
        const ids = await idsOf('guide', keys.map((one) => `${one.repeat(8)}=x\n`).join(''), source);

        expect(ids).toHaveLength(keys.length);
        expect(new Set(ids).size).toBe(ids.length);
        expect(Math.max(...ids.map((id) => encodeId(id).length))).toBeLessThanOrEqual(200);
      }),
    );
  });
});
