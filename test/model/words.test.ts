import { expect, it } from 'vitest';
import { wordCount } from '../../src/model/words.js';

it.each([
  ['', 0],
  ['--- *** 😀', 0],
  ["It's two words", 3],
  ['日本語の文章', 3],
])('counts the words of %j', (text, count) => {
  expect(wordCount(text)).toBe(count);
});

// A segmenter that got them whole would take minutes.
it('counts long texts', () => {
  expect(wordCount('It’s a word (and) then 3,000 — '.repeat(7000))).toBe(42_000);
  expect(wordCount('x'.repeat(200))).toBe(1);
});
