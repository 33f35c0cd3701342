/** What the packs of a plan have come to so far, item by item: read off their journals. Pure. */
import * as z from 'zod';
import type { JournalRecord } from '../../model/attempt.js';
import type { EffectKey, JournalData } from '../journal.js';
import type { CallSample } from '../worker-station.js';
import type { PackJournal } from './pack-journals.js';

export const settleKey: EffectKey = { stage: 'pack', round: 0, effect: 'settle' };

/** What an answer came to. */
export const settledSchema = z.object({
  /** Waiting to be shipped. `asked`: digest of the text that it is a result for. */
  good: z.array(z.object({ id: z.string(), result: z.string(), asked: z.string() })),
  /** Left as they are. */
  kept: z.array(z.string()),
  /** Asked anew, group by group. */
  again: z.array(z.array(z.string())),
  failed: z.array(z.object({ id: z.string(), reason: z.string() })),
  /** Why what is asked anew is. */
  reasons: z.record(z.string(), z.string()).default({}),
  call: z.object({ characters: z.number(), inputTokens: z.number(), outputTokens: z.number() }).nullable(),
});

export type SettledPack = z.output<typeof settledSchema>;

/**
 * How a shipment ended. `rejected`: a check failed on a single item, which is asked anew, `given-up`: once too often; `split`:
 * it failed on several, and each half is tried by itself; `failed`: the work is fine, and couldn't be shipped; `outrun`:
 * somebody else pushed to its name first, and it is shipped once more, under the next or on top.
 */
export const shipmentEndSchema = z.object({
  unit: z.string(),
  members: z.array(z.string()),
  outcome: z.enum([
    'shipped',
    'unchanged',
    'split',
    'rejected',
    'given-up',
    'failed',
    'skipped',
    'stopped',
    'stale',
    'outrun',
  ]),
  reason: z.string().nullable(),
  /** What a check said, for the next asking. */
  digest: z.string().nullable().default(null),
  /** The attempt's UUID. */
  attempt: z.string(),
  /** Digests of the blocks' texts as they were shipped, by item. */
  texts: z.record(z.string(), z.string()).default({}),
});

export type ShipmentEnd = z.output<typeof shipmentEndSchema>;

/** A result that waits to be shipped. */
export interface WaitingAnswer {
  readonly id: string;
  readonly result: string;
  readonly asked: string;
  readonly pack: PackJournal;
  /** The items that it is shipped with; left out: all of its pack. */
  readonly group: readonly string[] | null;
}

export interface ItemHistory {
  readonly answer: WaitingAnswer | null;
  /** The items that it is asked anew with, and no others; null: it is packed afresh. */
  readonly group: readonly string[] | null;
  /** Results that were no good, since the item was last set to be done. */
  readonly failures: number;
  /** Those of them that it was asked alone for. */
  readonly alone: number;
  /** Why the last was no good. */
  readonly reason: string | null;
  readonly digest: string | null;
}

export const noHistory: ItemHistory = {
  ...{ answer: null, group: null, failures: 0, alone: 0, reason: null, digest: null },
};

export function historyOf(packs: readonly PackJournal[]): ReadonlyMap<string, ItemHistory> {
  const items = new Map<string, ItemHistory>();
  const change = (id: string, next: Partial<ItemHistory>): void => {
    items.set(id, { ...(items.get(id) ?? noHistory), ...next });
  };
  const fail = (id: string, next: Partial<ItemHistory>, isAlone: boolean): void => {
    const { failures, alone } = items.get(id) ?? noHistory;
    change(id, { answer: null, failures: failures + 1, alone: alone + (isAlone ? 1 : 0), ...next });
  };
  for (const pack of packs) {
    const settled = settledOf(pack);
    if (settled !== null) {
      const isAlone = pack.attempt.members.length === 1;
      for (const answer of settled.good)
        change(answer.id, { answer: { ...answer, pack, group: null }, group: null });
      // What was marked is over: a person who sets it to [ ] has it begun afresh.
      for (const id of [...settled.kept, ...settled.failed.map((one) => one.id)]) items.set(id, noHistory);
      for (const group of settled.again) {
        for (const id of group) fail(id, { group, reason: settled.reasons[id] ?? null }, isAlone);
      }
    }
    for (const { members, outcome, reason, digest } of shipmentsOf(pack)) {
      for (const id of members) {
        const { answer } = items.get(id) ?? noHistory;
        if (outcome === 'shipped' || outcome === 'unchanged' || outcome === 'skipped')
          items.set(id, noHistory);
        // A person who sets it to [ ] has it asked about anew.
        else if (outcome === 'given-up') items.set(id, noHistory);
        else if (outcome === 'split' && answer !== null)
          change(id, { answer: { ...answer, group: halfOf(members, id) } });
        else if (outcome === 'rejected') fail(id, { group: [id], reason, digest }, true);
        else if (outcome === 'stale') change(id, { answer: null, group: null });
      }
    }
  }
  return items;
}

/** What the answer came to; null: there is none yet. */
export function settledOf(pack: PackJournal): SettledPack | null {
  const record = pack.records().findLast((one) => isEndOf(one, settleKey));
  return record === undefined ? null : settledSchema.parse(record.data);
}

/** The shipments of a pack that came to an end, in their order. */
export function shipmentsOf(pack: PackJournal): readonly ShipmentEnd[] {
  return pack
    .records()
    .filter(({ stage, event }) => stage === 'shipment' && event === 'end')
    .map(({ data }) => shipmentEndSchema.parse(data));
}

/** Digests of all texts that were shipped for an item. */
export type ShippedTexts = ReadonlyMap<string, ReadonlySet<string>>;

export function shippedTexts(packs: readonly PackJournal[]): ShippedTexts {
  const digests = new Map<string, Set<string>>();
  for (const { texts } of packs.flatMap(shipmentsOf)) {
    for (const [id, digest] of Object.entries(texts))
      digests.set(id, (digests.get(id) ?? new Set<string>()).add(digest));
  }
  return digests;
}

/** What answers said of the lengths of texts, the newest last. */
export function samplesOf(packs: readonly PackJournal[], model: string): readonly CallSample[] {
  return packs
    .filter(({ attempt }) => attempt.model === model)
    .flatMap((pack) => settledOf(pack)?.call ?? []);
}

/** Typed as what a journal keeps. */
export function asData(settled: SettledPack | ShipmentEnd): JournalData {
  return { ...settled };
}

function isEndOf({ stage, round, effect, event }: JournalRecord, key: EffectKey): boolean {
  return event === 'end' && stage === key.stage && round === key.round && effect === key.effect;
}

function halfOf(members: readonly string[], id: string): readonly string[] {
  const middle = Math.ceil(members.length / 2);
  const first = members.slice(0, middle);
  return first.includes(id) ? first : members.slice(middle);
}
