import { describe, expect, it } from 'vitest';
import { answered, blocks, cut, leaves } from './cut.js';

const page = `---
title: x
---
# The page

![badge](a.svg) [![other](b.svg)](c)

Says what
it is.

## Usage of \`f\` & [more](http://x)

1. First
2. Second

   goes on
   - > quoted
     > twice

| a | b |
|---|---|
| 1 | 2 |

\`\`\`js
f();
\`\`\`

<!-- later -->

[ref]: http://example.com

Usage of f more
---------------

    indented

***

End.
`;

describe('Markdown as blocks', () => {
  it('are named by their heading and their number among their kind', async () => {
    const told = await cut(page, blocks, { tell: ({ key, kind }) => `${key}: ${kind}` });

    expect(told).toEqual([
      'frontmatter: frontmatter',
      'the-page: heading',
      '1: image',
      '2: paragraph',
      'usage-of-f-more: heading',
      'usage-of-f-more/list-1: list',
      'usage-of-f-more/table-1: table',
      'usage-of-f-more/code-1: code',
      'usage-of-f-more/html-1: html',
      'usage-of-f-more/definition-1: definition',
      'usage-of-f-more#2: heading',
      'usage-of-f-more#2/code-1: code',
      'usage-of-f-more#2/rule-1: rule',
      'usage-of-f-more#2/1: paragraph',
    ]);
  });

  it('are the paragraphs within lists and quotes when leaves are asked for, shown without their signs', async () => {
    const told = await cut(page, leaves, { tell: ({ key, content }) => [key, content] as const });

    expect(told.filter(([key]) => key.includes('list'))).toEqual([
      ['usage-of-f-more/list-1/1', 'First'],
      ['usage-of-f-more/list-1/2', 'Second'],
      ['usage-of-f-more/list-1/2/2', 'goes on'],
      ['usage-of-f-more/list-1/2/list-1/1/quote-1/1', 'quoted\ntwice'],
    ]);
  });

  it('are sections, each with all that is below its heading', async () => {
    const text = 'Before.\n\n# One\n\n## Two\na\n### Three\nb\n\n## Four\n';

    const told = await cut(text, { by: 'markdown', depth: 'sections', level: 2 }, { tell: keyAndText });

    expect(told).toEqual([
      ['beginning', 'Before.'],
      ['one', '# One'],
      ['two', '## Two\na\n### Three\nb'],
      ['four', '## Four'],
    ]);
  });

  it('tell where they stand', async () => {
    const text = '# Page\n\n## Usage\n\n### Options\n\nWords.\n';

    expect(await cut(text, blocks, { tell: ({ context }) => context })).toEqual([
      'Page',
      'Page > Usage',
      'Page > Usage > Options',
      'Page > Usage > Options',
    ]);
  });

  it('keep their names when the title or another block is written anew, or a block of another kind comes in', async () => {
    const before = '# Page\n\nA.\n\n## Usage\n\nB.\n\nC.\n';
    const after = '# Renamed\n\nOther.\n\n```\ncode\n```\n\n## Usage\n\n- list\n\nB2.\n\nC.\n';

    const [keysBefore, keysAfter] = await Promise.all(
      [before, after].map((text) => cut(text, blocks, { tell: ({ key }) => key })),
    );

    expect(keysBefore).toEqual(['page', '1', 'usage', 'usage/1', 'usage/2']);
    expect(keysAfter).toEqual(expect.arrayContaining(keysBefore?.slice(1) ?? []));
  });

  it('see a table whatever its line ends and the blanks behind them', async () => {
    const table = '| a | b |\n|---|---|\n| 1 | 2 |';

    for (const text of [table, table.replaceAll('\n', '  \n'), table.replaceAll('\n', '\r\n')])
      expect(await cut(text, blocks, { tell: ({ kind }) => kind })).toEqual(['table']);
  });
});

describe('an answer in Markdown', () => {
  it('gets the signs and the line ends of its place', async () => {
    const text = '- > one\r\n  > two\r\n\r\n  three\r\n';

    expect(await answered(text, leaves, { key: 'list-1/1/quote-1/1', answer: 'New\nwords' })).toBe(
      '- > New\r\n  > words\r\n\r\n  three\r\n',
    );
    expect(await answered(text, leaves, { key: 'list-1/1/1', answer: '  New\n  words\n' })).toBe(
      '- > one\r\n  > two\r\n\r\n  New\r\n  words\r\n',
    );
  });

  it('leaves the end of the file as it was', async () => {
    expect(await answered('\uFEFFOld', blocks, { key: '1', answer: 'New\n\n' })).toBe('\uFEFFNew');
    expect(await answered('Old\n\n\n', blocks, { key: '1', answer: '\nNew' })).toBe('New\n\n\n');
  });

  it.each([
    ['Old.\n', '1', 'One.\n\nTwo.', 'would be 2 paragraphs where a paragraph was'],
    ['Old.\n', '1', '# A\n\nb\n\n- c', 'would be a heading, a paragraph and a list where a paragraph was'],
    ['## Old\n', 'old', '# New', 'would be a heading of level 1 where a heading of level 2 was'],
    [
      '```\nold\n```\n',
      'code-1',
      '```\n```\nnew\n```\n```',
      'would be 2 code blocks and a paragraph where a code block was',
    ],
    [
      '```\nold\n```\n\nEnd.\n',
      'code-1',
      '```\nopen',
      'would run into its neighbours, or take in what follows',
    ],
    [
      '<!-- a -->\n\nEnd.\n',
      'html-1',
      '<!-- b',
      'leaves <!-- unclosed, which takes in what follows on the page',
    ],
    ['- old\n* b\n', 'list-1', '* new', 'would run into its neighbours, or take in what follows'],
    ['# T\nOld.\n', 't', 'T', 'would be a paragraph where a heading was'],
    ['A.\n\n    code\n', 'code-1', ' ', 'is empty'],
    ['A.\n', 'b/1', 'B.', 'has no block in page.md'],
    [
      '| a | b |\n|---|---|\n| 1 | 2 |\n',
      'table-1',
      '| a | b |\n|---|---|\n| 1 | two\nlines |',
      'would be an uneven table of 2 columns where an even table of 2 columns between bars was',
    ],
  ])('that breaks %j at %s is not written', async (text, key, answer, reason) => {
    expect(await answered(text, blocks, { key, answer })).toBe(reason);
  });

  it('is not held back by another that is not written', async () => {
    const text = Array.from({ length: 40 }, (_, index) => `Paragraph ${index + 1}.`).join('\n\n');
    const { splitFile } = await import('../../src/blocks/split.js');
    const { applyResults } = await import('../../src/blocks/apply.js');
    const file = await splitFile(text, blocks, 'page.md');
    const bad = ['7', '8', '31'];
    const results = new Map(
      file.blocks.map(({ key }) => [key, bad.includes(key) ? '```\nopen' : `New ${key}.`]),
    );

    const { text: written, unfit } = await applyResults(file, results);

    expect(unfit.map(({ key }) => key)).toEqual(bad);
    expect(written.split('\n\n')).toEqual(
      file.blocks.map(({ key, text: old }) => (bad.includes(key) ? old : `New ${key}.`)),
    );
  });
});

function keyAndText({ key, text }: { readonly key: string; readonly text: string }): readonly string[] {
  return [key, text];
}
