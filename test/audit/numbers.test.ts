import { describe, expect, it } from 'vitest';
import { familyOf, lex } from '../../src/audit/lexer.js';
import { numbersOf } from '../../src/audit/numbers.js';

describe('numbers in rows', () => {
  it.each([
    ['a list', 'a.py', 'x = [9, 7, 4, 2]', ['9 7 4 2']],
    [
      'rows of records',
      'a.mjs',
      "[{ k: 'Rye', y: 9 }, { k: 'Oat', y: 7 }, { k: 'Bun', y: 4 }, { k: 'Pie', y: 2 }]",
      ['9 7 4 2'],
    ],
    ['a mapping', 'a.py', '{"Rye": 9, "Oat": 7, "Bun": 4, "Pie": 2}', ['9 7 4 2']],
    ['months', 'a.py', '{"Jan": 9, "Feb": 7, "Mar": 4, "Apr": 2}', ['9 7 4 2']],
    ['a text with commas', 'a.py', 'text = """Rye,9\nOat,7\nBun,4\nPie,2"""', ['9 7 4 2']],
    ['R', 'a.R', 'x <- c(9, 7, 4, 2)', ['9 7 4 2']],
    ['a Markdown table', 'a.md', '| Rye | 9 |\n| Oat | 7 |\n| Bun | 4 |\n| Pie | 2 |', ['9 7 4 2']],
    ['several arguments', 'a.py', 'f(9, size=7, at=4); g(2)', []],
    ['several statements', 'a.mjs', 'const a = 9;\nconst b = 7;\nconst c = 4;\nconst d = 2;', []],
    ['a table of settings', 'a.py', '{"title": 24, "label": 17, "tick": 13, "note": 9}', []],
    ['a progression', 'a.py', '[1, 2, 3, 4] + [1, 10, 100, 1000] + [0, 0.5, 1, 1.5]', []],
    ['colors', 'a.mjs', "f('rgba(48, 105, 152, 7)', '2024-03-11 09:45:17', '16px 9px')", []],
  ])('%s', (_, path, text, runs) => {
    expect([...numbersOf(lex(text, familyOf(path))).runs]).toEqual(runs);
  });

  it('finds a series among pairs', () => {
    const { runs } = numbersOf(lex('[[1, 9], [2, 7], [3, 4], [4, 2]]', 'slash'));

    expect(runs).toContain('9 7 4 2');
  });

  it('keeps the others apart, however they are written', () => {
    const { inRows, single } = numbersOf(lex('a(1_600, 16.0, 1e3, [9, 7, 4, 16])', 'hash'));

    expect([...inRows]).toEqual(['1600', '16', '1000', '9', '7', '4']);
    expect([...single]).toEqual([]);
  });

  it('knows a random draw by its numbers', () => {
    const { draws } = numbersOf(
      lex('rng = np.random.default_rng(7)\nx = rng.normal(170, f(3), 150)\nprint(9)', 'hash'),
    );

    expect([...draws]).toEqual(['default_rng(7)', 'normal(170 150)']);
  });
});
