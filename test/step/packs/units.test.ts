/** Shipments of one plan after the other, on real journals. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { planKey } from '../../../src/model/plan.js';
import type { Surroundings } from '../../../src/model/surroundings.js';
import { createJournals } from '../../../src/step/journal-files.js';
import { openPack } from '../../../src/step/packs/pack-journals.js';
import type { PackLine } from '../../../src/step/packs/context.js';
import type { TakenNames } from '../../../src/step/packs/taken-names.js';
import { isNumberTaken, unitOf } from '../../../src/step/packs/units.js';
import { makeScratch } from '../../support/scratch.js';

interface Case {
  readonly day: number;
  readonly per: 'item' | 'pack' | 'target';
  readonly members: readonly string[];
  readonly isPushed?: boolean;
  /** Shipments whose branches are on the remote, whoever made them. */
  readonly taken?: readonly string[];
  /** Of the plan's items. */
  readonly ids?: readonly string[];
}

/** What the plan of that day calls a shipment of the last of a pack's members, or of all of them; it is pushed then. */
async function shippedAs(
  root: string,
  { day, per, members, isPushed = true, taken: others = [], ids = [] }: Case,
): Promise<string> {
  const surroundings: Surroundings = {
    ...{ root, env: {}, newId: randomUUID, progress: () => undefined },
    now: () => new Date('2026-05-09T14:00:00Z'),
  };
  const journals = createJournals(surroundings);
  const target = 'guide';
  const plan = { target, created: `2026-05-0${day}T13:50:00Z`, items: ids.map((id) => ({ id })) };
  const start = { target, plan: planKey(plan), base: 'b', members: [...members] };
  const asked = { rules: 'b', asked: {} };
  const taken: TakenNames = {
    isDistinct: true,
    has: (name) => Promise.resolve(others.includes(name)),
    hasAny: (beginning) => Promise.resolve(others.some((name) => name.startsWith(beginning))),
  };
  // Names need no more of them.
  const naming = {
    line: { config: { ship: { per } }, journals, surroundings },
    plan,
    taken,
  } as unknown as PackLine;
  const pack = await openPack(surroundings, { ...start, ...asked, model: 'haiku', batch: null }, (number) =>
    isNumberTaken(naming, members, number),
  );
  const shipped = per === 'target' ? members : members.slice(-1);
  const answers = shipped.map((id) => ({ id, result: 'x', asked: 'y', pack, group: null }));
  const unit = await unitOf(naming, { pack, answers });
  const journal = await journals.open({ ...start, item: unit, members: shipped, pack: pack.attempt.number });
  if (isPushed) await journal.append({ stage: 'ship', round: 0, effect: 'push' }, 'begin');
  return unit;
}

it('are called after their pack, or the place in it where they begin', async () => {
  await using scratch = await makeScratch();
  const one = { day: 1, per: 'pack' } as const;

  expect(await shippedAs(scratch.folder, { ...one, members: ['page#1'] })).toBe('pack-1');
  expect(await shippedAs(scratch.folder, { ...one, members: ['page#1', 'page#2'] })).toBe('pack-2.2');
});

it.each([
  ['target', 'all'],
  ['item', 'page#1'],
] as const)('keep one name for a %s within a plan, and a later plan takes another', async (per, name) => {
  await using scratch = await makeScratch();
  const units: string[] = [];

  for (const day of [1, 1, 2, 2, 3])
    units.push(await shippedAs(scratch.folder, { day, per, members: ['page#1'] }));

  expect(units).toEqual([name, name, `${name}.3`, `${name}.3`, `${name}.5`]);
});

it('leave other items their names', async () => {
  await using scratch = await makeScratch();
  const ship = (day: number, item: string) =>
    shippedAs(scratch.folder, { day, per: 'item', members: [item] });

  expect([await ship(1, 'page#1'), await ship(2, 'page#2'), await ship(2, 'page#1')]).toEqual([
    'page#1',
    'page#2',
    'page#1.3',
  ]);
});

it('take a name that nothing was pushed under', async () => {
  await using scratch = await makeScratch();
  const one = { per: 'target', members: ['page#1'] } as const;

  await shippedAs(scratch.folder, { ...one, day: 1, isPushed: false });

  expect(await shippedAs(scratch.folder, { ...one, day: 2 })).toBe('all');
});

it.each([
  ['pack', ['pack-1', 'pack-2.11'], 'pack-3'],
  ['target', ['all', 'all.1'], 'all.2'],
  ['item', ['page#1', 'page#1.1', 'page#2.2'], 'page#1.2'],
] as const)('leave the branches of another clone alone, per %s', async (per, taken, expected) => {
  await using scratch = await makeScratch();
  const one = { day: 1, per, members: ['page#1'], taken } as const;

  const unit = await shippedAs(scratch.folder, one);
  const next = await shippedAs(scratch.folder, { ...one, taken: [] });

  expect(unit).toBe(expected);
  // Once it has begun to be called so, it stays.
  expect(next).toBe(per === 'pack' ? 'pack-4' : expected);
});

it('never call one item as another is called', async () => {
  await using scratch = await makeScratch();
  const one = { per: 'item', ids: ['page', 'page.2', 'page.3', 'page.4'] } as const;
  const ship = (day: number, item: string) => shippedAs(scratch.folder, { ...one, day, members: [item] });

  const units = [
    await ship(1, 'page'),
    await ship(2, 'page'),
    await ship(2, 'page.2'),
    await ship(2, 'page.3'),
  ];

  expect(units).toEqual(['page', 'page.5', 'page.2', 'page.3']);
});
