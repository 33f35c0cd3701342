/** Packs whose journals are given as data, or kept in memory. */
import type { JournalRecord } from '../../../src/model/attempt.js';
import { parseRecords } from '../../../src/step/journal-records.js';
import type { SettledPack, ShipmentEnd } from '../../../src/step/packs/history.js';
import type { Pack, PackJournal } from '../../../src/step/packs/pack-journals.js';

export const at = '2026-05-02T14:00:00.000Z';

export interface MemoryPack extends PackJournal {
  /** As somebody reads it who knows nothing but what was written. */
  reread(): MemoryPack;
}

type PackFacts = Partial<Pack> & Pick<Pack, 'members'>;

export function memoryPack(facts: PackFacts, lines: readonly string[] = []): MemoryPack {
  const number = facts.number ?? 1;
  const attempt: Pack = {
    ...{ target: 'guide', item: null, uuid: `pack-uuid-${number}`, number, plan: 'p', base: 'b' },
    ...{ sessionId: `s${number}`, directory: `/nowhere/${number}`, model: 'haiku', batch: null },
    ...{ rules: 'b', asked: {} },
    ...facts,
  };
  const written = [...lines];
  let records = parseRecords(written.join('\n'));
  return {
    attempt,
    records: () => records,
    append(key, event, data = {}) {
      const record: JournalRecord = { v: 1, at, attempt: attempt.uuid, ...key, event, data };
      const line = JSON.stringify(record);
      written.push(line);
      records = [...records, ...parseRecords(line)];
      return Promise.resolve();
    },
    reread: () => memoryPack(attempt, written),
  };
}

const nothingSettled: SettledPack = {
  ...{ good: [], kept: [], again: [], failed: [], reasons: {}, call: null },
};

interface Story extends PackFacts {
  readonly settled?: Partial<SettledPack>;
  readonly shipments?: readonly (Partial<ShipmentEnd> & Pick<ShipmentEnd, 'outcome' | 'members'>)[];
}

/** A pack that has come that far. */
export function packOf({ settled, shipments = [], ...facts }: Story): MemoryPack {
  const record = (stage: string, effect: string, data: object): string =>
    JSON.stringify({ v: 1, at, attempt: 'x', stage, round: 0, effect, event: 'end', data });
  return memoryPack(facts, [
    ...(settled === undefined ? [] : [record('pack', 'settle', { ...nothingSettled, ...settled })]),
    ...shipments.map((end) =>
      record('shipment', 'unit', { unit: 'unit', reason: null, digest: null, attempt: 'a', ...end }),
    ),
  ]);
}

export const goodFor = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, result: `new ${id}`, asked: `digest of ${id}` }));
