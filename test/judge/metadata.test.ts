import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editMetadata } from '../../src/judge/metadata.js';
import type { MetadataValue } from '../../src/judge/metadata-values.js';

const bomb = ['x', '*a', '*b', '*c']
  .map(
    (one, depth) => `${'abcd'.charAt(depth)}: &${'abcd'.charAt(depth)} [${Array(10).fill(one).join(', ')}]\n`,
  )
  .join('');

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
    ['--- ~\n', 'it is not a mapping'],
    [
      'a: [1\n',
      'Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1',
    ],
    ['a: 1\na: 2\n', 'Map keys must be unique at line 2, column 1'],
    ['a: *nope\n', '"*nope" is read as a reference to an anchor that is not there at line 1, column 4'],
    ['glob: *.md\n', '"*.md" is read as a reference to an anchor that is not there at line 1, column 7'],
    [bomb, 'its aliases stand for far more than is written at line 2, column 8'],
  ])('refuses %j', (before, reason) => {
    expect(editMetadata(before, new Map([['b', 1]]))).toEqual({ kind: 'unreadable', reason });
  });

  it.each([
    'a: &r {x: 1}\nb: *r\nupdated: 1\n',
    'd: &d {x: 1}\nm:\n  <<: *d\n  y: 2\nupdated: 1\n',
    'a: &r [*r]\nupdated: 1\n',
    'a: &r 1\nupdated: *r\n',
    '? [a, b]\n: 1\nupdated: 1\n',
  ])('keeps what refers to something, and whatever else is legal: %j', (before) => {
    const after = before.replace(/updated: .*/, 'updated: 2026-05-02T14:02:11Z');

    expect(edit(before, { updated: now })).toBe(after);
  });

  it('takes hundreds of aliases for honest, and thousands for an attack', () => {
    const repeated = (times: number): string => `a: &r {x: 1}\nb: [${'*r, '.repeat(times)}]\n`;

    expect(edit(repeated(300), { updated: now })).toBe(`${repeated(300)}updated: 2026-05-02T14:02:11Z\n`);
    expect(edit(repeated(20_000), { updated: now })).toBe(
      'its aliases stand for far more than is written at line 2, column 5',
    );
  });

  it.each([
    ['review: &r {a: 1}\nother: *r\n', 'another key refers to &r, which stands in review'],
    ['review: {a: &r [1]}\nother: {b: *r}\n', 'another key refers to &r, which stands in review'],
    ['a: &r 1\nreview: {b: &r 2}\nother: *r\n', 'another key refers to &r, which stands in review'],
    ['? review\nother: 1\n', 'review can’t be set without touching what is around it'],
  ])('refuses to change what isn’t its own: %j', (before, reason) => {
    expect(editMetadata(before, new Map([['review', { strengths: ['x'] }]]))).toEqual({
      kind: 'unkept',
      reason,
    });
  });
});

describe('editing metadata of other shapes', () => {
  const review = { strengths: ['yes', 'a, b'], verdict: 'APPROVED', items: [{ id: 'n' }] };
  const values = { updated: now, score: 88, review, said: 'yes' };
  const flow = `review: {strengths: ["yes", "a, b"], verdict: APPROVED, items: [{id: "n"}]}`;
  const foreign = 'issue: 12345678901234567890, hex: 0x1F, v: 1.10, e: 1e3, n: ~, s: "3.10", q: \'x\'';

  it('keeps every byte of a flow mapping', () => {
    expect(edit(`# head\n{created: 2020-01-01, ${foreign}} # tail\n`, values)).toBe(
      `# head\n{created: 2020-01-01, ${foreign}, updated: 2026-05-02T14:02:11Z, score: 88, ${flow}, said: "yes"} # tail\n`,
    );
    expect(edit(`{ updated: 2020, "score":1, said, review: {old: 1}, ${foreign}, }`, values)).toBe(
      `{ updated: 2026-05-02T14:02:11Z, "score": 88, said: "yes", ${flow}, ${foreign}, }`,
    );
    expect(edit('{}\n', { score: 88, said: 'a, b' })).toBe('{score: 88, said: "a, b"}\n');
  });

  it('keeps the lines of a flow mapping', () => {
    expect(edit('{\n  created: 2020-01-01, # c\n  issue: 0x1F # why, and why\n}\n', values)).toBe(
      `{\n  created: 2020-01-01, # c\n  issue: 0x1F, # why, and why\n  updated: 2026-05-02T14:02:11Z,\n  score: 88,\n  ${flow},\n  said: "yes"\n}\n`,
    );
    expect(edit('{\r\n\ta: 1,\r\n}\r\n', { score: 88 })).toBe('{\r\n\ta: 1,\r\n\tscore: 88,\r\n}\r\n');
  });

  it('indents what it adds to an indented mapping', () => {
    const before = '---\n  issue: 12345678901234567890\n  review:\n      old: 1\n  hex: 0x1F # kept\n# end\n';

    expect(edit(before, values)).toBe(`---
  issue: 12345678901234567890
  review:
    strengths:
      - "yes"
      - a, b
    verdict: APPROVED
    items:
      - id: "n"
  hex: 0x1F # kept
# end
  updated: 2026-05-02T14:02:11Z
  score: 88
  said: "yes"
`);
  });

  it.each([
    ['%YAML 1.1\n---\nhex: 0x1F\n...\n# after\n', '%YAML 1.1\n---\nhex: 0x1F\nADDED...\n# after\n'],
    ['hex: 0x1F\n# note\n...', 'hex: 0x1F\n# note\nADDED...'],
    ['---\n', '---\nADDED'],
    ['---', '---\nADDED'],
    ['--- # note\n...\n', '--- # note\nADDED...\n'],
    ['# note\n\n# more', '# note\n\n# more\nADDED'],
    ['\ufeffhex: 0x1F\n', '\ufeffhex: 0x1F\nADDED'],
    ['text: |+\n  a\n\n', 'text: |+\n  a\n\nADDED'],
  ])('adds where the document ends: %j', (before, after) => {
    const added = 'updated: 2026-05-02T14:02:11Z\nscore: 88\nsaid: "yes"\n';

    expect(edit(before, { updated: now, score: 88, said: 'yes' })).toBe(after.replace('ADDED', added));
  });

  it('keeps the tag of a text and an anchor, and replaces other tags, a list, an alias, nothing', () => {
    const before = `updated: !!str &u 2020 # kept
score:
- 1
said: # kept
typed: !!int "1"
text: !!str
more: &m !!map {a: 1}
last: *m
`;

    expect(edit(before, { updated: now, score: 88, said: 'x', typed: 'y', text: 'z', last: 1 }))
      .toBe(`updated: !!str &u 2026-05-02T14:02:11Z # kept
score: 88
said: x # kept
typed: "y"
text: !!str z
more: &m !!map {a: 1}
last: 1
`);
  });

  it('leaves the text of every other key as it was, whatever it is made of', () => {
    const scalar = fc.constantFrom(
      '1',
      '0x1F',
      '1.10',
      '~',
      'yes',
      '"a"',
      "'b'",
      'x y',
      '12345678901234567890',
      '&a c',
    );
    const blockValue = fc.oneof(
      scalar,
      fc.constantFrom(
        '[1, {a: 2}]',
        '{a: *a}',
        '|\n    t\n',
        '>-\n    t',
        '\n    - 1\n    - 2',
        '\n    x: 0b1 # c',
        ' # none',
      ),
    );
    const line = fc.tuple(
      fc.constantFrom('updated', 'score', 'review', 'k1', 'k2', '"k3"', 'k4'),
      blockValue,
    );
    const keys = fc.uniqueArray(line, { selector: ([key]) => key, maxLength: 7 });
    const frame = fc.constantFrom(
      { head: '', indent: '', end: '\n', tail: '' },
      { head: '---\n', indent: '  ', end: '\n', tail: '...\n' },
      { head: '# c\n', indent: '', end: '\r\n', tail: '# d' },
    );
    const newValues = new Map<string, MetadataValue>([
      ['updated', now],
      ['score', 88],
      ['review', review],
    ]);

    fc.assert(
      fc.property(keys, frame, (pairs, { head, indent, end, tail }) => {
        const lines = pairs.map(([key, value]) => `${indent}${key}: ${value}\n`).join('');
        const before = (head + lines + tail).replaceAll('\n', end);

        const edited = editMetadata(before, newValues);

        if (edited.kind !== 'edited') {
          expect(before).toContain('*a');
          return;
        }
        const isOwn = (key: string) => newValues.has(key.replaceAll('"', ''));
        for (const [key, value] of pairs) {
          if (!isOwn(key)) expect(edited.text).toContain(`${key}: ${value.trimEnd()}`.replaceAll('\n', end));
        }
        expect(parse(edited.text)).toMatchObject({ updated: '2026-05-02T14:02:11Z', score: 88, review });
        expect(parse(edit(edited.text, Object.fromEntries(newValues)))).toEqual(parse(edited.text));
      }),
    );
  });
});

function edit(before: string, values: Readonly<Record<string, MetadataValue>>): string {
  const edited = editMetadata(before, new Map(Object.entries(values)));
  return edited.kind === 'edited' ? edited.text : edited.reason;
}
