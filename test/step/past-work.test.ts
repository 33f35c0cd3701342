import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/model/attempt.js';
import type { Journal } from '../../src/step/journal.js';
import { pastAttempt } from '../../src/step/past-work.js';

const attempt = {
  ...{ target: 'spec', item: 'altair', uuid: 'one', number: 2, plan: 'plan', base: '', sessionId: '' },
  directory: '/runs/2',
};

function journalOf(...ends: readonly (readonly [stage: string, round: number, data: object])[]): Journal {
  const opening = { stage: 'attempt', round: 0, effect: 'open', event: 'begin', data: {} } as const;
  const records = [
    opening,
    ...ends.map(([stage, round, data]) => {
      return { stage, round, effect: 'stage', event: 'end', data } as const;
    }),
  ];
  const whole = records.map(
    (record) => ({ v: 1, at: '2026-05-02T14:00:00.000Z', attempt: 'one', ...record }) as JournalRecord,
  );
  return { attempt, records: () => whole, append: () => Promise.resolve() };
}

const next = { result: { kind: 'next' } };
const evaluation = {
  score: 71,
  verdict: 'NEEDS_WORK',
  strengths: ['a'],
  weaknesses: ['b'],
  breakdown: 'left out',
};

describe('what an attempt left', () => {
  it('is its failures and reviews by round, and how it ended', () => {
    const results = [
      { name: 'lint', ok: true, digest: null, log: '' },
      { name: 'render', ok: false, digest: 'plot-dark.png was not produced', log: '' },
    ];
    const journal = journalOf(
      ['prepare', 0, next],
      ['agent', 0, next],
      ['check', 0, { result: { kind: 'back', to: 'agent' }, results }],
      ['agent', 1, next],
      ['check', 1, { ...next, results: [] }],
      ['evaluate', 1, { result: { kind: 'fail', reason: 'the score is 71' }, evaluation }],
    );

    expect(pastAttempt(journal, 'another')).toEqual({
      ...{ number: 2, at: '2026-05-02T14:00:00.000Z', isCurrent: false, end: 'failed: the score is 71' },
      rounds: [
        { round: 0, failures: [{ name: 'render', digest: 'plot-dark.png was not produced' }], review: null },
        {
          round: 1,
          failures: [],
          review: { score: 71, verdict: 'NEEDS_WORK', strengths: ['a'], weaknesses: ['b'] },
        },
      ],
    });
  });

  it('is nothing while it has only begun, and what an older version wrote is no obstacle', () => {
    const journal = journalOf(
      ['prepare', 0, next],
      ['agent', 0, next],
      ['check', 0, { result: next.result, results: 'x' }],
    );

    expect(pastAttempt(journal, 'one')).toMatchObject({ isCurrent: true, end: null, rounds: [] });
  });
});
