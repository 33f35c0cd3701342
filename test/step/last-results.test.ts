import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/model/attempt.js';
import { lastResults } from '../../src/step/stages/check.js';

const attempt = {
  ...{ uuid: 'a', number: 1, plan: 'p', target: 't', item: 'i', base: 'b', sessionId: 's' },
  directory: '/nowhere',
};

describe('the last results in the journal', () => {
  it('are those of the last checks, and of the record where those are asked for', () => {
    const journal = {
      attempt,
      records: () => [
        ended('check', 0, result('suite', ['was flaky'])),
        ended('check', 1, result('suite', [])),
        ended('record', 1, result('record', ['metadata: left out'])),
      ],
      append: () => Promise.resolve(),
    };

    expect(lastResults(journal)).toEqual([result('suite', [])]);
    expect(lastResults(journal, 'record')).toEqual([result('record', ['metadata: left out'])]);
  });

  it('are none where nothing was recorded', () => {
    const journal = { attempt, records: () => [ended('record', 0)], append: () => Promise.resolve() };

    expect(lastResults(journal, 'record')).toEqual([]);
  });
});

function result(name: string, notes: readonly string[]) {
  return { name, ok: true, durationMs: 1, digest: null, notes, log: 'a.log' };
}

function ended(stage: string, round: number, ...results: readonly unknown[]): JournalRecord {
  const data = results.length === 0 ? {} : { results };
  return { v: 1, at: '', attempt: 'a', stage, round, effect: 'stage', event: 'end', data };
}
