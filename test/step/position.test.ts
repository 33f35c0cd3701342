import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/model/attempt.js';
import { positionOf } from '../../src/step/position.js';

const names = ['prepare', 'agent', 'check', 'ship'];

describe('where an attempt stands', () => {
  it('is the first stage when nothing ended', () => {
    expect(positionOf([], names)).toEqual({ kind: 'at', stage: 'prepare', round: 0 });
  });

  it('is the stage that began and did not end', () => {
    const records = [ended('prepare', 0, { kind: 'next' }), begun('agent', 0)];

    expect(positionOf(records, names)).toEqual({ kind: 'at', stage: 'agent', round: 0 });
  });

  it('is a round later after the way back from a failed check', () => {
    const records = [
      ended('prepare', 0, { kind: 'next' }),
      ended('agent', 0, { kind: 'next' }),
      ended('check', 0, { kind: 'back', to: 'agent' }),
    ];

    expect(positionOf(records, names)).toEqual({ kind: 'at', stage: 'agent', round: 1 });
  });

  it('is over when the line has been walked to its end', () => {
    const records = names.map((name) => ended(name, 0, { kind: 'next' }));

    expect(positionOf(records, names)).toEqual({ kind: 'over', end: { kind: 'shipped' } });
  });

  it.each([
    [
      { kind: 'fail', reason: 'no' },
      { kind: 'failed', reason: 'no' },
    ],
    [
      { kind: 'skip', reason: 'closed' },
      { kind: 'skipped', reason: 'closed' },
    ],
    [
      { kind: 'unchanged', reason: 'same' },
      { kind: 'unchanged', reason: 'same', isAccepted: false },
    ],
    [
      { kind: 'stop', reason: 'edited' },
      { kind: 'stopped', reason: 'edited' },
    ],
  ])('is over with the end that %j means', (result, end) => {
    expect(positionOf([ended('prepare', 0, result)], names)).toEqual({ kind: 'over', end });
  });

  it('never goes back when another stage ends: a journal only ever leads on', () => {
    const repairs = fc.integer({ min: 0, max: 4 });

    fc.assert(
      fc.property(repairs, (rounds) => {
        const records: JournalRecord[] = [ended('prepare', 0, { kind: 'next' })];
        const seen: string[] = [];
        for (let round = 0; round <= rounds; round += 1) {
          records.push(ended('agent', round, { kind: 'next' }));
          const isLast = round === rounds;
          records.push(ended('check', round, isLast ? { kind: 'next' } : { kind: 'back', to: 'agent' }));
          seen.push(JSON.stringify(positionOf(records, names)));
        }
        expect(new Set(seen).size).toBe(rounds + 1);
        expect(positionOf(records, names)).toEqual({ kind: 'at', stage: 'ship', round: rounds });
      }),
    );
  });
});

function ended(stage: string, round: number, result: Readonly<Record<string, unknown>>): JournalRecord {
  return { ...begun(stage, round), event: 'end', data: { result } };
}

function begun(stage: string, round: number): JournalRecord {
  return {
    v: 1,
    at: '2026-05-02T14:00:00.000Z',
    attempt: 'a',
    stage,
    round,
    effect: 'stage',
    event: 'begin',
    data: {},
  };
}
