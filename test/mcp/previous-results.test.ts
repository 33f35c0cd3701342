import { describe, expect, it } from 'vitest';
import { createLookup, resultsText } from '../../src/mcp/previous-results.js';
import type { PastWork } from '../../src/mcp/previous-results.js';
import type { PastAttempt } from '../../src/model/past-work.js';

const never = new AbortController().signal;
const review = {
  score: 71,
  verdict: 'NEEDS_WORK',
  strengths: ['clear axes'],
  weaknesses: ['data is a copy'],
};
const first: PastAttempt = {
  number: 1,
  at: '2026-05-02T14:00:00.000Z',
  isCurrent: false,
  end: 'failed: check "render" failed',
  rounds: [
    { round: 0, failures: [{ name: 'render', digest: 'plot-dark.png was not produced' }], review: null },
    { round: 1, failures: [], review },
  ],
};
const second: PastAttempt = { ...first, number: 2, isCurrent: true, end: null, rounds: [] };

const work = (changes: Partial<PastWork>): PastWork => ({
  item: 'altair',
  isIsolated: true,
  attempts: () => Promise.resolve([]),
  log: () => Promise.resolve([]),
  ...changes,
});

describe('lookup_previous_results', () => {
  it('tells scores, weaknesses and failures, the newest first', () => {
    expect(resultsText('altair', [first, second], ['FAILED: check "render" failed']))
      .toBe(`# Attempt 1 (2026-05-02): failed: check "render" failed
Round 1:
- score 71 (NEEDS_WORK)
- keep: clear axes
- weak: data is a copy
Round 0:
- check render failed: plot-dark.png was not produced

# In the plan's log
- FAILED: check "render" failed`);
  });

  it('says that nothing is known', () => {
    expect(resultsText('altair', [second], [])).toBe('Nothing is known of earlier work at altair.');
  });

  it('leaves the oldest out when there is too much', () => {
    const digest = 'long '.repeat(300);
    const many = Array.from({ length: 12 }, (_, index): PastAttempt => {
      return {
        ...first,
        number: index + 1,
        rounds: [{ round: 0, failures: [{ name: 'a', digest }], review: null }],
      };
    });
    const text = resultsText('altair', many, []);

    expect(text.length).toBeLessThanOrEqual(2000);
    expect(text).toMatch(/^# Attempt 12 /);
    expect(text).toMatch(/\(\d+ older entries left out\)$/);
  });

  it('tells nothing of another item where items are isolated', async () => {
    const asked: string[] = [];
    const attempts = (item: string) => {
      asked.push(item);
      return Promise.resolve([first]);
    };

    const answer = await createLookup(work({ attempts })).call({ item: 'plotly' }, never);

    expect(answer.isError).toBe(true);
    expect(asked).toEqual([]);
    expect(
      await createLookup(work({ attempts, isIsolated: false })).call({ item: 'plotly' }, never),
    ).not.toHaveProperty('isError');
  });

  it('refuses an item that there is not', async () => {
    const tool = createLookup(work({ isIsolated: false, attempts: () => Promise.resolve(null) }));

    expect(await tool.call({ item: 'plotl' }, never)).toEqual({
      text: '"plotl" is no item of this target.',
      isError: true,
    });
  });
});
