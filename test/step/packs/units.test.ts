/** Shipments of one plan after the other, on real journals. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { planKey } from '../../../src/model/plan.js';
import type { Plan } from '../../../src/model/plan.js';
import type { Surroundings } from '../../../src/model/surroundings.js';
import { createJournals } from '../../../src/step/journal-files.js';
import { openPack } from '../../../src/step/packs/pack-journals.js';
import { unitOf } from '../../../src/step/packs/units.js';
import type { Line } from '../../../src/step/stage.js';
import { makeScratch } from '../../support/scratch.js';

interface Case {
  readonly day: number;
  readonly per: 'item' | 'pack' | 'target';
  readonly members: readonly string[];
  readonly isPushed?: boolean;
}

/** What the plan of that day calls a shipment of the last of a pack's members, or of all of them; it is pushed then. */
async function shippedAs(root: string, { day, per, members, isPushed = true }: Case): Promise<string> {
  const surroundings: Surroundings = {
    ...{ root, env: {}, newId: randomUUID, progress: () => undefined },
    now: () => new Date('2026-05-09T14:00:00Z'),
  };
  const journals = createJournals(surroundings);
  const target = 'guide';
  const plan = { target, created: `2026-05-0${day}T13:50:00Z` };
  const start = { target, plan: planKey(plan), base: 'b', members: [...members] };
  const pack = await openPack(surroundings, { ...start, model: 'haiku', batch: null });
  const shipped = per === 'target' ? members : members.slice(-1);
  const answers = shipped.map((id) => ({ id, result: 'x', asked: 'y', pack, group: null }));
  const line = { config: { ship: { per } }, journals, surroundings };
  // Names need no more of them.
  const unit = await unitOf(line as unknown as Line, plan as Plan, { pack, answers });
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
