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
