import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  makeScratch,
  removeLeftovers,
  removeTemporaries,
  temporaryName,
} from '../../src/system/temporaries.js';

test('what a process that is gone left behind is removed, and nothing else', async () => {
  const root = await scratchRoot();
  const own = temporaryName('plan.md');
  const dead = own.replace(`-${process.pid}.`, `-${deadPid()}.`);
  const elsewhere = dead.replace(/\.\d+-/, '.1-'); // another container's
  const others = ['plan.md', 'notes.tmp', own, elsewhere];
  for (const name of [...others, dead]) await writeFile(path.join(root, name), '');
  for (const name of [own, dead]) await writeFile(path.join(root, '.regen', 'shipped', name), '');
  await mkdir(path.join(root, '.regen', 'shipped', 'target'));
  await writeFile(path.join(root, '.regen', 'shipped', 'target', dead), '');
  await writeFile(path.join(root, '.regen', 'runs', dead), '');

  await removeLeftovers(root);

  expect((await readdir(root)).toSorted()).toEqual(['.regen', ...others].toSorted());
  expect((await readdir(path.join(root, '.regen', 'shipped'))).toSorted()).toEqual(
    [own, 'target'].toSorted(),
  );
  expect(await readdir(path.join(root, '.regen', 'shipped', 'target'))).toEqual([]);
  expect(await readdir(path.join(root, '.regen', 'runs'))).toEqual([dead]);
});

test('so is its scratch folder, not that of a process at work', async () => {
  const mine = await makeScratch('test');
  const left = mine.replace(`-${process.pid}.`, `-${deadPid()}.`);
  await mkdir(left);
  onTestFinished(() => rm(mine, { recursive: true }));

  await removeLeftovers(await scratchRoot());

  const names = await readdir(tmpdir());
  expect(names).toContain(path.basename(mine));
  expect(names).not.toContain(path.basename(left));
});

test('a folder that is not there has no leftovers', async () => {
  await expect(removeTemporaries('/nowhere/at/all')).resolves.toBeUndefined();
});

test('the name keeps within what a file system allows, however long the target’s is', () => {
  expect(temporaryName('x'.repeat(255)).length).toBeLessThan(140);
});

/** The pid of a process that was. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

async function scratchRoot(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'regen-test-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(path.join(root, '.regen', 'shipped'), { recursive: true });
  await mkdir(path.join(root, '.regen', 'runs'));
  return root;
}
