import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/model/attempt.js';
import { afterReview } from '../../src/step/stages/evaluate.js';
import { currentEvaluation, repairsSoFar, reviewsSoFar } from '../../src/step/stages/evaluated.js';
import { evaluation } from '../support/rubric.js';

const config = { improve: 2, reject: 50, belowReject: 'ship' } as const;
const first = { review: 0, canPay: true, isUnchanged: false };
const approved = { score: 92, verdict: 'APPROVED' } as const;
const weak = { score: 70, verdict: 'NEEDS_WORK' } as const;
const poor = { score: 30, verdict: 'REJECTED' } as const;

describe('after a review', () => {
  it.each([
    { what: 'what is accepted goes on', review: approved, own: config, at: first, then: { kind: 'go on' } },
    {
      what: 'what is weak is improved',
      review: weak,
      own: config,
      at: { ...first, review: 1 },
      then: { kind: 'improve' },
    },
    {
      what: 'what is poor is improved as well',
      review: poor,
      own: config,
      at: first,
      then: { kind: 'improve' },
    },
    {
      what: 'what is still weak after the last improvement goes on',
      review: weak,
      own: config,
      at: { ...first, review: 2 },
      then: { kind: 'go on' },
    },
    {
      what: 'what is weak goes on when there is no money left',
      review: weak,
      own: config,
      at: { ...first, canPay: false },
      then: { kind: 'go on' },
    },
    {
      what: 'what is poor ships by default',
      review: poor,
      own: config,
      at: { ...first, review: 2 },
      then: { kind: 'go on' },
    },
    {
      what: 'what is poor fails where the config says so',
      review: poor,
      own: { ...config, belowReject: 'fail' },
      at: { ...first, review: 2 },
      then: { kind: 'fail', reason: 'the score is 30, below 50 (evaluate.reject)' },
    },
    {
      what: 'what is accepted as it was is unchanged',
      review: approved,
      own: config,
      at: { ...first, isUnchanged: true },
      then: { kind: 'unchanged' },
    },
    {
      what: 'what is weak as it was is improved',
      review: weak,
      own: config,
      at: { ...first, isUnchanged: true },
      then: { kind: 'improve' },
    },
    {
      what: 'what is weak and stays as it was is left',
      review: weak,
      own: config,
      at: { review: 2, canPay: true, isUnchanged: true },
      then: { kind: 'leave', reason: 'the agent left the item as it was, and its score isn’t accepted' },
    },
  ] as const)('$what', ({ review, own, at, then }) => {
    expect(afterReview(review, own, at)).toEqual(then);
  });
});

describe('what the journal knows of reviews', () => {
  const review = (round: number) =>
    ended('evaluate', round, { evaluation: { ...evaluation, score: 80 + round } });

  it('is the last one', () => {
    const journal = journalOf([ended('check', 0), review(0), ended('check', 1), review(1)]);

    expect(currentEvaluation(journal)).toEqual({ ...evaluation, score: 81 });
    expect(reviewsSoFar(journal)).toBe(2);
  });

  it('is nothing of what has been worked on since', () => {
    expect(currentEvaluation(journalOf([review(0), ended('agent', 1)]))).toBeNull();
  });

  it('is nothing where nothing is evaluated', () => {
    const journal = journalOf([ended('check', 0), ended('evaluate', 0)]);

    expect(currentEvaluation(journal)).toBeNull();
    expect(reviewsSoFar(journal)).toBe(0);
  });

  it('gives each improvement its repairs anew', () => {
    const records = [ended('check', 0), ended('check', 1), review(1), ended('agent', 2), ended('check', 2)];

    expect(records.map((_record, index) => repairsSoFar(records.slice(0, index + 1)))).toEqual([
      1, 2, 0, 0, 1,
    ]);
  });
});

function ended(stage: string, round: number, data: Readonly<Record<string, unknown>> = {}): JournalRecord {
  return { v: 1, at: '', attempt: 'a', stage, round, effect: 'stage', event: 'end', data };
}

function journalOf(records: readonly JournalRecord[]) {
  return {
    attempt: {
      ...{ uuid: 'a', number: 1, plan: 'p', target: 't', item: 'i', base: 'b', sessionId: 's' },
      directory: '/nowhere',
    },
    records: () => records,
    append: () => Promise.resolve(),
  };
}
