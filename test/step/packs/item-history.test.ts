import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf, noHistory, samplesOf, settledOf, shipmentsOf } from '../../../src/step/packs/history.js';
import type { ShipmentEnd } from '../../../src/step/packs/history.js';
import { goodFor, packOf } from './packs.js';
import type { MemoryPack } from './packs.js';

const of = (packs: readonly MemoryPack[], id: string) => historyOf(packs).get(id) ?? noHistory;

describe('an item', () => {
  it('that was never answered has no history', () => {
    expect(historyOf([packOf({ members: ['a'] })])).toEqual(new Map());
  });

  it('with a result waits to be shipped with its pack', () => {
    const pack = packOf({ members: ['a', 'b'], settled: { good: goodFor('a') } });

    expect(of([pack], 'a')).toEqual({
      ...noHistory,
      answer: { id: 'a', result: 'new a', asked: 'digest of a', pack, group: null },
    });
  });

  it('without one is asked anew with its group, and counts its failures, those alone apart', () => {
    const packs = [
      packOf({ number: 1, members: ['a', 'b'], settled: { again: [['a'], ['b']], reasons: { a: 'cut' } } }),
      packOf({ number: 2, members: ['a'], settled: { again: [['a']], reasons: { a: 'missing' } } }),
    ];

    expect(of(packs, 'a')).toEqual({ ...noHistory, group: ['a'], failures: 2, alone: 1, reason: 'missing' });
    expect(of(packs, 'b')).toEqual({ ...noHistory, group: ['b'], failures: 1 });
  });

  it('whose result fails a check alone is asked anew alone, with what the check said', () => {
    const pack = packOf({
      ...{ members: ['a'], settled: { good: goodFor('a') } },
      shipments: [{ outcome: 'rejected', members: ['a'], reason: 'failed', digest: 'line 3' }],
    });

    expect(of([pack], 'a')).toEqual({
      ...{ answer: null, group: ['a'], failures: 1, alone: 1, reason: 'failed', digest: 'line 3' },
    });
  });

  it('whose result fails a check with others is tried in halves, without another question', () => {
    const members = ['a', 'b', 'c'];
    const pack = packOf({
      ...{ members, settled: { good: goodFor(...members) } },
      shipments: [
        { outcome: 'split', members },
        { outcome: 'split', members: ['a', 'b'] },
      ],
    });

    const groups = members.map((id) => of([pack], id).answer?.group);

    expect(groups).toEqual([['a'], ['b'], ['c']]);
    expect(members.map((id) => of([pack], id).failures)).toEqual([0, 0, 0]);
  });

  it('whose block has changed meanwhile is asked about afresh', () => {
    const pack = packOf({
      ...{ members: ['a'], settled: { good: goodFor('a') } },
      shipments: [{ outcome: 'stale', members: ['a'] }],
    });

    expect(of([pack], 'a')).toEqual(noHistory);
  });

  it.each<ShipmentEnd['outcome']>(['shipped', 'unchanged', 'skipped', 'given-up'])(
    'that was marked begins afresh when a person sets it to be done: %s',
    (outcome) => {
      const packs = [
        packOf({ number: 1, members: ['a'], settled: { again: [['a']] } }),
        packOf({
          ...{ number: 2, members: ['a'], settled: { good: goodFor('a') } },
          shipments: [{ outcome, members: ['a'] }],
        }),
      ];

      expect(of(packs, 'a')).toEqual(noHistory);
    },
  );

  it.each([
    ['kept', { kept: ['a'] }],
    ['failed', { failed: [{ id: 'a', reason: 'refused' }] }],
  ])('that its answer has marked begins afresh too: %s', (_what, settled) => {
    const packs = [
      packOf({ number: 1, members: ['a'], settled: { again: [['a']] } }),
      packOf({ number: 2, members: ['a'], settled }),
    ];

    expect(of(packs, 'a')).toEqual(noHistory);
  });

  it.each<ShipmentEnd['outcome']>(['failed', 'stopped'])(
    'whose work is fine keeps it for the next try: %s',
    (outcome) => {
      const pack = packOf({
        ...{ members: ['a'], settled: { good: goodFor('a') } },
        shipments: [{ outcome, members: ['a'] }],
      });

      expect(of([pack], 'a').answer).toMatchObject({ result: 'new a' });
    },
  );
});

it('the history is what the journals say, whoever reads them and however often', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const some = fc.subarray(ids, { minLength: 1 });
  const outcome = fc.constantFrom<ShipmentEnd['outcome']>(
    ...(['shipped', 'split', 'rejected', 'given-up', 'failed', 'stale', 'stopped'] as const),
  );
  const story = fc.record({
    members: some,
    settled: fc.record({
      good: some.map((good) => goodFor(...good)),
      kept: fc.subarray(ids),
      again: fc.array(some, { maxLength: 2 }),
      failed: fc.subarray(ids).map((failed) => failed.map((id) => ({ id, reason: 'r' }))),
    }),
    shipments: fc.array(fc.record({ outcome, members: some }), { maxLength: 4 }),
  });
  const told = (packs: readonly MemoryPack[]) =>
    Array.from(historyOf(packs), ([id, { answer, ...rest }]) => [
      id,
      { ...rest, answer: answer === null ? null : { ...answer, pack: answer.pack.attempt.number } },
    ]);
  fc.assert(
    fc.property(fc.array(story, { maxLength: 5 }), (stories) => {
      const packs = stories.map((one, index) => packOf({ ...one, number: index + 1 }));

      const before = told(packs);

      expect(told(packs)).toEqual(before);
      expect(told(packs.map((pack) => pack.reread()))).toEqual(before);
    }),
  );
});

it('what a pack came to is in its journal, or there is nothing', () => {
  const pack = packOf({
    ...{ members: ['a'], settled: { kept: ['a'] } },
    shipments: [{ outcome: 'shipped', members: ['a'], reason: null }],
  });

  expect(settledOf(packOf({ members: ['a'] }))).toBeNull();
  expect(settledOf(pack)).toMatchObject({ kept: ['a'], reasons: {} });
  expect(shipmentsOf(pack)).toEqual([
    { unit: 'unit', members: ['a'], outcome: 'shipped', reason: null, digest: null, attempt: 'a', texts: {} },
  ]);
});

it('the lengths that answers have told count for their own model', () => {
  const call = (tokens: number) => ({ characters: 100, inputTokens: tokens, outputTokens: 9 });
  const packs = [
    packOf({ number: 1, members: ['a'], settled: { call: call(1) } }),
    packOf({ number: 2, members: ['b'], model: 'opus', settled: { call: call(2) } }),
    packOf({ number: 3, members: ['c'], settled: { call: null } }),
    packOf({ number: 4, members: ['d'] }),
  ];

  expect(samplesOf(packs, 'haiku')).toEqual([call(1)]);
});
