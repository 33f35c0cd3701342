import { describe, expect, it } from 'vitest';
import type { BlockSource } from '../../src/model/block.js';
import { splitFile } from '../../src/blocks/split.js';
import { answered, blocks, cut, leaves } from './cut.js';

const path = 'page.mdx';
const sections: BlockSource = { by: 'markdown', depth: 'sections', level: 2 };

const page = `---
title: x
---
import Tabs from './tabs'
export const meta = {
  a: '}',

  b: 2,
}

# Hello {meta.a}

{/* don't

later { */}

<Tabs items={[{ a: '>' }, 'b']}>

Words with {meta.a} and <b>more</b>.

</Tabs>

<Card
  title="x"
  on={() => y}
>
Words.

</Card>

<A.B />{' '}

{meta.a}

{meta.a} begins this one.

\`\`\`js
export const a = {
\`\`\`

- <Tabs> in a list</Tabs>
`;

describe('MDX as blocks', () => {
  it('has code and tags for what is no Markdown', async () => {
    const told = await cut(page, blocks, { path, tell: ({ kind, text }) => `${kind}: ${firstLine(text)}` });

    expect(told).toEqual([
      'frontmatter: ---',
      "code: import Tabs from './tabs'",
      'code: b: 2,',
      'heading: # Hello {meta.a}',
      "code: {/* don't",
      'code: later { */}',
      "html: <Tabs items={[{ a: '>' }, 'b']}>",
      'paragraph: Words with {meta.a} and <b>more</b>.',
      'html: </Tabs>',
      'html: <Card',
      'html: >',
      'paragraph: Words.',
      'html: </Card>',
      "html: <A.B />{' '}",
      'code: {meta.a}',
      'paragraph: {meta.a} begins this one.',
      'code: ```js',
      'list: - <Tabs> in a list</Tabs>',
    ]);
  });

  it('goes by the name of the file', async () => {
    expect(await cut('import x\n', blocks, { tell: ({ kind }) => kind })).toEqual(['paragraph']);
    expect(await cut('import x\n', leaves, { path: 'a.MDX', tell: ({ kind }) => kind })).toEqual(['code']);
  });

  it('ends code that is never closed at the next heading', async () => {
    const text = 'export const a = {\n\nWords.\n\n# Title\n\nMore.\n';

    expect(await cut(text, blocks, { path, tell: ({ kind }) => kind })).toEqual([
      'code',
      'code',
      'heading',
      'paragraph',
    ]);
  });
});

describe('an answer in MDX', () => {
  it.each([
    ['import it from there.', 'has a line that begins with import, which MDX takes for code'],
    ['<b>x</b>\nexport it.', 'has a line that begins with export, which MDX takes for code'],
    ['Words {your name}.', 'holds {your name}, which is no JavaScript expression, and MDX refuses it'],
    ['Words {a: 1}.', 'holds {a: 1}, which is no JavaScript expression, and MDX refuses it'],
    ['Words\nexport it,\nimport it.', null],
    ['Words {/* a b */}{a ? <b>x</b> : { b: "}" }}.', null],
    ['Words {meta.', 'holds a { that is never closed, which MDX refuses'],
    ['Words }.', 'holds a } that closes nothing, which MDX refuses'],
    ['Words <Tag a="', 'holds a <Tag that is never closed, which MDX refuses'],
    ['Words <3.', 'holds a < that begins no tag, which MDX refuses'],
    ['Words <!-- a -->.', 'holds a < that begins no tag, which MDX refuses'],
    ['Words <b>.', 'leaves <b> without its other half where its block left nothing'],
    ['{meta.a}', 'would be a code block where a paragraph was'],
    ['<b>x</b>\n<Tabs/>', null],
    ['Words {meta.b} `{` \\{ a < b <i>x</i> <br/> don’t.', null],
  ])('in place of a paragraph: %j', async (answer, reason) => {
    const text = 'Words {meta.a}.\n\nEnd.\n';

    expect(await answered(text, blocks, { path, key: '1', answer })).toBe(reason ?? `${answer}\n\nEnd.\n`);
  });

  it.each([
    ['code-1', "Import Tabs from './tabs'", 'would be a paragraph where a code block was'],
    ['code-1', 'import {', 'holds a { that is never closed, which MDX refuses'],
    ['html-1', '<Tabs a={1}>', null],
    ['html-1', '<Cards>', 'leaves <Cards> without its other half where its block left <Tabs>'],
  ])('in place of %s: %j', async (key, answer, reason) => {
    const [code, tag] = ["import Tabs from './tabs'", '<Tabs>'];
    const text = `${code}\n\n${tag}\n\nWords.\n\n</Tabs>\n`;

    expect(await answered(text, blocks, { path, key, answer })).toBe(reason ?? text.replace(tag, answer));
  });

  it('may not begin a block with import or export, wherever in a section', async () => {
    const text = '## One\n\nWords.\n\n## Two\n\nEnd.\n';
    const reason = 'has a line that begins with export, which MDX takes for code';
    const written = async (answer: string): Promise<string> =>
      answered(text, sections, { path, key: 'one', answer });

    expect(await written('## One\nexport it.')).toBe(reason);
    expect(await written('## One\n\n<div>\nexport it.\n</div>')).toBe(reason);
    expect(await written('## One\n\n- a list\nexport it.\n\nWords\nexport it.')).toContain(
      'Words\nexport it.\n\n##',
    );
  });

  it('may have braces that are no expressions where its block has some', async () => {
    const text = '# Title {#id}\n\nWords.\n';
    const { key } = (await splitFile(text, blocks, path)).blocks[0] ?? { key: '' };

    expect(await answered(text, blocks, { path, key, answer: '# New {#new-id}' })).toBe(
      '# New {#new-id}\n\nWords.\n',
    );
  });

  it('is looked at in sections, too, but for their code', async () => {
    const text = 'import a from "a"\n\n## One\n\nWords.\n\n```js\n{\n```\n\n## Two\n\nEnd.\n';

    expect(await answered(text, sections, { path, key: 'one', answer: '## One\n\nWords {.' })).toBe(
      'holds a { that is never closed, which MDX refuses',
    );
    expect(await answered(text, sections, { path, key: 'one', answer: '## One\n\n```js\n{{\n```' })).toBe(
      'import a from "a"\n\n## One\n\n```js\n{{\n```\n\n## Two\n\nEnd.\n',
    );
  });
});

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
