import { expect, test } from 'vitest';
import { labelColor, labelNames } from '../../src/ship/label-names.js';

const ref = { target: 'pages/common', item: '[[' };

test('labels are filled in order, with encoded ids', () => {
  const labels = [
    'quality:{score}',
    { atLeast: 50, then: 'ai-approved', else: 'quality-poor' },
    '{target}:{item}',
  ];

  expect(labelNames(labels, { ...ref, score: 88 })).toEqual([
    'quality:88',
    'ai-approved',
    'pages%2Fcommon:%5B%5B',
  ]);
});

test.each([
  [50, 'then'],
  [49.5, 'else'],
])('a score of %d with atLeast 50 gives the label of `%s`', (score, expected) => {
  expect(labelNames([{ atLeast: 50, then: 'then', else: 'else' }], { ...ref, score })).toEqual([expected]);
});

test('without a score the labels that need one are left out', () => {
  const labels = ['quality:{score}', { atLeast: 50, then: 'a', else: 'b' }, 'regen'];

  expect(labelNames(labels, { ...ref, score: null })).toEqual(['regen']);
});

test('labels that differ by case alone are one label', () => {
  expect(labelNames(['Regen', 'regen'], { ...ref, score: null })).toEqual(['Regen']);
});

test('a long label keeps its beginning, ends in a digest and stays apart from another long one', () => {
  const names = ['x', 'y'].flatMap((end) =>
    labelNames(['item:{item}'], { target: 't', item: `${'ä'.repeat(20)}${end}`, score: null }),
  );

  expect(names.map((name) => name.length <= 50)).toEqual([true, true]);
  expect(names[0]).toMatch(/^item:(?:%C3%A4)+(?:%C3)?~[0-9a-f]{8}$/);
  expect(names[1]).not.toBe(names[0]);
});

test.each([
  ['quality:95', '0e8a16'],
  ['quality:72', 'fbca04'],
  ['quality:12', 'd93f0b'],
  ['ai-approved', '0e8a16'],
  ['quality-poor', 'd93f0b'],
  ['regen', 'ededed'],
])('%s has the colour %s', (name, color) => {
  expect(labelColor(name)).toBe(color);
});
