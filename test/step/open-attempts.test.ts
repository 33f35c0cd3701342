/** What stands for attempts that are under way, while others open theirs. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { lockItem } from '../../src/step/item-lock.js';
import { createJournals } from '../../src/step/journal-files.js';
import { makeScratch } from '../support/scratch.js';

it('is left alone while somebody is at work, and temporary files always', async () => {
  await using scratch = await makeScratch();
  const surroundings = {
    ...{ root: scratch.folder, env: {}, newId: randomUUID, now: () => new Date(), progress: () => undefined },
  };
  const folder = path.join(surroundings.root, '.regen', 'open');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'begun'), '.regen/runs/p/t/pack-1/1\n');
  await writeFile(path.join(folder, 'begun.1-2.tmp'), '');
  const journals = createJournals(surroundings);

  const lock = await lockItem(surroundings, { target: 't', item: 'page-01#1' });
  await journals.unfinished();
  const during = await readdir(folder);
  if (lock.kind === 'held') await lock.release();
  await journals.unfinished();

  expect(during).toEqual(['begun', 'begun.1-2.tmp']);
  expect(await readdir(folder)).toEqual(['begun.1-2.tmp']);
});
