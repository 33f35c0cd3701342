import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileGlob, withPlaceholder } from '../../src/model/glob.js';

it('placeholders capture one path segment or a part of it', () => {
  const glob = compileGlob('plots/{target}/python/{item}.py');

  expect(glob.match('plots/scatter/python/altair.py')).toEqual({ target: 'scatter', item: 'altair' });
  expect(glob.match('plots/a/b/python/altair.py')).toBeNull();
  expect(glob.match('plots/scatter/python/altair.pyc')).toBeNull();
  expect(glob.match('plots//python/altair.py')).toBeNull();
});

it('the first star captures when the name has no placeholder', () => {
  expect(compileGlob('pages/*/x/*.md', {}, 'target').match('pages/common/x/tar.md')).toEqual({
    target: 'common',
    item: null,
  });
  expect(compileGlob('pages/{target}/*.md', {}, 'item').match('pages/common/tar.md')).toEqual({
    target: 'common',
    item: 'tar',
  });
});

it('a placeholder used twice stands for the same text', () => {
  const glob = compileGlob('{target}/{target}.yaml');

  expect(glob.match('a/a.yaml')).toEqual({ target: 'a', item: null });
  expect(glob.match('a/b.yaml')).toBeNull();
});

it('two stars span any number of folders, none too', () => {
  const glob = compileGlob('**/__init__.py');

  expect(
    ['__init__.py', 'a/__init__.py', 'a/b/__init__.py'].map((path) => glob.match(path) !== null),
  ).toEqual([true, true, true]);
  expect(glob.match('a/x__init__.py')).toBeNull();
  expect(compileGlob('docs/**').match('docs/a/b.md')).not.toBeNull();
  expect(compileGlob('docs/**').match('docs')).toBeNull();
});

it('a question mark is one character, also outside the basic plane', () => {
  const glob = compileGlob('v?.txt');

  expect(
    ['v1.txt', 'v🎉.txt', 'v.txt', 'v12.txt', 'v/.txt'].map((path) => glob.match(path) !== null),
  ).toEqual([true, true, false, false, false]);
});

it('brackets, braces and dots are literal', () => {
  expect(compileGlob('a[b].{c}').match('a[b].{c}')).toEqual({ target: null, item: null });
  expect(compileGlob('a[b]').match('ab')).toBeNull();
  expect(compileGlob('a.b').match('axb')).toBeNull();
});

it('bound ids match themselves only', () => {
  const id = fc.oneof(
    fc.constantFrom('.', '[', '[[', '^', '*', '**', '?', '{item}', '$&', '\\', 'a+b', '(', '|', '-'),
    fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('/')),
  );
  fc.assert(
    fc.property(id, id, (bound, other) => {
      const glob = compileGlob('pages/{target}/{item}.md', { target: bound, item: bound });

      expect(glob.match(`pages/${bound}/${bound}.md`)).toEqual({ target: null, item: null });
      expect(glob.match(`pages/${bound}/${other}.md`) !== null).toBe(bound === other);
    }),
  );
});

it('the root is the longest folder without anything special', () => {
  const rootOf = (pattern: string, target?: string): string =>
    compileGlob(pattern, target === undefined ? {} : { target }).root;

  expect(rootOf('plots/{target}/x.yaml')).toBe('plots');
  expect(rootOf('plots/{target}/python/*.py', 'a')).toBe('plots/a/python');
  expect(rootOf('a/b/c*.py')).toBe('a/b');
  expect(rootOf('**/x')).toBe('');
  expect(rootOf('plots/{target}/python/*.py', 'a*b')).toBe('plots');
});

it('the capturing star can be spelled out', () => {
  expect(withPlaceholder('a/**/*.py', 'item')).toBe('a/**/{item}.py');
  expect(withPlaceholder('a/*/{item}.py', 'item')).toBe('a/*/{item}.py');
  expect(withPlaceholder('a/**', 'item')).toBeNull();
});
