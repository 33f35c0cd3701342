import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { parseInstant } from '../../src/model/instant.js';
import { readInstant } from '../../src/pick/metadata.js';
import { hasPlainStart, scanField } from '../../src/pick/scan.js';

const scan = (text: string) => {
  const bytes = Buffer.from(text);
  return hasPlainStart(bytes) ? scanField(bytes, 'updated') : { kind: 'no plain start' };
};

describe('scanField', () => {
  it.each([
    ['updated: 2025-11-12T08:14:00+00:00\n', '2025-11-12T08:14:00+00:00'],
    ['---\n# made by a tool\nlibrary: x\nupdated: 2025-11-12 08:14:00  # when\n', '2025-11-12 08:14:00'],
    ["created: x\r\nupdated: '2025-11-12'\r\nreview:\r\n  updated: 2024-01-01\r\n", '2025-11-12'],
    ['title: what was updated: all\nnotes: |\n  updated: never\nupdated: 2025-11-12\n', '2025-11-12'],
    ['last_updated: 2024-01-01\ntags:\n- updated: x\nupdated: 2025-11-12\n', '2025-11-12'],
  ])('reads %j', (text, value) => {
    expect(scan(text)).toEqual({ kind: 'value', text: value });
  });

  it.each([
    '',
    'created: x\n',
    'updated:\nb: 1\n',
    'updated: ~\n',
    'updated: null # not yet\n',
    'a:\n  updated: x\n',
  ])('finds nothing in %j', (text) => {
    expect(scan(text)).toEqual({ kind: 'absent' });
  });

  it.each([
    'updated: 2025-11-12\nupdated: 2025-11-13\n',
    'updated : 2025-11-12\n',
    'a: 1\n"updated": 2025-11-12\n',
    'a: 1\n? updated\n: 2025-11-12\n',
    'a: 1\n!!str updated: 2025-11-12\n',
    'updated: &when 2025-11-12\n',
    'updated: >\n  2025-11-12\n',
    'updated: 2025-11-12\n  08:14:00\n',
    'updated:\n\n  2025-11-12\n',
    'updated:\n- 2025-11-12\n',
    'updated: "2025\\u002d11-12"\n',
    'updated:\t2025-11-12\n',
    'a: 1\n---\nupdated: 2025-11-12\n',
  ])('leaves %j to the parser', (text) => {
    expect(scan(text)).toEqual({ kind: 'ambiguous' });
  });

  it.each([
    '{ updated: 2025-11-12 }\n',
    '  updated: 2025-11-12\n',
    '"updated": 2025-11-12\n',
    '- updated: x\n',
  ])('sees that %j begins in a way it does not know', (text) => {
    expect(scan(text)).toEqual({ kind: 'no plain start' });
  });
});

describe('readInstant', () => {
  const lines = [
    'updated: 2025-11-12',
    'updated: "2025-11-13"',
    'updated:',
    'updated: ~',
    'updated : 2025-11-14',
    '"updated": 2025-11-15',
    'created: 2024-01-01',
    "created: '2024-01-02 10:00:00'",
    'created: |',
    '  2024-01-03',
    '  updated: 2023-01-01',
    '# updated: 2022-01-01',
    'notes: updated later',
    'list:',
    '- updated: 2021-01-01',
    '',
    '{ updated: 2020-01-01 }',
    '---',
  ] as const;

  it('says of any file that is valid YAML what the parser says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...lines), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        (made, end) => {
          const text = made.join(end);
          const document = parseDocument(text);
          fc.pre(document.errors.length === 0);
          const data: unknown = document.toJS();
          const fields = new Map<string, unknown>(
            typeof data === 'object' && data !== null ? Object.entries(data) : [],
          );
          const known = fields.get('updated') ?? fields.get('created');

          const read = readInstant(Buffer.from(text), ['updated', 'created']);

          const instant = typeof known === 'string' ? parseInstant(known) : null;
          expect(read.kind === 'instant' ? read.instant : null).toEqual(instant);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['the first field that is there', 'created: 2024-01-01\nupdated: 2025-01-01\n', '2025-01-01'],
    ['the next one when the first is empty', 'created: 2024-01-01\nupdated:\n', '2024-01-01'],
    ['what follows a byte order mark', '\uFEFFupdated: 2025-01-01', '2025-01-01'],
    ['JSON', '{"updated": "2025-01-01"}', '2025-01-01'],
    [
      'front matter before text that is no YAML',
      '---\n"updated": 2025-01-01\n---\n# a: b: c\n\tx\n',
      '2025-01-01',
    ],
    ['a folded value', 'updated: >-\n  2025-01-01\n', '2025-01-01'],
  ])('reads %s', (_what, text, day) => {
    const read = readInstant(Buffer.from(text), ['updated', 'created']);

    expect(read).toEqual({ kind: 'instant', instant: new Date(`${day}T00:00:00Z`) });
  });

  it.each([
    ['updated: soon\n', '"updated" is no point in time: "soon"'],
    ['updated: 20250101\n', '"updated" is no point in time: 20250101'],
    ['updated: 2025-01-01\nupdated: 2025-01-02\n', 'not valid YAML: Map keys must be unique'],
  ])('says why %j has no age', (text, why) => {
    expect(readInstant(Buffer.from(text), ['updated'])).toEqual({ kind: 'unreadable', why });
  });
});
