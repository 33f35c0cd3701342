import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { removeTornWrites } from '../../src/agent/torn-writes.js';
import { writeFiles } from '../support/git-repo.js';

it('removes what a killed Claude Code was about to move into place, and nothing else', async () => {
  const worktree = await mkdtemp(path.join(tmpdir(), 'regen-torn-'));
  onTestFinished(() => rm(worktree, { recursive: true, force: true }));
  const kept = [
    'poems/calm.txt',
    'poems/calm.txt.tmp',
    'poems/calm.txt.tmp.1159',
    'poems/calm.txt.tmp.1159.abcae17729e5.txt',
    'poems/.tmp.1159.abcae17729e5',
  ];
  const torn = ['poems/calm.txt.tmp.1159.abcae17729e5', 'deep/er/x.ts.tmp.7.000000000000'];
  await writeFiles(worktree, Object.fromEntries([...kept, ...torn].map((file) => [file, 'x'])));

  await removeTornWrites(worktree);

  const left = await readdir(worktree, { recursive: true, withFileTypes: true });
  const files = left.filter((entry) => entry.isFile());
  expect(files.map(({ name }) => `poems/${name}`).toSorted()).toEqual(kept.toSorted());
});

it('has nothing to do where the worktree is gone', async () => {
  await expect(removeTornWrites(path.join(tmpdir(), 'regen-no-such-worktree'))).resolves.toBeUndefined();
});
