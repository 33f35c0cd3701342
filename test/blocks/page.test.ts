import { describe, expect, it } from 'vitest';
import { answered, blocks, leaves } from './cut.js';

const yaml = '---\ntitle: x\n---\n\nA.\n';
const html = '<div>\na\n</div>\n\nEnd.\n';
const takesIn = (tag: string): string => `leaves ${tag} unclosed, which takes in what follows on the page`;

describe('an answer after which a page would be read otherwise', () => {
  it.each([
    [html, 'html-1', '<div>\na <!-- b\n</div>', takesIn('<!--')],
    [html, 'html-1', '<div>\n<Style> b\n</div>', takesIn('<style>')],
    [html, 'html-1', '<div>\n<textarea rows="1"> b\n</div>', takesIn('<textarea>')],
    ['- A.\n', 'list-1', '- Use <script> here.', takesIn('<script>')],
    ['A.\n', '1', 'Use <pre> here.', takesIn('<pre>')],
    [
      yaml,
      'frontmatter',
      '---\ntitle: Say "it": now: here\n  draft: [false\n---',
      'would be front matter that is no YAML: Nested mappings are not allowed in compact mappings',
    ],
    [
      yaml,
      'frontmatter',
      '---\ntitle: *x\n---',
      'would be front matter that is no YAML: Unresolved alias (the anchor must be set before the alias): x',
    ],
    [yaml, 'frontmatter', '---\njust words\n---', 'would be front matter without a key'],
    ['A.\n', '1', 'A\u001B[31m.', 'holds a control character (U+001B)'],
    ['A.\n', '1', 'A\0.', 'holds a control character (U+0000)'],
    ['A.\n', '1', 'A \uD83D.', 'holds half a surrogate pair'],
  ])('is not written into %j at %s: %j', async (text, key, answer, reason) => {
    expect(await answered(text, blocks, { key, answer })).toBe(reason);
  });

  it.each([
    ['---\ntitle: x\n---\n', 'frontmatter', '---\ntitle: "y: z"\n# more\n---'],
    ['---\n{{ template }}: [\n---\n', 'frontmatter', '---\n{{ other }}: [\n---'],
    ['+++\na = 1\n+++\n', 'frontmatter', '+++\na = [\n+++'],
    ['A.\n', '1', 'Write `<script>`, \\<pre> or <b>bold</b>.'],
    ['A.\n', '1', 'Write `<title>`, <svg viewBox="0 0 1 1"/> or <select><option>a</select>.'],
    ['<pre>\na\n', 'html-1', '<pre>\nb'],
    ['A\fb.\n', '1', 'B\fa.'],
    ['A.\n', '1', 'A 😀.'],
  ])('is written into %j at %s where it only looks so: %j', async (text, key, answer) => {
    expect(await answered(text, blocks, { key, answer })).toBe(`${answer}\n`);
  });

  it.each([
    ...['title', 'iframe', 'xmp', 'plaintext', 'noscript', 'noembed', 'noframes'],
    ...['select', 'template', 'svg', 'math'],
  ])('is not written where it leaves <%s> open', async (name) => {
    expect(await answered('A.\n', blocks, { key: '1', answer: `Use <${name}> here.` })).toBe(
      takesIn(`<${name}>`),
    );
  });

  it('is written without a warning where front matter has a template for a value', async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): number => warnings.push(message);
    process.on('warning', note);
    const answer = '---\ntitle: y\ndate: {{ .Date }}\n---';

    const text = await answered(answer.replace('y', 'x'), blocks, { key: 'frontmatter', answer });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);

    expect(text).toBe(answer);
    expect(warnings).toEqual([]);
  });

  it('keeps what begins a changed line, also where a quote goes on lazily', async () => {
    const text = '> > one\nlazy\n>> three\n';

    expect(await answered(text, leaves, { key: 'quote-1/quote-1/1', answer: 'one\nidle\n3' })).toBe(
      '> > one\nidle\n>> 3\n',
    );
  });
});
