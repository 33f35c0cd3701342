import path from 'node:path';
import type { Commission, JournalRecord } from '../model/attempt.js';
import type { Surroundings } from '../model/surroundings.js';
import { appendDurably } from '../system/append.js';
import type { Journal } from './journal.js';
import { nameOf } from './run-context.js';

/**
 * A journal that goes on in `journal.jsonl` of its owner's folder.
 *
 * @param before - what stands in it already.
 */
export function journalOf<Owner extends Commission>(
  attempt: Owner,
  before: readonly JournalRecord[],
  surroundings: Surroundings,
): Journal<Owner> {
  const records = [...before];
  return {
    attempt,
    records: () => records,
    async append(key, event, data = {}) {
      const at = surroundings.now().toISOString();
      const record: JournalRecord = { v: 1, at, attempt: attempt.uuid, ...key, event, data };
      await appendDurably(path.join(attempt.directory, 'journal.jsonl'), JSON.stringify(record));
      records.push(record);
      surroundings.progress(`${nameOf(attempt)}: ${key.stage} ${key.round} ${key.effect} ${event}`, 'detail');
    },
  };
}
