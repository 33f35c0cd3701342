import { describe, expect, it } from 'vitest';
import { typed } from '../../src/model/typed.js';

describe('an id behind a command', () => {
  it.each([
    ['altair', 'altair'],
    ["it's", `'it'\\''s'`],
    ['$(x)', `'$(x)'`],
    ['two words', 'two%20words'],
    ['two\nlines', 'two%0Alines'],
    ['--help', '-- --help'],
  ])('%j is typed as %s', (id, word) => {
    expect(typed(id)).toBe(word);
  });
});
