/** The plans that are done, in `.regen-history/`. */
import { lstat, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createAtomically } from '../system/atomic-write.js';
import { isErrno } from '../system/errno.js';
import { syncDirectory } from '../system/sync-directory.js';
import { archiveName, readArchiveName } from './archive-name.js';
import type { ArchiveFacts } from './archive-name.js';
import { planFile } from './plan-error.js';

/** Where finished plans go, in the repository's root. */
export const historyFolder = '.regen-history';

/** Moves the plan, durably; call it under the plan's lock. Returns the archive's path relative to the root. */
export async function moveToHistory(root: string, facts: Omit<ArchiveFacts, 'copy'>): Promise<string> {
  const folder = path.join(root, historyFolder);
  await mkdir(folder, { recursive: true });
  const taken = new Set(await readdir(folder));
  let copy = 1;
  while (taken.has(archiveName({ ...facts, copy }))) copy += 1;
  const name = archiveName({ ...facts, copy });
  await move(path.join(root, planFile), path.join(folder, name));
  await syncDirectory(folder);
  await syncDirectory(root);
  return `${historyFolder}/${name}`;
}

/** When each target was last archived, the oldest first. */
export async function readHistory(root: string): Promise<ReadonlyMap<string, Date>> {
  const archives = (await namesIn(path.join(root, historyFolder)))
    .flatMap((name) => readArchiveName(name) ?? [])
    .sort((left, right) => left.at.getTime() - right.at.getTime());
  const newest = new Map<string, Date>();
  for (const { target, at } of archives) {
    newest.delete(target); // so that it comes after the others again
    newest.set(target, at);
  }
  return newest;
}

async function move(from: string, to: string): Promise<void> {
  // A plan kept elsewhere behind a symlink: its text is what is archived, the link what goes.
  if (!(await lstat(from)).isSymbolicLink()) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (!isErrno(error, 'EXDEV')) throw error;
    }
  }
  await createAtomically(to, await readFile(from), { isDurable: true });
  await rm(from);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}
