import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyResults } from '../../src/blocks/apply.js';
import { splitFile } from '../../src/blocks/split.js';
import { sights } from './compiler-sight.js';
import { docs } from './cut.js';

const files: Readonly<Record<string, string>> = {
  'a.py': `'Module.'\nimport os\n\ndef f():\n    """Does it."""\n    return "a"\n\nclass A:\n    "One."\n    def g(self):\n        r'''Raw \\d.\n\n        More.\n        '''\n        return 2\n`,
  'a.c':
    '/// Adds.\n/// Both.\nint f() { return 1; }\n\n/** Stars. */\nint g() { return "a"; }\n\n/**\nNone.\nOf them.\n*/\nint h() { return 3; }\n',
  'A.java':
    '/**\n * Class.\n */\nclass A {\n  /** Does m. */\n  String m() { return "a"; }\n  /**\n   None.\n   */\n  int n;\n}\n',
  'a.ts':
    '/** Adds. */\nexport function f() { return "a"; }\n\n/**\n * Class.\n * @param x y\n */\nclass A {\n  /** M. */ m() {}\n}\n',
  'a.rs':
    '//! Crate.\n\n/// Adds.\nfn f() -> i32 { 1 }\n\n/** Stars. */\nfn g() {}\n\nmod x {\n    /// Inner.\n    struct S;\n}\n',
  'a.go':
    '// Package a does.\npackage a\n\n// F is.\n// More.\nfunc F() string { return "a" }\n\n/** Stars. */\nfunc G() {}\n',
  'a.php':
    '<?php\n/** Adds. */\nfunction f() { return "a"; }\n\n/**\n * Class.\n */\nclass A {\n  /** M. */\n  function m() {}\n}\n',
};

/** Pieces that end something in one language or another. */
const anyHostile = fc
  .array(
    fc.constantFrom(
      ...[
        'word',
        ' ',
        '\n',
        '\n',
        '\r',
        '\t',
        '\\',
        '\\',
        '\\\\',
        '/',
        '*',
        '*/',
        '/*',
        '//',
        '///',
        '/**',
        '#',
      ],
      ...['"', "'", '"""', "'''", '??/', '?>', '{', '}', '\u2028', '\0', '\u001B', '\uD800', '\uFEFF'],
      ...[
        '\\u002a',
        '\\u002f',
        '\\uu002F',
        '\\u005c',
        '\\u000a',
        '\\user',
        '\\x4',
        '\\N{foo}',
        '\\U0011FFFF',
      ],
      ...['r"', 'go:build x', '+build x', '*\\\n/', 'x\\ \n'],
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((pieces) => pieces.join(''));

describe.each(Object.keys(files))('a hostile result in %s', (path) => {
  const text = files[path] ?? '';
  const sight = sights[path] ?? String;

  it('changes nothing but its block, and nothing that a compiler sees', async () => {
    const file = await splitFile(text, docs, path);
    const anyBlock = fc.constantFrom(...file.blocks);
    let written = 0;

    await fc.assert(
      fc.asyncProperty(
        anyBlock,
        anyHostile,
        fc.boolean(),
        async ({ key, content, start, end }, hostile, adds) => {
          const applied = await applyResults(file, new Map([[key, adds ? content + hostile : hostile]]));

          if (applied.unfit.length > 0) expect(applied.text).toBe(text);
          else written += 1;
          expect(applied.text.startsWith(text.slice(0, start))).toBe(true);
          expect(applied.text.endsWith(text.slice(end))).toBe(true);
          expect(sight(applied.text)).toBe(sight(text));
          expect(Buffer.from(applied.text).toString()).toBe(applied.text);
        },
      ),
      { numRuns: 500 },
    );

    expect(written).toBeGreaterThan(20);
  });
});
