import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startAudit } from '../../src/step/audit-journal.js';
import { lockAttempt, lockItem } from '../../src/step/item-lock.js';
import { createJournals } from '../../src/step/journal-files.js';
import { openPack } from '../../src/step/packs/pack-journals.js';
import { runningItems } from '../../src/step/running.js';
import { takeRunLock } from '../../src/step/run-lock.js';
import { makeScratch } from '../support/scratch.js';

const at = '2026-05-02T14:00:00.000Z';
const since = { pid: process.pid, since: at };

function surroundingsIn(root: string) {
  let count = 0;
  return {
    ...{ root, env: {}, progress: () => undefined, now: () => new Date(at) },
    newId: () => `id-${(count += 1)}`,
  };
}

const start = { plan: 'p', target: 'guide', base: 'b'.repeat(40) };
const members = ['a', 'b'];

it('a pack is told of as long as a living process holds its items, by its stage', async () => {
  await using scratch = await makeScratch();
  const here = surroundingsIn(scratch.folder);
  const pack = await openPack(here, {
    ...start,
    members,
    model: 'haiku',
    batch: null,
    rules: 'b',
    asked: {},
  });
  await pack.append({ stage: 'worker', round: 0, effect: 'run' }, 'begin');

  const idle = await runningItems(here);
  await lockItem(here, { target: 'guide', item: 'a' });
  const busy = await runningItems(here);

  expect(idle).toEqual([]);
  expect(busy).toEqual([{ item: 'pack-1', stage: 'worker', ...since, members }]);
});

it('what is shipped of a pack stands in its place', async () => {
  await using scratch = await makeScratch();
  const here = surroundingsIn(scratch.folder);
  await openPack(here, {
    ...start,
    members: ['a', 'b', 'c'],
    model: 'haiku',
    batch: null,
    rules: 'b',
    asked: {},
  });
  const shipment = await createJournals(here).open({ ...start, item: 'pack-1', members, files: [], pack: 1 });
  await shipment.append({ stage: 'check', round: 0, effect: 'stage' }, 'begin');
  await lockItem(here, { target: 'guide', item: 'a' });

  expect(await runningItems(here)).toEqual([{ item: 'pack-1', stage: 'check', ...since, members }]);
  expect(await lockAttempt(here, shipment.attempt)).toMatchObject({ kind: 'busy' });
});

it('an audit is told of while somebody has the run lock', async () => {
  await using scratch = await makeScratch();
  const here = surroundingsIn(scratch.folder);
  await mkdir(path.join(scratch.folder, '.regen'), { recursive: true });
  await startAudit(here, { target: 'guide', base: start.base, created: new Date(at) });

  const idle = await runningItems(here);
  await takeRunLock(here);
  const busy = await runningItems(here);

  expect(idle).toEqual([]);
  expect(busy).toEqual([{ item: 'guide', stage: 'audit', ...since }]);
});

it('what can’t be read is not running', async () => {
  await using scratch = await makeScratch();
  const here = surroundingsIn(scratch.folder);
  const pointers = path.join(scratch.folder, '.regen', 'open-packs');
  await mkdir(pointers, { recursive: true });
  await writeFile(path.join(pointers, 'torn'), '.regen/packs/p/guide/1\n');

  expect(await runningItems(here)).toEqual([]);
});
