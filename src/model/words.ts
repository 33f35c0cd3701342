/** How many words a text has, in any script. */
export function wordCount(text: string): number {
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike === true) count += 1;
  return count;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
