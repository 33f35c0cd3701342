const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** How many words a text has, in any script: what Unicode counts as a word, without marks and punctuation. */
export function countWords(text: string): number {
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike === true) count += 1;
  return count;
}
