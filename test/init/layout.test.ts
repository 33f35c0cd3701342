import { expect, test } from 'vitest';
import { guessLayout } from '../../src/init/layout.js';

function grid(targets: readonly string[], files: readonly string[]): string[] {
  return targets.flatMap((target) => files.map((file) => file.replaceAll('{target}', target)));
}

test('a catalog of implementations is a grid: targets, items, their metadata and the specification', () => {
  const paths = [
    ...grid(
      ['area-basic', 'bar-basic', 'scatter-basic'],
      [
        'plots/{target}/specification.md',
        'plots/{target}/specification.yaml',
        'plots/{target}/implementations/python/__init__.py',
        'plots/{target}/implementations/python/altair.py',
        'plots/{target}/implementations/python/plotly.py',
        'plots/{target}/metadata/python/altair.yaml',
        'plots/{target}/metadata/python/plotly.yaml',
      ],
    ),
    'pyproject.toml',
    'core/config.py',
    'README.md',
  ];

  const layout = guessLayout(paths);

  expect(layout).toEqual({
    targets: 'plots/{target}/specification.md',
    items: 'plots/{target}/implementations/python/{item}.py',
    writes: ['plots/{target}/implementations/python/{item}.py', 'plots/{target}/metadata/python/{item}.yaml'],
    specification: 'plots/{target}/specification.md',
    isPython: true,
    counts: { targets: 3, items: 6 },
  });
});

test('many pages under a few folders are targets and items, also when each page is there only once', () => {
  const pages = (folder: string, count: number) =>
    Array.from({ length: count }, (_, index) => `pages/${folder}/${folder}-${index}.md`);

  const layout = guessLayout([...pages('common', 30), ...pages('linux', 20), 'CONTRIBUTING.md']);

  expect(layout).toEqual({
    targets: 'pages/{target}/*.md',
    items: 'pages/{target}/{item}.md',
    writes: ['pages/{target}/{item}.md'],
    specification: null,
    isPython: false,
    counts: { targets: 2, items: 50 },
  });
});

test('a program is no collection of pieces', () => {
  const paths = grid(
    ['agent', 'checks', 'plan', 'ship'],
    ['src/{target}/{target}.ts', 'src/{target}/{target}-text.ts', 'test/{target}/{target}.test.ts'],
  );

  expect(guessLayout(paths)).toBeNull();
});

test('what others made, hidden folders and an empty repository suggest nothing', () => {
  const paths = grid(
    ['one', 'two', 'three'],
    [
      'node_modules/{target}/a.js',
      'node_modules/{target}/b.js',
      '.github/{target}/a.md',
      '.github/{target}/b.md',
    ],
  );

  expect(guessLayout(paths)).toBeNull();
  expect(guessLayout([])).toBeNull();
});

test('the guess does not depend on the order of the files', () => {
  const paths = grid(
    ['x', 'y'],
    ['p/{target}/a.py', 'p/{target}/b.py', 'q/{target}/a.py', 'q/{target}/b.py'],
  );

  expect(guessLayout(paths.toReversed())).toEqual(guessLayout(paths));
});
