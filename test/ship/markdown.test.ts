import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeMarkdown, escapeUrlPart } from '../../src/ship/markdown.js';

test.each([
  'scatter-basic',
  'matplotlib',
  'snake_case_name',
  'v1.2+3',
  'The data series equals plotly’s; choose another.',
])('ordinary text stays as it is: %s', (text) => {
  expect(escapeMarkdown(text)).toBe(text);
});

test.each([
  ['[a](javascript:alert(1))', '\\[a\\]\\(javascript:alert\\(1\\)\\)'],
  ['<!-- regen: attempt=a', '&lt;!-- regen: attempt=a'],
  ['<script>&amp;', '&lt;script&gt;&amp;amp;'],
  ['`code` *b* _i_ ~s~ |', '\\`code\\` \\*b\\* \\_i\\_ \\~s\\~ \\|'],
  ['thanks @octocat', 'thanks @&#8203;octocat'],
  ['closes #1 and GH-2', 'closes \\#&#8203;1 and GH-&#8203;2'],
  [
    'see https://host.example/x or www.host.example',
    'see https:&#8203;//host.example/x or www&#8203;.host.example',
  ],
  ['one\r\n\r\n# two', 'one \\#&#8203; two'],
  ['- a', '\\- a'],
  ['1. a', '1\\. a'],
  ['abc\u202Edcba', 'abc dcba'],
])('%j can’t become structure', (text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected);
});

test('no text opens a tag, a comment, a code span, a link, a mention or a line', () => {
  const piece = fc.constantFrom('<!--', '](', '`', '@a', '\n', '\\', '<b>', '![', '#1', '&#64;', '://', 'x');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const escaped = escapeMarkdown(pieces.join(''));

      const withoutEscapes = escaped.replace(/\\[\\`*{}[\]()|~$^_#]/g, '').replace(/&#8203;|&[a-z]+;/g, ' ');
      expect(withoutEscapes).not.toMatch(/[<>`[\]\\\n#]|@\w|:\/\//);
    }),
  );
});

test('a part of a URL has nothing that would end the URL or the link around it', () => {
  expect(escapeUrlPart("a/b (c)'*!?#")).toBe('a%2Fb%20%28c%29%27%2A%21%3F%23');
});
