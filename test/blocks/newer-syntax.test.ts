import { describe, expect, it } from 'vitest';
import type { BlockSource } from '../../src/model/block.js';
import { answered, cut, functions } from './cut.js';

const declarations: BlockSource = { by: 'code', select: 'declarations' };

const tsx = 'function a() {\n  return <a/>;\n}\n';
const script = 'export class A {\n  x = 1;\n}\n';
const type = 'type A = string;\n';
const java = 'class A {\n  int f(int x) { return 1; }\n}\n';
const python = 'def f():\n    pass\n\n\ndef g():\n    """Not f."""\n';
const c = 'int f(int x)\n{\n\treturn x;\n}\n';
const php = '<?php\nclass A {\n}\nenum B {\n}\n';

const invalid = 'would not be one declaration of that name, or no valid code';

type Row = readonly [path: string, text: string, source: BlockSource, key: string, answer: string];

describe('code that is newer than the grammar', () => {
  it.each<Row>([
    [
      'a.tsx',
      tsx,
      functions,
      'a',
      'function a() {\n  return <a>{/* b */}<b>{\n/* c } */\n// d\n}</b>{e}</a>;\n}',
    ],
    ['a.jsx', tsx, functions, 'a', 'function a() {\n  const b = {/* c */};\n  return <a>{/* d */}</a>;\n}'],
    ['a.ts', script, declarations, 'A', '@B({ c: 1 })\nexport class A<in out T, out U> {\n  @D() x = 2;\n}'],
    ['a.ts', type, declarations, 'A', 'type A<B> = B extends (infer C extends string)[] ? C : never;'],
    ['a.ts', type, declarations, 'A', 'type A = abstract new () => B;'],
    [
      'A.java',
      java,
      functions,
      'A.f',
      'int f(int x) { return switch (x) { case 1, 2 -> 2; case 3 -> { yield 3; } default -> throw new B("c"); }; }',
    ],
    [
      'A.java',
      java,
      functions,
      'A.f',
      'int f(int x) { var a = b(switch (c(x)) { case "->" -> switch (x) { default -> 1; }; case D: yield 2; }); }',
    ],
    ['a.py', python, functions, 'f', 'def f():\n    with (open("(") as x, open(b) as y):\n        pass'],
    [
      'a.py',
      python,
      functions,
      'f',
      'def f():\n    with (\n        a() as x,  # one )\n        b() as y,\n    ):\n        pass',
    ],
    [
      'a.c',
      c,
      functions,
      'f',
      'int f(int x)\n{\n\treturn x ? : printf("a" PRId64 "b %" PRIu64 "\\n", x ?: 1);\n}',
    ],
    ['a.php', php, declarations, 'A', 'final readonly class A {\n}'],
    ['a.php', php, declarations, 'A', 'readonly class A {\n}'],
    ['a.php', php, declarations, 'B', 'enum B: string {\n  case X = \'x\';\n  case Y = "y";\n}'],
  ])('in %s is written into %j: %j', async (path, text, source, ...[key, answer]) => {
    const was = await cut(text, source, { path, tell: ({ content }) => content });

    const written = await answered(text, source, { path, key, answer });

    const is = await cut(written, source, { path, tell: ({ content }) => content });
    expect(is).toContain(answer);
    expect(is).toHaveLength(was.length);
  });

  it.each([
    ['a.tsx', tsx, 'a', 'function a() {\n  return <a>{/* b }</a>;\n}'],
    ['a.tsx', tsx, 'a', 'function a() {\n  return <a>{/* b */</a>;\n}'],
    ['a.tsx', tsx, 'a', 'function a() {\n  return (<a>{/* b */}</a>;\n}'],
    ['A.java', java, 'A.f', 'int f(int x) { return switch (x) { case 1 -> 2; case ( -> 3; }; }'],
    ['A.java', java, 'A.f', 'int f(int x) { return switch (x { case 1 -> 2; }; }'],
    ['A.java', java, 'A.f', 'int f(int x) { return switch (""") { case 1 -> 2; }; }'],
    ['A.java', java, 'A.f', 'int f(int x) { return switch (/*) { case 1 -> 2; }; }'],
    ['a.py', python, 'f', 'def f():\n    with (open(a) as x:\n        pass'],
    ['a.py', python, 'f', 'def f():\n    with (open("a\n) as x):\n        pass'],
    ['a.py', python, 'f', 'def f():\n    with (open(""") as x):\n        pass'],
    ['a.c', c, 'f', 'int f(int x)\n{\n\treturn x ? : ;\n}'],
    ['a.c', c, 'f', 'int f(int x)\n{\n\tputs("a" R"X(b"));\n}'],
  ])('in %s is not written into %j where it is broken at %s: %j', async (path, text, key, answer) => {
    expect(await answered(text, functions, { path, key, answer })).toBe(invalid);
  });

  it('is no fault of a file that has it elsewhere', async () => {
    const text = `${tsx}\nfunction b() {\n  return <b>{/* c */}</b>;\n}\n`;
    const written = async (key: string, answer: string): Promise<string> =>
      answered(text, functions, { path: 'a.tsx', key, answer });

    expect(await written('a', 'function a() {\n  return <c/>;\n}')).toBe(text.replace('<a/>', '<c/>'));
    expect(await written('b', 'function b() {\n  return <c>;\n}')).toBe(invalid);
  });
});
