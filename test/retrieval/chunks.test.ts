import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passageText } from '../../src/model/passages.js';
import { chunksOf, cut } from '../../src/retrieval/chunks.js';

function textsOf(path: string, text: string): readonly string[] {
  return cut({ path, text }).map((passage) => passage.text);
}

const doc = (words: number) => `    """${'word '.repeat(words)}"""`;

describe('chunks of Markdown', () => {
  it('are its sections, also behind a byte order mark and with Windows line ends', () => {
    const text = '\uFEFF# Style\r\n\r\nPlain.\r\n\r\n## Names\r\n\r\nShort\r\nones.\r\n';

    expect(cut({ path: 'a.md', text })).toEqual([
      { path: 'a.md', headings: ['Style'], text: 'Plain.' },
      { path: 'a.md', headings: ['Style', 'Names'], text: 'Short\nones.' },
    ]);
  });
});

describe('chunks of code', () => {
  const draw = `@cached\ndef draw(axis):\n${doc(90)}\n    axis.draw()\n\n    return axis`;
  const save = `def save(path):\n${doc(90)}\n    write(path)`;

  it('are what stands at the top level, however many blank lines are inside', () => {
    expect(textsOf('a.py', `${draw}\n\n\n${save}\n`)).toEqual([draw, save]);
  });

  it('hold small neighbours together', () => {
    expect(textsOf('a.py', `import os\n\nLIMIT = 3\n\n\n${draw}\n`)).toEqual([
      'import os\n\nLIMIT = 3',
      draw,
    ]);
  });

  it('do not begin with what only closes or goes on', () => {
    const text = `function draw() {\n${'  go();\n'.repeat(60)}\n}\n`;

    expect(textsOf('a.js', text)).toEqual([text.trimEnd()]);
  });

  it('say where they belong when a declaration is too long for one', () => {
    const method = (name: string) => `    def ${name}(self):\n${doc(250)}`;
    const text = `# Charts.\n@final\nclass Chart:\n${['a', 'b', 'c'].map(method).join('\n\n')}\n`;
    const passages = cut({ path: 'a.py', text });

    expect(passages.map(({ headings }) => headings)).toEqual([[], ['class Chart:'], ['class Chart:']]);
    expect(passages[1]?.text.startsWith('    def b(self):')).toBe(true);
  });
});

describe('chunks of any text', () => {
  const paths = fc.constantFrom('a.md', 'a.py', 'a.txt', 'LICENSE', 'b.json');
  const lines = fc.array(
    fc.constantFrom('', '', '# A', '```', 'def f():', '    x = 1', '}', 'word '.repeat(500), '  ', '## B'),
    { maxLength: 60 },
  );

  it('lose nothing but headings and blanks, and say what they take', () => {
    fc.assert(
      fc.property(paths, lines, fc.constantFrom(2, 3.5, 4), (path, given, scale) => {
        const passages = cut({ path, text: given.join('\n') });
        const chunks = chunksOf([passages], scale);
        const bare = (texts: readonly string[]) => texts.join('').replace(/\s|#+ [AB]/g, '');

        expect(bare(chunks.map(({ text }) => text))).toBe(bare(given));
        expect(chunks.map(({ place }) => place)).toEqual(chunks.map((_, at) => at));
        for (const chunk of chunks) {
          expect(chunk.text.trim()).not.toBe('');
          expect(chunk.tokens).toBe(Math.ceil((passageText(chunk).length + 2) / scale));
        }
      }),
    );
  });
});
