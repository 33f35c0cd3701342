import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/model/attempt.js';
import { evidenceOf } from '../../src/step/evidence.js';
import type { Journal } from '../../src/step/journal.js';

const root = '/repository';
const folder = '.regen/runs/p/t/a/1';

function journalOf(...records: readonly Partial<JournalRecord>[]): Journal {
  const plain = {
    v: 1,
    at: '',
    attempt: 'u',
    stage: 'agent',
    round: 0,
    effect: 'stage',
    event: 'end',
    data: {},
  } as const;
  return {
    attempt: {
      ...{ uuid: 'u', number: 1, plan: 'p', target: 't', item: 'a b', base: '0' },
      ...{ sessionId: 's', directory: `${root}/${folder}` },
    },
    records: () => records.map((record) => ({ ...plain, ...record })),
    append: () => Promise.reject(new Error('nothing is written here')),
  };
}

const fail = { kind: 'fail', reason: 'x' };

describe('the evidence', () => {
  it('of a check is its log and the end of what it said', () => {
    const digest = [
      'exit code 1: six',
      'Log: .regen/x.log',
      'Output:',
      '',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ].join('\n');
    const results = [
      { name: 'one', ok: true, digest: null, log: 'one.log' },
      { name: 'two', ok: false, digest, log: `${folder}/checks/0/two.log` },
    ];

    expect(evidenceOf(journalOf({ stage: 'check', data: { results, result: fail } }), root, false)).toEqual({
      log: `${folder}/checks/0/two.log`,
      lines: ['2', '3', '4', '5', '6'],
      next: 'regen retry a%20b',
    });
  });

  it('of a run is its stream, and what has to be raised before a retry', () => {
    const run = { effect: 'run', event: 'begin', data: { directory: 'agent-0-12345678' } } as const;
    const end = { data: { next: 'raise agent.maxTurns', result: fail } };

    expect(evidenceOf(journalOf(run, end), root, false)).toEqual({
      log: `${folder}/agent-0-12345678/stream.jsonl`,
      lines: [],
      next: 'raise agent.maxTurns, then regen retry a%20b',
    });
  });

  it('of everything else is the journal', () => {
    expect(evidenceOf(journalOf({ stage: 'ship', data: { result: fail } }), root, true)).toEqual({
      log: `${folder}/journal.jsonl`,
      lines: [],
      next: 'regen retry a%20b (it goes on from the kept commit)',
    });
  });
});
