import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyResults } from '../../src/blocks/apply.js';
import { splitFile } from '../../src/blocks/split.js';
import type { Block, SplitFile } from '../../src/model/block.js';
import { anyAnswer, anyMarkdown, anySample } from './any-file.js';

const runs = { numRuns: 200 };

describe('cutting a file into blocks', () => {
  it('gives blocks in order that are what the file has there, under names of their own', async () => {
    await fc.assert(
      fc.asyncProperty(anySample, async ({ text, source, path }) => {
        const { blocks } = await splitFile(text, source, path);

        blocks.forEach((block, index) => {
          expect(block.text).toBe(text.slice(block.start, block.end));
          expect(block.start).toBeGreaterThanOrEqual(blocks[index - 1]?.end ?? 0);
        });
        expect(new Set(blocks.map(({ key }) => key)).size).toBe(blocks.length);
      }),
      runs,
    );
  });

  it('cuts files of any line end in the same places', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarkdown, fc.constantFrom('blocks', 'leaves'), async (text, depth) => {
        const unix = text.replaceAll(/\r\n?/g, '\n');
        const source = { by: 'markdown', depth } as const;

        const [a, b] = await Promise.all([
          splitFile(unix, source, 'a.md'),
          splitFile(unix.replaceAll('\n', '\r\n'), source, 'a.md'),
        ]);

        expect(b.blocks.map(({ key, kind, content }) => [key, kind, content])).toEqual(
          a.blocks.map(({ key, kind, content }) => [key, kind, content]),
        );
      }),
      runs,
    );
  });
});

describe('writing results into a file', () => {
  it('gives the file back for no result, and for each block as it stands or as it is shown', async () => {
    await fc.assert(
      fc.asyncProperty(anySample, async ({ text, source, path }) => {
        const file = await splitFile(text, source, path);
        const untouched = { text, unfit: [] };

        expect(await applyResults(file, new Map())).toEqual(untouched);
        expect(
          await applyResults(
            file,
            results(file.blocks, (block) => block.text),
          ),
        ).toEqual(untouched);
        expect(
          await applyResults(
            file,
            results(file.blocks, (block) => block.content),
          ),
        ).toEqual(untouched);
        const inOtherForm = results(
          file.blocks.filter(({ content }) => content.trim() !== ''),
          ({ content }) => `\n${content}\n`.replaceAll('\n', '\r\n'),
        );
        expect(await applyResults(file, inOtherForm)).toEqual(untouched);
      }),
      runs,
    );
  });

  it('changes nothing outside of the blocks, whatever the answers are', async () => {
    await fc.assert(
      fc.asyncProperty(anySample, fc.infiniteStream(fc.option(anyAnswer)), async (sample, answers) => {
        const file = await splitFile(sample.text, sample.source, sample.path);
        const given = new Map<string, string>();
        for (const { key } of file.blocks) {
          const answer: unknown = answers.next().value;
          if (typeof answer === 'string') given.set(key, answer);
        }

        const applied = await applyResults(file, given);

        const kept = new Set(applied.unfit.map(({ key }) => key));
        const isFixed = ({ key }: Block): boolean => !given.has(key) || kept.has(key);
        expect(applied.text).toMatch(frame(file, isFixed));
        if (sample.source.by === 'pattern') return;
        const again = await splitFile(applied.text, sample.source, sample.path);
        expect(again.blocks.map(({ kind, shape }) => shape || kind)).toEqual(
          file.blocks.map(({ kind, shape }) => shape || kind),
        );
        expect(gaps(again)).toEqual(gaps(file));
      }),
      runs,
    );
  });

  it('takes plain words for every paragraph', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarkdown, fc.constantFrom('blocks', 'leaves'), async (text, depth) => {
        const file = await splitFile(text, { by: 'markdown', depth }, 'page.md');
        const paragraphs = file.blocks.filter(({ kind }) => kind === 'paragraph');

        const { unfit } = await applyResults(
          file,
          results(paragraphs, () => 'New words.'),
        );

        expect(unfit).toEqual([]);
      }),
      runs,
    );
  });
});

function results(blocks: readonly Block[], answer: (block: Block) => string): ReadonlyMap<string, string> {
  return new Map(blocks.map((block) => [block.key, answer(block)]));
}

function gaps({ text, blocks }: SplitFile): readonly string[] {
  const ends = [0, ...blocks.map(({ end }) => end)];
  return [...blocks.map(({ start }, index) => text.slice(ends[index], start)), text.slice(ends.at(-1))];
}

/** The file with anything in place of the blocks that may have changed. */
function frame(file: SplitFile, isFixed: (block: Block) => boolean): RegExp {
  const between = gaps(file).map((gap) => escaped(gap));
  const parts = file.blocks.map((block, index) => {
    const gap = between[index] ?? '';
    return gap + (isFixed(block) ? escaped(block.text) : '[^]*?');
  });
  return new RegExp(`^${parts.join('')}${between.at(-1) ?? ''}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
