import { describe, expect, it } from 'vitest';
import { patternSplitter } from '../../src/blocks/pattern.js';
import { splitFile } from '../../src/blocks/split.js';
import type { BlockSource } from '../../src/model/block.js';
import { answered, cut } from './cut.js';

const captions = by('^(?<key>\\w+): (?<block>.*(?:\\n {2}.*)*)$');
const text = 'first: One\nsecond: Two 😀\n  goes on\nfirst: Again\nempty: \n';

describe('regions found by a pattern', () => {
  it('are named by the group key, or by their number', async () => {
    expect(await cut(text, captions, { tell: ({ key, content }) => [key, content] })).toEqual([
      ['first', 'One'],
      ['second', 'Two 😀\n  goes on'],
      ['first#2', 'Again'],
      ['empty', ''],
    ]);
    expect(await cut(text, by('^first: (.*)'), { tell: ({ key, text: own }) => [key, own] })).toEqual([
      ['1', 'One'],
      ['2', 'Again'],
    ]);
  });

  it('are filled where they are empty, and keep the rest of their line', async () => {
    expect(await answered(text, captions, { key: 'empty', answer: 'Filled.\n' })).toBe(
      text.replace('empty: ', 'empty: Filled.'),
    );
  });

  it('may no longer match once they are written', async () => {
    expect(await answered('# TODO: say more\n', by('(TODO: .*)'), { key: '1', answer: 'Says more.' })).toBe(
      '# Says more.\n',
    );
  });

  it.each([
    [text, '^first: (.*)', '1', 'One\nfirst: More', 'has 2 lines, and its place is a part of one line'],
    ['| a | b |\n', '\\| ([^|]*) \\|', '1', 'a\nb', 'has 2 lines, and its place is a part of one line'],
    ['"a" "b"', '"([^"]*)"', '1', 'says "so"', 'would make the pattern match elsewhere'],
  ])(
    'of %j by %s are not written where they would be others',
    async (file, pattern, ...[key, answer, reason]) => {
      expect(await answered(file, by(pattern), { key, answer })).toBe(reason);
    },
  );

  it.each([
    ['(a', expect.stringMatching(/^the pattern \(a is no pattern: .*Unterminated group$/) as string],
    ['a.*', 'the pattern a.* has no group, so that nothing says what the block is'],
    ['^(x*)', 'the pattern ^(x*) matches nothing at all in line 1 of page.md'],
    ['(?=(fir.*))\\w', 'the pattern (?=(fir.*))\\w finds a region in line 1 of page.md twice'],
  ])('can not come from %s', async (pattern, message) => {
    const twice = pattern.startsWith('(?=') ? 'firfir' : text;

    await expect(splitFile(twice, by(pattern), 'page.md')).rejects.toMatchObject({ code: 'config', message });
  });

  it('give up on a pattern that would run for ever', () => {
    const splitter = patternSplitter({ pattern: '^((?:a+)+)$', path: 'page.md', timeLimitMs: 20 });

    expect(() => splitter.split(`${'a'.repeat(60)}!`)).toThrow(
      'the pattern ^((?:a+)+)$ took longer than 20 ms for page.md',
    );
  });
});

describe('a whole file', () => {
  const whole: BlockSource = { by: 'file' };

  it('is one block without the blank lines at its ends, which stay as they were', async () => {
    const file = '\uFEFF\r\n  a\r\nb\r\n\r\n';

    expect(await cut(file, whole, { tell: ({ key, content }) => [key, content] })).toEqual([
      ['file', '  a\nb'],
    ]);
    expect(await answered(file, whole, { key: 'file', answer: 'c\nd\n' })).toBe('\uFEFF\r\nc\r\nd\r\n\r\n');
  });

  it('can be filled where it was empty', async () => {
    expect(await answered('\n', whole, { key: 'file', answer: 'New.' })).toBe('New.\n');
  });
});

function by(pattern: string): BlockSource {
  return { by: 'pattern', pattern };
}
