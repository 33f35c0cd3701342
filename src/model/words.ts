/** How many words a text has, in any script. */
export function wordCount(text: string): number {
  let count = 0;
  for (const [piece] of text.matchAll(pieces)) {
    for (const { isWordLike } of segmenter.segment(piece)) if (isWordLike === true) count += 1;
  }
  return count;
}

/** A segmenter takes quadratic time (80 s for 200 KB of prose on Node 20), so it gets short pieces, cut at blanks if possible. */
const pieces = /[^]{1,200}(?!\S)|[^]{1,200}/gu;

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
