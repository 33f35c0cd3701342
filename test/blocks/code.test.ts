import { describe, expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { splitFile } from '../../src/blocks/split.js';
import { answered, cut, docs, functions } from './cut.js';

const python = `"""A module."""

class Chart(Base):
    r'''Charts \\d.

    More:
        deep
    '''

    @property
    def size(self) -> int:
        """
        The size.
        """
        return 1

    def draw(self): "Draws."; pass
`;

const documented = {
  'a.ts': `/** @license none */
import a from 'a';
/** Draws. */
export const draw = (): void => {
  a();
};
/**
 * A chart.
 *
 * @public
 */
export class Chart {
  /** Its size. */
  size = 1;
}
`,
  'a.rs': `//! A crate.

/// A chart.
///  Indented.
#[derive(Debug)]
pub struct Chart;
impl<T> Draw for Chart<T> {
    /// Draws.
    fn draw(&self) {}
}
`,
  'a.go': `// Copyright nobody

// Package a does it.
package a

//go:embed x
var x string

// Draw draws.
// All of it.
func (c *Chart) Draw() {}
`,
  'A.java': 'class A {\n  /** Draws. */\n  @Override\n  void draw() {}\n}\n',
  'a.cpp': 'namespace n {\n/// Draws.\nint draw(int a) { return a; }\n}\n',
  'a.php': '<?php\nclass A {\n  /** Draws. */\n  function draw() {}\n}\n',
};

describe('documentation in code', () => {
  it('is a block without its quotes and its indentation', async () => {
    const told = await cut(python, docs, { path: 'a.py', tell: ({ key, content }) => [key, content] });

    expect(told).toEqual([
      ['module', 'A module.'],
      ['Chart', 'Charts \\d.\n\nMore:\n    deep'],
      ['Chart.size', 'The size.'],
      ['Chart.draw', 'Draws.'],
    ]);
  });

  it.each([
    ['a.ts', { draw: 'Draws.', Chart: 'A chart.\n\n@public', 'Chart.size': 'Its size.' }],
    ['a.rs', { module: 'A crate.', Chart: 'A chart.\n Indented.', 'Chart.draw': 'Draws.' }],
    ['a.go', { a: 'Package a does it.', 'Chart.Draw': 'Draw draws.\nAll of it.' }],
    ['A.java', { 'A.draw': 'Draws.' }],
    ['a.cpp', { 'n.draw': 'Draws.' }],
    ['a.php', { 'A.draw': 'Draws.' }],
  ] as const)('is found in %s by what it documents', async (path, expected) => {
    const told = await cut(documented[path], docs, {
      path,
      tell: ({ key, content }) => [key, content] as const,
    });

    expect(Object.fromEntries(told)).toEqual(expected);
  });

  it('is written with the quotes, the indentation and the line ends of its place', async () => {
    const answer = 'Charts.\n\nArgs:\n    x: what\n';

    expect(await answered(python, docs, { path: 'a.py', key: 'Chart', answer })).toBe(
      python.replace('Charts \\d.\n\n    More:\n        deep\n', 'Charts.\n\n    Args:\n        x: what\n'),
    );
    expect(await answered(python, docs, { path: 'a.py', key: 'Chart.size', answer })).toBe(
      python.replace('The size.', 'Charts.\n\n        Args:\n            x: what'),
    );
    const onWindows = python.replaceAll('\n', '\r\n');
    expect(await answered(onWindows, docs, { path: 'a.py', key: 'module', answer: 'A.\n\nB.' })).toBe(
      onWindows.replace('A module.', 'A.\r\n\r\nB.\r\n'),
    );
  });

  it('may come back as it stands in the file, with indentation and quotes', async () => {
    const answer = '"""\n        New size.\n\n        More.\n        """';

    expect(await answered(python, docs, { path: 'a.py', key: 'Chart.size', answer })).toBe(
      python.replace('The size.', 'New size.\n\n        More.'),
    );
  });

  it('gets stars or slashes on each line', async () => {
    const answer = 'One.\n\nTwo.';
    const script = documented['a.ts'];

    expect(await answered(script, docs, { path: 'a.ts', key: 'Chart.size', answer })).toBe(
      script.replace('/** Its size. */', '/**\n   * One.\n   *\n   * Two.\n   */'),
    );
    expect(await answered(script, docs, { path: 'a.ts', key: 'Chart', answer })).toBe(
      script.replace('A chart.\n *\n * @public', 'One.\n *\n * Two.'),
    );
    expect(await answered(documented['a.rs'], docs, { path: 'a.rs', key: 'Chart.draw', answer })).toBe(
      documented['a.rs'].replace('/// Draws.', '/// One.\n    ///\n    /// Two.'),
    );
  });

  it.each([
    ['a.py', python, 'module', 'Says """so""".', 'contains """, which ends its docstring'],
    ['a.py', python, 'module', 'Ends in \\', 'would end elsewhere than its docstring does'],
    ['a.py', python, 'module', 'See C:\\users', 'holds a backslash that begins no valid escape'],
    ['a.py', python, 'Chart.draw', 'One.\n\nTwo.', 'has 3 lines, and its place is a part of one line'],
    ['a.ts', documented['a.ts'], 'draw', 'Matches src/**/*.ts.', 'contains */, which ends its docstring'],
    [
      'A.java',
      documented['A.java'],
      'A.draw',
      'C:\\users',
      'holds \\u without four digits, which no Java file may',
    ],
  ])('in %s is not written where it would break %s', async (path, text, ...[key, answer, reason]) => {
    expect(await answered(text, docs, { path, key, answer })).toBe(reason);
  });

  it.each([
    ['"""A."""', 'Says "so"', '"""Says "so\\""""'],
    ['"""A."""', '"Says" ""so""', '""""Says" ""so"\\""""'],
    ['"""A."""', 'Says "so\\"', '"""Says "so\\""""'],
    ['"""A."""', "Says 'so'", `"""Says 'so'"""`],
    ["'''A.'''", "Says 'so'", "'''Says 'so\\''''"],
    ['r"""A."""', 'Says "so"', 'r"""Says "so" """'],
    ['r"""A."""', 'Says "so\\"', 'r"""Says "so\\""""'],
    ['"""A.\n"""', 'Says "so"', '"""Says "so"\n"""'],
  ])('in place of %j keeps its last quote: %j', async (literal, answer, written) => {
    expect(await answered(`${literal}\n`, docs, { path: 'a.py', key: 'module', answer })).toBe(
      `${written}\n`,
    );
  });

  it('may hold any backslash where it is raw', async () => {
    expect(await answered(python, docs, { path: 'a.py', key: 'Chart', answer: 'See C:\\users' })).toContain(
      "r'''See C:\\users\n    '''",
    );
  });
});

describe('functions', () => {
  it('are shown without their indentation, with their decorators and what they are in', async () => {
    const told = await cut(python, functions, {
      path: 'a.py',
      tell: ({ key, content, context }) => ({ key, content, context }),
    });

    expect(told).toEqual([
      {
        key: 'Chart.size',
        content: '@property\ndef size(self) -> int:\n    """\n    The size.\n    """\n    return 1',
        context: 'class Chart(Base)',
      },
      { key: 'Chart.draw', content: 'def draw(self): "Draws."; pass', context: 'class Chart(Base)' },
    ]);
  });

  it.each([
    '@property\ndef size(self):\n    return 2\n',
    '    @property\n    def size(self):\n        return 2\n',
    '@property\n    def size(self):\n        return 2\n',
  ])('are put back where they were, be the answer indented or not: %j', async (answer) => {
    const written = await answered(python, functions, { path: 'a.py', key: 'Chart.size', answer });

    expect(written).toContain('\n\n    @property\n    def size(self):\n        return 2\n\n    def draw');
  });

  it.each([
    'def area(self):\n    return 2',
    'def area(self):\n        return 2',
    '    def area(self):\n        return 2',
  ])('keep the indentation of a body that is as deep as their place: %j', async (answer) => {
    const text = 'class A:\n    def area(self):\n        return 1\n';

    expect(await answered(text, functions, { path: 'a.py', key: 'A.area', answer })).toBe(
      text.replace('return 1', 'return 2'),
    );
  });

  it('may lose their decorators', async () => {
    const answer = 'def size(self):\n    return 2';

    expect(await answered(python, functions, { path: 'a.py', key: 'Chart.size', answer })).toContain(
      '\n\n    def size(self):\n        return 2\n\n    def draw',
    );
  });

  it('keep texts over several lines that stand further left', async () => {
    const text = 'class A:\n    def help(self):\n        return """\nUsage:\n  x\n"""\n';
    const [content = ''] = await cut(text, functions, { path: 'a.py', tell: (block) => block.content });

    const written = await answered(text, functions, {
      path: 'a.py',
      key: 'A.help',
      answer: content.replace('Usage:', 'How to:'),
    });

    expect(written).toBe(text.replace('Usage:', 'How to:'));
  });

  it.each([
    'def other(self):\n    return 2',
    'def size(self):\n    return (2',
    'def size(self):\n    return = 2',
    'def size(self):\n  x\n\ny = 1',
  ])('that would be no declaration of that name are not written: %j', async (answer) => {
    expect(await answered(python, functions, { path: 'a.py', key: 'Chart.size', answer })).toBe(
      'would not be one declaration of that name, or no valid code',
    );
  });

  it('are found in JavaScript as declarations, methods and constants, the outermost only', async () => {
    const text =
      'export default function () { function inner() {} }\nconst go = async () => {};\nclass A { get x() { return 1 } #y() {} }\n';

    expect(await cut(text, functions, { path: 'a.mjs', tell: ({ key }) => key })).toEqual([
      'default',
      'go',
      'A.x',
      'A.#y',
    ]);
  });

  it('stay with their class when declarations are asked for', async () => {
    const told = await cut(
      python,
      { by: 'code', select: 'declarations' },
      { path: 'a.py', tell: ({ key, kind }) => [key, kind] },
    );

    expect(told).toEqual([['Chart', 'class']]);
  });
});

it('names the languages it knows when it does not know one', async () => {
  const tried = splitFile('x <- 1', docs, 'plots/a.R');

  await expect(tried).rejects.toThrow(RegenError);
  await expect(tried).rejects.toMatchObject({
    code: 'config',
    message: "plots/a.R can't be cut into blocks by its code: no grammar for .r",
    hint: expect.stringContaining('use a pattern, or one of .py .pyi .ts') as unknown,
  });
});
