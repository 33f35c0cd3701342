import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyOf, lex } from '../../src/audit/lexer.js';
import type { Family } from '../../src/audit/lexer.js';

describe('a text as tokens', () => {
  it.each<[Family, string, string[], string[]]>([
    ['hash', 'x = 1_000 # ten, 10', ['x', '=', '1_000'], ['# ten, 10']],
    ['hash', '"""A file."""\nx = """12"""', ['x', '=', '"""12"""'], ['"""A file."""']],
    ['hash', 'def f():\n    """Says it."""\n', ['def', 'f', '(', ')', ':'], ['"""Says it."""']],
    ['slash', 'a(/* b */ "// no", `c\n${d}`)', ['a', '(', '"// no"', ',', '`c\n${d}`', ')'], ['/* b */']],
    ['slash', "/don't/.test(x)\ny", ['/', 'don', "'t/.test(x)", 'y'], []],
    ['prose', "Don't # count 3.5e2", ['Don', "'", 't', '#', 'count', '3.5e2'], []],
    ['hash', '.5 + x1.5', ['.5', '+', 'x1', '.', '5'], []],
  ])('%s: %j', (family, text, tokens, comments) => {
    const lexed = lex(text, family);

    expect(lexed.tokens.map((token) => token.text)).toEqual(tokens);
    expect(lexed.comments.map((comment) => comment.text)).toEqual(comments);
  });

  it.each([
    ['a/b.py', 'hash'],
    ['b.R', 'hash'],
    ['c.mjs', 'slash'],
    ['c.tsx', 'slash'],
    ['page.md', 'prose'],
    ['Makefile', 'prose'],
  ])('%s is read as %s', (path, family) => {
    expect(familyOf(path)).toBe(family);
  });

  it('loses nothing but blanks, and knows where everything stands', () => {
    const families = fc.constantFrom<Family>('hash', 'slash', 'prose');
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('#', '/', '*', '"', "'", '`', '\\', '\n', ' ', '1', '.', 'a') }),
    );

    fc.assert(
      fc.property(families, texts, (family, text) => {
        const { tokens, comments } = lex(text, family);
        const parts = [...tokens, ...comments].toSorted((left, right) => left.at - right.at);

        expect(parts.every((part) => text.startsWith(part.text, part.at))).toBe(true);
        expect(
          parts
            .map((part) => part.text)
            .join('')
            .replaceAll(/\s/g, ''),
        ).toBe(text.replaceAll(/\s/g, ''));
      }),
    );
  });
});
