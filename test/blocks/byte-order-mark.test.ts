import { describe, expect, it } from 'vitest';
import { applyResults } from '../../src/blocks/apply.js';
import { splitFile } from '../../src/blocks/split.js';
import { codeExtensions } from '../../src/model/block.js';
import type { CodeExtension, SplitFile } from '../../src/model/block.js';

const mark = '\uFEFF';

const script = '/** A chart. */\nexport class Chart {}\n\n/** Draws. */\nexport function draw() {}\n';
const python =
  '"""A module."""\n\nclass Chart:\n    """A chart."""\n\ndef draw():\n    """Draws."""\n    return 1\n';
const c = '/** A chart. */\nstruct Chart { int a; };\n\n/** Draws. */\nint draw() { return 1; }\n';

const texts: Readonly<Record<CodeExtension, string>> = {
  ...{ py: python, pyi: python },
  ...{ ts: script, mts: script, cts: script, tsx: script, js: script, mjs: script, cjs: script, jsx: script },
  java: '/** A chart. */\nclass Chart {\n    /** Draws. */\n    void draw() {}\n}\n',
  go: '// Package a draws.\npackage a\n\n// Draw draws.\nfunc Draw() {}\n',
  rs: '//! A crate.\n\n/// Draws.\nfn draw() {}\n',
  ...{ c, h: c, cc: c, cpp: c, cxx: c, hpp: c },
  php: '<?php\n/** A chart. */\nclass Chart {}\n\n/** Draws. */\nfunction draw() {}\n',
};

describe.each(codeExtensions)('a byte order mark before code of .%s', (extension) => {
  it.each(['docs', 'functions', 'declarations'] as const)('changes no block: %s', async (select) => {
    const source = { by: 'code', select } as const;
    const plain = await splitFile(texts[extension], source, `a.${extension}`);
    const marked = await splitFile(mark + texts[extension], source, `a.${extension}`);

    expect(plain.blocks.length).toBeGreaterThan(0);
    expect(told(marked)).toEqual(told(plain));
    for (const block of marked.blocks) {
      expect(marked.text.slice(block.start, block.end)).toBe(block.text);
    }
  });

  it('stays when a result is written', async () => {
    const file = await splitFile(mark + texts[extension], { by: 'code', select: 'docs' }, `a.${extension}`);
    const results = new Map(file.blocks.map(({ key }) => [key, 'New words.']));

    const applied = await applyResults(file, results);

    expect(file.faults).toBe(0);
    expect(applied.unfit).toEqual([]);
    expect(applied.text.startsWith(mark + texts[extension].slice(0, 2))).toBe(true);
    expect(applied.text.match(/New words\./g)).toHaveLength(file.blocks.length);
  });
});

function told({ blocks, faults }: SplitFile): object {
  return { faults, blocks: blocks.map(({ start: _start, end: _end, ...block }) => block) };
}
