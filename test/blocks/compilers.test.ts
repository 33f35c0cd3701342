import { describe, expect, it } from 'vitest';
import { answered, docs, functions } from './cut.js';

const quotes = "def f():\n    'A path.'\n    return 1\n";
const raw = 'def f():\n    r"""A path."""\n    return 1\n';
const slashes = '/// A path.\nint f() { return 1; }\n';
const stars = '/** A path. */\nint f() { return 1; }\n';
const plain = '/**\nA path.\n\nMore.\n*/\nint f() { return 1; }\n';
const java = '/** A. */\nclass A {}\n';
const go = '// F is.\nfunc F() {}\n';
const rust = '/// F.\nfn f() {}\n/** G. */\nfn g() {}\n';
const php = '<?php\n/** F. */\nfunction f() {}\n';

const ends = 'would end elsewhere than its docstring does';
const escape = 'holds a backslash that begins no valid escape';
const joins =
  'has a line that ends in a backslash (or ??/), with which the next line becomes a part of the comment';

describe('documentation in which a compiler sees more than the parser', () => {
  it.each([
    ['a.py', quotes, 'f', 'A path such as C:\\', ends],
    ['a.py', quotes.replaceAll("'", '"'), 'f', 'A path such as C:\\', ends],
    ['a.py', quotes, 'f', 'A\npath.', 'has 2 lines, and its place is a part of one line'],
    ['a.py', quotes, 'f', "It's.", "contains ', which ends its docstring"],
    ['a.py', quotes, 'f', "a' 'b", "contains ', which ends its docstring"],
    ['a.py', raw, 'f', 'Ends in \\', ends],
    [
      'a.py',
      quotes,
      'f',
      '\\N{foo}',
      'holds \\N{foo}, which its docstring didn’t: it may be no character’s name',
    ],
    ['a.py', quotes, 'f', '\\N', escape],
    ['a.py', quotes, 'f', '\\x1', escape],
    ['a.py', quotes, 'f', '\\u123', escape],
    ['a.py', quotes, 'f', '\\U00110000', escape],
    ['a.cpp', slashes, 'f', 'Below C:\\', joins],
    ['a.c', slashes, 'f', 'Below C:\\ \t\nmore', joins],
    ['a.h', slashes, 'f', 'Below C:??/', joins],
    ['a.c', plain, 'f', 'A *\\\n/ b', 'would end its comment once C joins the lines that end in a backslash'],
    ['A.java', java, 'A', 'See \\u002a/ there.', 'holds \\u002a, which Java reads as *'],
    ['A.java', java, 'A', 'See *\\uu002F there.', 'holds \\uu002F, which Java reads as /'],
    ['A.java', java, 'A', 'See \\u005c there.', 'holds \\u005c, which Java reads as \\'],
    ['A.java', java, 'A', '\\\\\\user', 'holds \\u without four digits, which no Java file may'],
    [
      'A.java',
      java.replace('A.', '\\u002f'),
      'A',
      '*\\u002f',
      'holds escapes that Java reads as the end of its comment',
    ],
    ['a.go', go, 'F', 'F \uFEFF.', 'holds U+FEFF, which Go refuses'],
    ['a.go', go, 'F', 'F.\n+build x', ends],
    ['a.rs', rust, 'f', 'F \u202E.', 'holds U+202E, which Rust refuses'],
    ['a.rs', rust, 'g', 'Opens /* one.', ends],
    ['a.rs', rust, 'g', 'a */ /* b', 'contains */, which ends its docstring'],
    ['a.php', php, 'f', '*/ ?>', 'contains */, which ends its docstring'],
    ['a.php', php, 'f', '\u0000', 'holds a control character (U+0000)'],
  ])('in %s is not written into %j at %s: %j', async (path, text, ...[key, answer, reason]) => {
    expect(await answered(text, docs, { path, key, answer })).toBe(reason);
  });

  it.each([
    ['a.py', quotes, 'f', 'Ends \\n \\u1234 \\U0001F600 \\\\N{x} \\\\'],
    ['a.py', quotes.replace('A path', '\\N{BULLET}'), 'f', 'A \\N{BULLET}'],
    ['a.cpp', slashes, 'f', 'Below C:\\ there'],
    ['a.cpp', slashes.replace('A path.', 'A \\\n/// path.'), 'f', 'A \\\n/// way.'],
    ['a.cpp', stars.replace('A path.', 'A \\\n * path.\n'), 'f', 'A \\\n * way.'],
    ['A.java', java, 'A', 'See \\u00e9 and C:\\\\users, \\\\u002a/.'],
    ['A.java', java.replace('A.', '\\u002a'), 'A', 'The \\u002a sign.'],
    ['A.java', java, 'A', 'See \\u000a, \\u000d, \\u0022 and \\u0027.'],
    ['a.rs', rust, 'g', 'With /* one */ in it.'],
    ['a.php', php, 'f', 'Ends in ?> there.'],
  ])('in %s is written into %j at %s where it only looks so: %j', async (path, text, ...[key, answer]) => {
    expect(await answered(text, docs, { path, key, answer })).toContain(answer);
  });
});

describe('functions in which a compiler sees more than the parser', () => {
  it.each([
    ['a.py', 'def f():\n    return 1\n', "def f():\n    x = 'open\n    return 1"],
    ['a.py', 'def f():\n    return 1\n', "def f():\n    x = f'open\\'\n    return 1"],
    ['a.ts', 'function f() { return 1 }\n', "function f() { x = 'open\n return 1 }"],
    ['a.ts', 'function f() { return 1 }\n', 'function f() { return 1 // \u2028 words\n }'],
    ['a.go', 'func f() {}\n', 'func f() {\n x = "open\n}'],
    ['a.c', 'int f() { return 1; }\n', 'int f() { return 1; // C:\\\n}'],
  ])('in %s are not written into %j: %j', async (path, text, answer) => {
    expect(await answered(text, functions, { path, key: 'f', answer })).toBe(
      'would not be one declaration of that name, or no valid code',
    );
  });

  it('in Java are not written with new escapes of signs', async () => {
    const text = 'class A {\n  void f() {}\n}\n';
    const answer = 'void f() { s = "\\u0022; }';

    expect(await answered(text, functions, { path: 'A.java', key: 'A.f', answer })).toBe(
      'holds \\u0022, which Java reads as "',
    );
  });
});
