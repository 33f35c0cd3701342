import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/routing/facts.js';

const page = `# Usage

Read [the guide](https://localhost/guide), [the notes][1] or http://localhost/notes.

- one
  - two
    1. three

- again

\`\`\`\`js
draw(axes({ ticks: [1, [2, [3]]] }));
\`\`\`
\`\`\`\`

[1]: /notes
`;

describe('the facts of a text', () => {
  it('counts words, lines, links, code and nesting of Markdown', () => {
    expect(factsOf(page, 'file')).toEqual({
      words: 28,
      lines: 16,
      kind: 'file',
      files: 1,
      nesting: 6,
      links: 3,
      code: 4 / 11,
      failures: 0,
      changeRequests: 0,
    });
  });

  it('knows code by its kind, or by how its lines begin and end', () => {
    const python = 'import os\n\ndef size(path):\n    """The size."""\n    return os.stat(path).st_size\n';

    expect(factsOf(python, 'function').code).toBe(1);
    expect(factsOf(python, 'file').code).toBe(0.5);
    expect(factsOf('function f() {\n  go();\n}\n', 'file').code).toBe(1);
    expect(factsOf('Prose, if anything.\nFrom here on it goes on.', 'file').code).toBe(0);
  });

  it('finds nothing in an empty text', () => {
    expect(factsOf('', 'code')).toMatchObject({ words: 0, lines: 0, nesting: 0, links: 0, code: 0 });
    expect(factsOf('\n', 'file')).toMatchObject({ words: 0, lines: 1, code: 0 });
  });

  it.each([
    ['a smile :( and a ] in a text', 0],
    ['(a) [b] {c}', 1],
    ['([{}])', 3],
    ['([)]', 1],
    ['(((( never closed', 0],
    ['- a\n- b\n- c', 1],
    ['* a\n  * b\n* c\n  1. d\n     - e', 3],
  ])('takes the nesting of %j for %i', (text, depth) => {
    expect(factsOf(text, 'paragraph').nesting).toBe(depth);
  });

  it('takes link addresses for one link each', () => {
    const text =
      '[a](http://localhost/(x)) <https://localhost> <a href="http://localhost/a">b</a> [c][d] [e]';

    expect(factsOf(text, 'paragraph').links).toBe(4);
  });

  it('reads any text, and the same text alike, whatever its line ends', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('- a', '  - b', '```', 'x(', ')]', 'a;', '[a](b)'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const plain = lines.map((each) => each.replace(/[\r\n]/g, ''));
        const facts = factsOf(plain.join('\n'), 'file');

        expect(facts.code).toBeGreaterThanOrEqual(0);
        expect(facts.code).toBeLessThanOrEqual(1);
        expect(factsOf(plain.join('\r\n'), 'file')).toEqual(facts);
      }),
    );
  });

  // What takes quadratic time here runs into the test's limit.
  it.each([
    ['(', 0],
    [')', 0],
    ['([{', 0],
    ['](', 0],
    ['][', 1],
    ['- ', 1],
    [' ', 0],
    ['```\n', 0],
    ['https://', 0],
    ['if ', 0],
  ])('reads a long text of %j alone', (text, nesting) => {
    expect(factsOf(text.repeat(100_000 / text.length), 'file').nesting).toBe(nesting);
  });
});
