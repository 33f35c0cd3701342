import fc from 'fast-check';
import type { BlockSource } from '../../src/model/block.js';

/** Pieces of Markdown that lean on each other: nested, unclosed, with odd markers and white space. */
const markdownPieces = [
  '# A title',
  '## Usage',
  '## Usage',
  '### Deep *er*',
  'Plain words here.',
  'Two lines\nof words',
  '  indented words\nlazy',
  'Setext\n======',
  'Words\n---',
  '***',
  '- one\n- two\n\n  more of two\n  - nested\n    deeper',
  '1. first\n2. second\n\n   ```\n   code\n   ```',
  '-\tby a tab\n\n\tmore',
  '* [ ] task\n+ other mark',
  '> quoted\n> more\nlazy\n>\n> - list\n>   in it',
  '> > twice\n>\n> > > thrice',
  '- > in a list\n  > more',
  '```js\nlet x;\n\n# none\n```',
  '~~~~\n~~~\n```\n~~~~',
  '   ```\n  less\n     more\n   ```',
  '    indented code\n\n      more of it',
  '```\nnever closed',
  '<!-- a comment\n\nover lines -->',
  '<div>\n  *html*\n</div>',
  '<!-- open',
  '| a | b |\n|---|:-:|\n| 1 | `|` |\n| 3 |',
  '> | in | quote |\n> |----|---|\n> | 1 | 2 |',
  '| a |\n|---|  \n| x |',
  '![alt](x.png)',
  '[![badge](b)](c "t") ![x][y]',
  '[ref]: http://example.com "title"',
  '---\nfront: matter\n---',
  '+++\ntoml = 1\n+++',
  'Ünïcödé 😀 𝒳 é 漢字',
  '\\# escaped\ttab ',
  '&nbsp;',
  '',
  ' ',
];

const pythonPieces = [
  '"""Module words."""',
  '# comment',
  'class Chart(Base):\n    """Words."""\n\n    kind: str = "x"',
  '    def draw(self, x):\n        """Draw it.\n\n        Args:\n            x: what\n        """\n        return x',
  "    @property\n    def size(self):\n        r'''Size \\d.'''\n        return 1",
  'def draw():\n\t"tabs 😀"\n\treturn """not\na doc"""',
  'async def go(): "one line"; pass',
  'def none():\n    x = 1\n    f"no doc"',
  'def broken(:\n    """Unclosed',
  'def outer():\n    def inner():\n        """\n        Inner.\n        """\n    return inner',
  'x = {"a": """t"""}',
  '',
];

const scriptPieces = [
  '/** Words. */\nexport function draw(x) {\n  return `a\nb`;\n}',
  '/**\n * Draws.\n *\n * @param x what\n */\nexport const go = async (x) => {\n  go();\n};',
  'class Chart {\n  /** Field. */ size = 1;\n  /**\n     Without\n       stars\n   */\n  draw() {\n    // inner\n  }\n}',
  '/** @file About. */',
  '/* plain */ // line',
  'interface Shape {\n\t/** Tabs. */\n\tarea: number;\n}',
  '/***/ let a; /**/ let b; /** */ let c;',
  'function broken( {',
  'const o = { /** k */ k: 1, m() {} };',
  '',
];

const mdxPieces = [
  "import Tabs from './tabs'",
  "export const meta = {\n  a: '}',\n\n  b: 2,\n}",
  '{/* a comment\n\nthat goes on */}',
  "<Tabs items={[{ a: '>' }]}>\n\nWords {meta.a} <b>here</b>.\n\n</Tabs>",
  '<Card\n  title="x"\n>\nWords.\n\n</Card>',
  'Never {closed',
  '{`open',
];

const lineEnds = ['\n', '\r\n', '\r'];
const gaps = ['\n', '\n\n', '\n \n', '\n\n\n', '\n\t\n'];

function anyText(pieces: readonly string[]): fc.Arbitrary<string> {
  const noise = fc.string({
    unit: fc.constantFrom(...Array.from('#->|`~*[]:!<= \t\n\r1.aé😀\\"/')),
    maxLength: 30,
  });
  const part = fc.tuple(
    fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: noise }),
    fc.constantFrom(...gaps),
  );
  const body = fc.array(part, { maxLength: 12 });
  return fc
    .tuple(fc.constantFrom('', '', '\uFEFF', '\n'), body, fc.constantFrom(...lineEnds), fc.boolean())
    .map(([start, parts, lineEnd, isClosed]) => {
      const text = start + parts.flat().join('');
      return (isClosed ? text : text.replace(/\s+$/, '')).replaceAll('\n', lineEnd);
    });
}

/** A file and a way to cut it. */
export interface Sample {
  readonly text: string;
  readonly source: BlockSource;
  readonly path: string;
}

const anyMarkdownSource: fc.Arbitrary<BlockSource> = fc.constantFrom<BlockSource>(
  { by: 'markdown', depth: 'blocks' },
  { by: 'markdown', depth: 'leaves' },
  { by: 'markdown', depth: 'sections', level: 2 },
  { by: 'markdown', depth: 'sections', level: 6 },
);

const anyCodeSource: fc.Arbitrary<BlockSource> = fc.constantFrom<BlockSource>(
  { by: 'code', select: 'docs' },
  { by: 'code', select: 'functions' },
  { by: 'code', select: 'declarations' },
);

const anyOtherSource: fc.Arbitrary<BlockSource> = fc.constantFrom<BlockSource>(
  { by: 'file' },
  { by: 'pattern', pattern: '^(?<key>\\w+) (?<block>\\w.*)' },
  { by: 'pattern', pattern: '^[-*] +(.+(?:\\n {2}.*)*)' },
  { by: 'pattern', pattern: '"(.*?)"' },
  { by: 'pattern', pattern: '((?:^ +.*\\n?)+)' },
);

export const anyMarkdown = anyText(markdownPieces);

export const anySample: fc.Arbitrary<Sample> = fc.oneof(
  sample(anyMarkdown, anyMarkdownSource, 'page.md'),
  sample(anyText([...markdownPieces, ...mdxPieces, ...mdxPieces]), anyMarkdownSource, 'page.mdx'),
  sample(anyText(pythonPieces), anyCodeSource, 'chart.py'),
  sample(anyText(scriptPieces), anyCodeSource, 'chart.ts'),
  sample(anyText([...markdownPieces, ...pythonPieces]), anyOtherSource, 'any.txt'),
);

/** What a model may answer: sensible, in the wrong form, or harmful. */
export const anyAnswer = fc.oneof(
  fc.constantFrom(...markdownPieces, ...pythonPieces, ...scriptPieces),
  fc.constantFrom(
    'New words.',
    'New words.\n\nAnd more.\n',
    '*/',
    '"""',
    'x\\',
    '```',
    '| a',
    '<!--',
    '---',
    '"',
    'import x',
    '{',
    '<b>',
  ),
  fc.string({ unit: fc.constantFrom(...Array.from('#->|`*"/ \t\n\rab\\')), maxLength: 12 }),
);

function sample(
  text: fc.Arbitrary<string>,
  source: fc.Arbitrary<BlockSource>,
  path: string,
): fc.Arbitrary<Sample> {
  return fc.record({ text, source, path: fc.constant(path) });
}
