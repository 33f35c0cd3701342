import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyResults } from '../../src/blocks/apply.js';
import { splitFile } from '../../src/blocks/split.js';
import type { BlockSource } from '../../src/model/block.js';
import { anySample } from './any-file.js';
import type { Sample } from './any-file.js';
import { answered, docs, leaves } from './cut.js';

const whole: BlockSource = { by: 'file' };
const sections: BlockSource = { by: 'markdown', depth: 'sections', level: 2 };

describe('an answer that repeats lines of its block', () => {
  it.each<[string, string, string, string]>([
    ['the last line', 'a\r\nb\nc\nd\n', 'a\nb\nc\nD', 'a\r\nb\nc\nD\n'],
    ['the first line', 'a\r\nb\nc\nd\n', 'A\nb\nc\nd', 'A\r\nb\nc\nd\n'],
    ['a line after a stray \\r', 'a\rb\nc\nd\n', 'a\nb\nC\nd', 'a\rb\nC\nd\n'],
    ['two lines', 'a\r\nb\nc\r\nd\ne\n', 'a\nB\nc\nD\ne', 'a\r\nB\nc\r\nD\ne\n'],
    ['a new line in between', 'a\nb\r\nc\r\nd\n', 'a\nb\nnew\nc\nd', 'a\nb\r\nnew\r\nc\r\nd\n'],
    ['a line that goes', 'a\nb\r\nc\r\nd\n', 'a\nb\nd', 'a\nb\r\nd\n'],
    ['all of it, with a stray \\r', 'a\rb\nc\r\nd\r\ne\r\n', 'x\ny', 'x\r\ny\r\n'],
    ['all of it, with nothing but \\r', 'a\rb\r', 'x\ny\nz', 'x\ry\rz\r'],
    ['the only line, in a file of \\r\\n', '\r\na\r\n', 'x\ny', '\r\nx\r\ny\r\n'],
    ['the only line, which has no end', '\r\na', 'x\ny', '\r\nx\r\ny'],
  ])('keeps the ends of the others: %s', async (_what, text, answer, wanted) => {
    expect(await answered(text, whole, { key: 'file', answer })).toBe(wanted);
  });

  it('keeps them in sections, and what begins them in quotes and comments', async () => {
    const page = '# T\r\n\nOne.\nTwo.\r\n\n## U\n\nThree.\n';
    const quote = '> one\n>two\r\nlazy\n> four\n';
    const comment = '/**\n * One.\r\n *Two.\n *\n * Four.\n */\nlet a = 1;\n';

    expect(await answered(page, sections, { key: 't', answer: '# T\n\nOne.\n2.' })).toBe(
      '# T\r\n\nOne.\n2.\r\n\n## U\n\nThree.\n',
    );
    expect(await answered(quote, leaves, { key: 'quote-1/1', answer: 'one\ntwo\nlazy\n4' })).toBe(
      '> one\n>two\r\nlazy\n> 4\n',
    );
    expect(
      await answered(comment, docs, { path: 'a.ts', key: 'a', answer: 'One.\nTwo.\n\nMore.\n\nFour.' }),
    ).toBe('/**\n * One.\r\n *Two.\n *\n * More.\n *\n * Four.\n */\nlet a = 1;\n');
  });

  it('leaves the file as it is when it repeats all of them', async () => {
    await fc.assert(
      fc.asyncProperty(anyMixedSample, async ({ text, source, path }) => {
        const file = await splitFile(text, source, path);
        const results = new Map(file.blocks.map(({ key, content }) => [key, content]));

        expect(await applyResults(file, results)).toEqual({ text, unfit: [] });
      }),
    );
  });

  it('leaves every other byte of the file as it is when it changes one line', async () => {
    await fc.assert(
      fc.asyncProperty(anyMixedSample, fc.nat(), fc.nat(), async (sample, which, where) => {
        const file = await splitFile(sample.text, sample.source, sample.path);
        const block = file.blocks[which % Math.max(1, file.blocks.length)];
        if (block === undefined) return;
        const lines = block.content.split('\n');
        const changed = where % lines.length;
        if ((lines[changed] ?? '').trim() === '') return;
        const answer = lines.map((line, index) => (index === changed ? `${line.trimEnd()} word` : line));

        const { text, unfit } = await applyResults(file, new Map([[block.key, answer.join('\n')]]));

        if (unfit.length > 0) return;
        const [before, after] = [linesWithEnds(sample.text), linesWithEnds(text)];
        const others = before.filter((line, index) => line !== after[index]);
        expect(after.length).toBe(before.length);
        expect(others.length).toBeLessThanOrEqual(1);
        const index = before.findIndex((line, at) => line !== after[at]);
        expect(endOf(after[index] ?? '')).toBe(endOf(before[index] ?? ''));
      }),
      { numRuns: 300 },
    );
  });
});

/** Files whose lines end each in its own way. */
const anyMixedSample: fc.Arbitrary<Sample> = fc
  .tuple(anySample, fc.infiniteStream(fc.constantFrom('\n', '\n', '\r\n', '\r\n', '\r')))
  .map(([sample, ends]) => {
    const text = sample.text.replaceAll(/\r\n|\n|\r/g, () => ends.next().value as string); // the stream has no end
    return { ...sample, text };
  });

function linesWithEnds(text: string): readonly string[] {
  return text.split(/(?<=\r\n|\n|\r(?!\n))/);
}

function endOf(line: string): string {
  return /[\r\n]*$/.exec(line)?.[0] ?? '';
}
