import { describe, expect, it } from 'vitest';
import { afterSearch } from '../../src/retrieval/after-search.js';
import type { MissRule } from '../../src/retrieval/after-search.js';
import { withoutOwnFiles } from '../../src/retrieval/own-files.js';

const rule: MissRule = { onMiss: 'full', leastCoverage: 0.3, fullFits: true };

describe('after a search', () => {
  it('what was found is sent', () => {
    expect(afterSearch({ coverage: 0.5, isMiss: false }, rule)).toEqual({ send: 'retrieved' });
  });

  it('all documents are sent on a miss', () => {
    expect(afterSearch({ coverage: 0.299, isMiss: true }, rule)).toEqual({
      send: 'full',
      why: 'the references cover 29 % of it, and 30 % is the least (leastCoverage); all of them are sent',
    });
  });

  it.each([
    [{ ...rule, onMiss: 'fail' as const }, 'the references say nothing about it; onMiss: fail'],
    [
      { ...rule, fullFits: false },
      'the references say nothing about it, and all of them don’t fit into a call',
    ],
  ])('no call is made on a miss: %j', (given, reason) => {
    expect(afterSearch({ coverage: 0, isMiss: true }, given)).toEqual({ send: 'nothing', reason });
  });
});

describe('references', () => {
  it('hold no item’s file', () => {
    const documents = ['docs/style.md', 'plots/a.py', 'plots/style.md'].map((path) => ({ path, text: path }));

    expect(withoutOwnFiles(documents, (path) => path.endsWith('.py')).map(({ path }) => path)).toEqual([
      'docs/style.md',
      'plots/style.md',
    ]);
  });
});
