import { describe, expect, it } from 'vitest';
import { closest } from '../../src/model/suggest.js';

describe('closest', () => {
  const commands = ['plan', 'run', 'status', 'retry', 'skip', 'abandon'];

  it.each([
    ['paln', 'plan'],
    ['stauts', 'status'],
    ['statu', 'status'],
    ['RETRY', 'retry'],
    ['abandonn', 'abandon'],
    ['aba', 'abandon'],
  ])('offers for "%s" what was meant', (word, meant) => {
    expect(closest(word, commands)).toBe(meant);
  });

  it.each(['deploy', 'x', '', 'statistics'])('offers nothing for "%s"', (word) => {
    expect(closest(word, commands)).toBeNull();
  });

  it('offers the nearest of several, and the first of equals', () => {
    const near = closest('scater-basic', ['scatter-base', 'scatter-basic', 'scatter-basis']);
    const equal = closest('bat', ['cat', 'hat']);

    expect([near, equal]).toEqual(['scatter-basic', 'cat']);
  });

  it('offers no beginning that several candidates share', () => {
    expect(closest('scatter', ['scatter-basic', 'scatter-animated'])).toBeNull();
  });

  it('never offers one letter for another', () => {
    expect(closest('[', [']', '^', '.'])).toBeNull();
  });
});
