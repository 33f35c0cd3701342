import { describe, expect, it } from 'vitest';
import { createLexicalIndex } from '../../src/model/lexical-index.js';
import type { Passage } from '../../src/model/passages.js';

function passage(text: string, path = 'a.md'): Passage {
  return { path, headings: [], text };
}

const passages = [
  passage('A legend stands outside of the plot, without a frame.'),
  passage('Axis labels of a plot have 20 points.'),
  passage('A plot is saved as PNG.'),
];

describe('the lexical index', () => {
  it('finds the passage that shares most words, and says how much of the query it covers', () => {
    const [best] = createLexicalIndex(passages).search('legend frame');

    expect(best).toEqual({ passage: passages[0], coverage: 1 });
  });

  it('lets rare words count for more than those that every passage has', () => {
    const found = createLexicalIndex(passages).search('plot legend');

    expect(found[0]?.passage).toBe(passages[0]);
    expect(found[1]?.coverage).toBeLessThan(0.5);
  });

  it('counts words that no passage has as not found', () => {
    const [best] = createLexicalIndex(passages).search('legend of the kerning');

    expect(best?.coverage).toBeGreaterThan(0.4);
    expect(best?.coverage).toBeLessThan(1);
  });

  it('finds nothing for what shares no word, and for no words', () => {
    const index = createLexicalIndex(passages);

    expect([index.search('database migration'), index.search('of the'), index.search('?')]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('looks for the rarest words of a long query alone', () => {
    const long = `${passages[1]?.text ?? ''} A plot is a plot. Legend.`;
    const all = createLexicalIndex(passages).search(long);
    const few = createLexicalIndex(passages, { mostWords: 3 }).search(long);

    expect(all).toHaveLength(3);
    expect(few.length).toBeLessThan(3);
  });

  it('takes a long text for covered by the passage that holds its most telling words', () => {
    const item =
      'The legend has no frame. It was moved on Tuesday after somebody had asked for it in the meeting.';
    const all = createLexicalIndex(passages).search(item)[0]?.coverage ?? 0;
    const telling = createLexicalIndex(passages, { tellingWords: 2 }).search(item)[0]?.coverage ?? 0;

    expect(all).toBeLessThan(0.6);
    expect(telling).toBe(1);
  });
});
