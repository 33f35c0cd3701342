import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ensureNobodyWorks, itemHolder, lockItem } from '../../src/step/item-lock.js';
import { makeScratch } from '../support/scratch.js';

const surroundings = (root: string) => ({
  ...{ root, env: {}, newId: () => 'id', progress: () => undefined },
  now: () => new Date('2026-05-02T14:00:00Z'),
});

it('an item is held by one at a time, and its holder is known', async () => {
  await using scratch = await makeScratch();
  const here = surroundings(scratch.folder);
  const ref = { target: 'autumn', item: 'bold' };

  const first = await lockItem(here, ref);
  const second = await lockItem(here, ref);
  const other = await lockItem(here, { ...ref, item: 'calm' });

  expect([first.kind, second.kind, other.kind]).toEqual(['held', 'busy', 'held']);
  expect(await itemHolder(here, ref)).toMatchObject({ pid: process.pid, since: '2026-05-02T14:00:00.000Z' });
  await expect(ensureNobodyWorks(here)).rejects.toMatchObject({ code: 'wait' });
});

it('nothing is left once an item is let go', async () => {
  await using scratch = await makeScratch();
  const here = surroundings(scratch.folder);
  const ref = { target: 'autumn', item: 'bold' };

  const lock = await lockItem(here, ref);
  if (lock.kind === 'held') await lock.release();

  expect(await itemHolder(here, ref)).toBeNull();
  expect(await readdir(scratch.in('.regen', 'leases'))).toEqual([]);
  await expect(ensureNobodyWorks(here)).resolves.toBeUndefined();
});

it('no two items share a lock, whatever their names', async () => {
  await using scratch = await makeScratch();
  const here = surroundings(scratch.folder);
  const long = 'ä'.repeat(100);
  const refs = [
    ...[
      { target: 'a~b', item: 'c' },
      { target: 'a', item: 'b~c' },
      { target: 'a', item: 'b' },
    ],
    ...[
      { target: 'a', item: 'b.lock' },
      { target: 'a', item: 'b.lock.takeover' },
      { target: '..', item: '.' },
    ],
    ...[
      { target: long, item: `${long}1` },
      { target: long, item: `${long}2` },
    ],
  ];

  const locks = await Promise.all(refs.map((ref) => lockItem(here, ref)));

  expect(locks.map(({ kind }) => kind)).toEqual(refs.map(() => 'held'));
});
