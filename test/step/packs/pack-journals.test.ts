import { randomUUID } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Surroundings } from '../../../src/model/surroundings.js';
import { holdItems } from '../../../src/step/packs/locks.js';
import {
  closePack,
  isPackClosed,
  openPack,
  openPacks,
  packsOf,
} from '../../../src/step/packs/pack-journals.js';
import type { PackJournal } from '../../../src/step/packs/pack-journals.js';
import { makeScratch } from '../../support/scratch.js';

const plan = { plan: '20260502T135000Z', target: 'a/b' };
const asked = { x: 'digest', y: 'other' };
const start = { ...plan, base: 'b', rules: 'r', members: ['x', 'y'], asked, model: 'haiku', batch: null };

const surroundingsAt = (root: string): Surroundings => ({
  ...{ root, env: {}, newId: randomUUID, progress: () => undefined },
  now: () => new Date('2026-05-02T14:00:00Z'),
});
const numbers = (packs: readonly PackJournal[]) => packs.map(({ attempt }) => attempt.number);

it('a pack is found again as it was opened, until it is closed and after', async () => {
  await using scratch = await makeScratch();
  const surroundings = surroundingsAt(scratch.folder);

  const pack = await openPack(surroundings, start);
  const [found] = await packsOf(surroundings, plan);
  expect(found?.attempt).toEqual(pack.attempt);
  expect(pack.attempt).toMatchObject({ ...start, number: 1, item: null });
  expect(numbers(await openPacks(surroundings))).toEqual([1]);

  await closePack(surroundings, pack);
  await closePack(surroundings, pack);
  const [closed] = await packsOf(surroundings, plan);
  expect(closed && isPackClosed(closed)).toBe(true);
  expect(closed?.records().filter(({ effect }) => effect === 'close')).toHaveLength(1);
  expect(await openPacks(surroundings)).toEqual([]);
});

it('packs that are opened at the same time have numbers of their own', async () => {
  await using scratch = await makeScratch();
  const surroundings = surroundingsAt(scratch.folder);

  const opened = await Promise.all(Array.from({ length: 12 }, () => openPack(surroundings, start)));

  const all = Array.from({ length: 12 }, (_, index) => index + 1);
  expect(numbers(opened).toSorted((one, other) => one - other)).toEqual(all);
  expect(numbers(await packsOf(surroundings, plan))).toEqual(all);
  expect(await packsOf(surroundings, { ...plan, target: 'a' })).toEqual([]);
});

it('a later plan goes on with the numbers of its target, side by side as well', async () => {
  await using scratch = await makeScratch();
  const surroundings = surroundingsAt(scratch.folder);
  const later = { ...start, plan: '20260503T135000Z' };
  await openPack(surroundings, start);
  await openPack(surroundings, start);
  await openPack(surroundings, { ...start, target: 'a' });

  const opened = await Promise.all([1, 2, 3].map(() => openPack(surroundings, later)));
  const before = await openPack(surroundings, { ...start, plan: '20260501T135000Z' });

  expect(numbers(opened).toSorted((one, other) => one - other)).toEqual([3, 4, 5]);
  expect(numbers([before])).toEqual([6]);
  expect(numbers(await packsOf(surroundings, plan))).toEqual([1, 2]);
});

it('a pack whose opening was torn by a kill had nothing begun, and its number is not used again', async () => {
  await using scratch = await makeScratch();
  const surroundings = surroundingsAt(scratch.folder);
  const first = await openPack(surroundings, start);
  await writeFile(path.join(first.attempt.directory, 'journal.jsonl'), '{"v":1,"at":"2026');

  expect(await packsOf(surroundings, plan)).toEqual([]);
  expect(await openPacks(surroundings)).toEqual([]);
  expect((await openPack(surroundings, start)).attempt.number).toBe(2);
});

it('a torn line of a pack is left out, and the next stands by itself', async () => {
  await using scratch = await makeScratch();
  const surroundings = surroundingsAt(scratch.folder);
  const pack = await openPack(surroundings, start);
  await appendFile(path.join(pack.attempt.directory, 'journal.jsonl'), '{"v":1,"at":"2026');
  await closePack(surroundings, pack);

  const [found] = await packsOf(surroundings, plan);

  expect(found?.records().map(({ effect }) => effect)).toEqual(['open', 'close']);
});

it('an item is held by one process at a time, and let go of at the end', async () => {
  await using scratch = await makeScratch();
  const surroundings = surroundingsAt(scratch.folder);
  {
    await using held = holdItems(surroundings, 'guide');
    await using others = holdItems(surroundings, 'guide');

    expect(await held.take(['x', 'y'])).toEqual(new Set(['x', 'y']));
    expect(await held.take(['y', 'z'])).toEqual(new Set(['y', 'z']));
    expect(held.holder()).toBeNull();
    expect(await others.take(['w', 'y'])).toEqual(new Set(['w']));
    expect(others.holder()?.pid).toBe(process.pid);
  }
  await using later = holdItems(surroundings, 'guide');
  expect((await later.take(['w', 'x', 'y', 'z'])).size).toBe(4);
});
