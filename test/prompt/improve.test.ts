import { expect, it } from 'vitest';
import { improveMessage } from '../../src/prompt/improve.js';
import { evaluation } from '../support/rubric.js';

it('names the score, the criteria that lost most, and what to keep', () => {
  expect(improveMessage(evaluation)).toBe(`# The work is not good enough yet

A reviewer gave it 86 of 100. Most was lost here:

- DE-01, Restraint: 13 of 20. Lost 7.

Keep what was praised:

- Clear axes.

Improve the work itself, in the files that you may write; a text that praises it changes no score. The checks and
the review run again by themselves when you end.`);
});

it('names three criteria at most, those that lost most first', () => {
  const items = [2, 9, 0, 5, 10, 7].map((score, index) => ({
    ...{ id: `C-${index}`, name: 'Criterion', score, max: 10, passed: score === 10, comment: 'Mend it.' },
  }));
  const category = { id: 'C', name: 'Category', score: 33, max: 60, items };

  const message = improveMessage({ ...evaluation, categories: [category] });

  expect([...message.matchAll(/C-\d/g)].map(([id]) => id)).toEqual(['C-2', 'C-0', 'C-3']);
});
