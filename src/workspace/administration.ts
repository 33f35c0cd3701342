/** git's records of linked worktrees: one folder per worktree below `<common directory>/worktrees`. */
import { chmod, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from '../system/errno.js';
import { readOptional } from '../system/read-optional.js';
import type { Places } from './repository.js';

export interface AdministrativeEntry {
  /** The folder's name: `worktrees/<id>/HEAD` is the worktree's HEAD. */
  readonly id: string;
  /** `<common directory>/worktrees/<id>` */
  readonly directory: string;
  /** The worktree it is for, whether that is there or not. */
  readonly worktree: string;
}

/**
 * Read here and not through the worktree's own `.git` file: the agent can write that, and would decide which
 * repository our next command works on.
 */
export async function administrativeEntries(places: Places): Promise<readonly AdministrativeEntry[]> {
  const folder = path.join(places.commonDirectory, 'worktrees');
  const entries: AdministrativeEntry[] = [];
  for (const id of await readFolder(folder)) {
    const directory = path.join(folder, id);
    const gitFile = (await readOptional(path.join(directory, 'gitdir')))?.replace(/\n$/, '');
    if (gitFile === undefined || gitFile === '') continue;
    entries.push({ id, directory, worktree: path.dirname(path.resolve(directory, gitFile)) });
  }
  return entries;
}

export async function findEntry(places: Places, worktree: string): Promise<AdministrativeEntry | null> {
  return (await administrativeEntries(places)).find((entry) => entry.worktree === worktree) ?? null;
}

/**
 * Removes a worktree and its record. `git worktree remove` trusts the `.git` file and stops at what it doesn't
 * understand; the record goes last, so that a removal cut short is found and finished.
 */
export async function removeWorktree(worktree: string, entry: AdministrativeEntry | null): Promise<void> {
  const folder = path.dirname(worktree);
  // Behind a link that the agent made of a folder on the way lies something that isn't ours.
  if ((await realpath(folder).catch(() => folder)) === folder) await removeFolder(worktree);
  // The folder of all records stays, even when empty: another step may be about to make its own in it.
  if (entry !== null) await removeRecord(entry);
}

export async function removeRecord({ directory }: AdministrativeEntry): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

async function removeFolder(folder: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 };
  try {
    await rm(folder, options);
  } catch (error) {
    if (!isErrno(error, 'EACCES', 'EPERM')) throw error;
    await makeWritable(folder); // package managers write-protect their caches
    await rm(folder, options);
  }
}

/** Gives us back the folders whose entries we may not remove; links are not followed. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(path.join(folder, entry.name));
  }
}

/** Whether the worktree that the record is for still points back at it. */
export async function isAnswered({ directory, worktree }: AdministrativeEntry): Promise<boolean> {
  return (await readOptional(path.join(worktree, '.git')).catch(() => null)) === `gitdir: ${directory}\n`;
}

/** Removes the folder unless something is in it. */
export async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!isErrno(error, 'ENOTEMPTY', 'ENOENT', 'EEXIST', 'ENOTDIR')) throw error;
  }
}

/** The names in a folder; none when it isn't there. */
export async function readFolder(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}
