import { expect, it } from 'vitest';
import type { JournalRecord } from '../../../src/model/attempt.js';
import { historyOf, noHistory } from '../../../src/step/packs/history.js';
import type { ShipmentEnd } from '../../../src/step/packs/history.js';
import type { PackJournal } from '../../../src/step/packs/pack-journals.js';

it('keeps a result for the next try when its work is fine and couldn’t be shipped', () => {
  const history = historyOf([packThat('failed')]);

  expect(history.get('page#1')?.answer?.result).toBe('shorter');
});

it('forgets a result that a check has refused once too often: a retry asks anew', () => {
  const history = historyOf([packThat('given-up')]);

  expect(history.get('page#1')).toEqual(noHistory);
});

/** One result, and what came of its shipment. */
function packThat(outcome: ShipmentEnd['outcome']): PackJournal {
  const settled = {
    good: [{ id: 'page#1', result: 'shorter', asked: 'digest' }],
    ...{ kept: [], again: [], failed: [], reasons: {}, call: null },
  };
  const shipment = {
    unit: 'pack-1',
    members: ['page#1'],
    outcome,
    reason: 'no',
    digest: null,
    attempt: 'a-1',
  };
  const record = (stage: string, effect: string, data: JournalRecord['data']): JournalRecord => ({
    ...{ v: 1, at: '2026-05-02T14:00:00.000Z', attempt: 'p-1', round: 0, event: 'end' },
    ...{ stage, effect, data },
  });
  const records = [record('pack', 'settle', settled), record('shipment', 'pack-1', shipment)];
  return {
    attempt: {
      ...{ uuid: 'p-1', sessionId: 's-1', number: 1, plan: 'plan', target: 'guide', base: '0'.repeat(40) },
      ...{ item: null, members: ['page#1'], model: 'haiku', batch: null, directory: 'packs/1' },
      ...{ rules: '0'.repeat(40), asked: {} },
    },
    records: () => records,
    append: () => Promise.reject(new Error('nothing is written')),
  };
}
