import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editMetadata } from '../../src/judge/metadata.js';
import type { MetadataValue } from '../../src/judge/metadata.js';

const now = new Date('2026-05-02T14:02:11.500Z');

describe('editing metadata', () => {
  it('touches no byte but the values it sets', () => {
    const before = `# The record of one plot.
library: altair   # as on the index
created: '2025-11-12T08:14:00+00:00'
updated: 2025-11-12T08:14:00Z # by the line
issue:   5650
tags:
- points
-   colour

review: {score: 88, "by": a person}
notes: >
  folded
  text
`;

    const after = edit(before, { updated: now, issue: 5651, library: 'bokeh' });

    expect(after).toBe(
      before
        .replace('updated: 2025-11-12T08:14:00Z', 'updated: 2026-05-02T14:02:11Z')
        .replace('5650', '5651')
        .replace('altair', 'bokeh'),
    );
  });

  it('adds what is not there at the end', () => {
    expect(edit('library: altair', { updated: now, version: '3.10' })).toBe(
      'library: altair\nupdated: 2026-05-02T14:02:11Z\nversion: "3.10"\n',
    );
  });

  it('replaces a block as a whole, whatever stood there, and leaves what is around it', () => {
    const review = {
      strengths: ['yes'],
      weaknesses: [],
      verdict: 'APPROVED',
      more: { max: 1, passed: true },
    };
    const block = `review:
  strengths:
    - "yes"
  weaknesses: []
  verdict: APPROVED
  more:
    max: 1
    passed: true
`;

    expect(edit('a: 1\nreview:\n  # old\n  x:\n  - 2\n\n# next\nb: 3 # kept\n', { review })).toBe(
      `a: 1\n${block}\n# next\nb: 3 # kept\n`,
    );
    expect(edit('review: {x: 1} # old\nb: 3', { review })).toBe(`${block.trimEnd()} # old\nb: 3`);
    expect(edit('review:\r\nb: 3\r\n', { review })).toBe(`${block}b: 3\n`.replaceAll('\n', '\r\n'));
    expect(edit('b: 3\n', { review })).toBe(`b: 3\n${block}`);
  });

  it('keeps carriage returns', () => {
    expect(edit('a: 1\r\nupdated: x\r\n', { updated: now, b: 2 })).toBe(
      'a: 1\r\nupdated: 2026-05-02T14:02:11Z\r\nb: 2\r\n',
    );
  });

  it('keeps the quotes of a value', () => {
    expect(edit(`a: 'x'\nb: "y"\nupdated: 'z'\n`, { a: "it's", b: 'say "hi"', updated: now })).toBe(
      `a: 'it''s'\nb: "say \\"hi\\""\nupdated: '2026-05-02T14:02:11Z'\n`,
    );
  });

  it('fills an empty value, and takes the place of a block', () => {
    const after = edit('empty:\nblock:\n  a: 1\n  b: 2\nlist:\n- x\nlast: 1\n', {
      empty: 'x',
      block: 'y',
      list: 'z',
    });

    expect(parse(after)).toEqual({ empty: 'x', block: 'y', list: 'z', last: 1 });
  });

  it('leaves a value alone that is the same already', () => {
    const before = `issue:    0x10\nversion:    "3.10"\n`;

    expect(edit(before, { issue: 16, version: '3.10' })).toBe(before);
  });

  it('writes a text so that no reader takes it for anything else', () => {
    const values = {
      a: 'yes',
      b: '1_000',
      c: '2026-05-02',
      d: '',
      e: 'a: b # c',
      f: 'two\nlines',
      g: 'null',
    };

    const after = edit('', values);

    expect(after).toBe(
      'a: "yes"\nb: "1_000"\nc: "2026-05-02"\nd: ""\ne: "a: b # c"\nf: "two\\nlines"\ng: "null"\n',
    );
    expect(parse(after)).toEqual(values);
  });

  it('adds to a flow mapping too', () => {
    const after = edit('# kept\n{ a: 1, b: [x, y] }\n', { b: 'z', c: 3 });

    expect(parse(after)).toEqual({ a: 1, b: 'z', c: 3 });
    expect(after).toContain('# kept');
  });

  it('adds before the end marker of a document', () => {
    const after = edit('---\na: 1\n...\n', { b: 2 });

    expect(parse(after)).toEqual({ a: 1, b: 2 });
  });

  it.each([
    ['- a\n- b\n', 'it is not a mapping'],
    [
      'a: [1\n',
      'Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1:',
    ],
    ['a: 1\na: 2\n', 'Map keys must be unique at line 2, column 1:'],
  ])('refuses %j', (before, reason) => {
    expect(editMetadata(before, new Map([['b', 1]]))).toEqual({ kind: 'unreadable', reason });
  });
});

function edit(before: string, values: Readonly<Record<string, MetadataValue>>): string {
  const edited = editMetadata(before, new Map(Object.entries(values)));
  return edited.kind === 'edited' ? edited.text : edited.reason;
}
