/** An item's worktree: `.worktrees/<target>/<item>`, detached at the attempt's base. */
import { copyFile, lstat, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Attempt, ItemRef } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';
import { encodeId } from '../model/ids.js';
import { readOptional } from '../system/read-optional.js';
import {
  administrativeEntries,
  findEntry,
  isAnswered,
  readFolder,
  removeEmpty,
  removeRecord,
  removeWorktree,
} from './administration.js';
import type { AdministrativeEntry } from './administration.js';
import type { Git } from './git.js';
import { guardIndex, readMarker, writeMarker } from './marker.js';
import type { Marker } from './marker.js';
import type { Places, Repository } from './repository.js';

/** A finished worktree of an attempt. */
export interface OpenWorktree {
  readonly path: string;
  readonly entry: AdministrativeEntry;
  readonly marker: Marker;
}

export interface Worktrees {
  open(attempt: Attempt, hidden: readonly string[], signal: AbortSignal): Promise<string>;
  /** The attempt's worktree; null when it isn't there, isn't finished or is another attempt's. */
  find(attempt: Attempt, signal: AbortSignal): Promise<OpenWorktree | null>;
  /** A second one at the attempt's base, which nobody works in; made anew. */
  openBase(attempt: Attempt, hidden: readonly string[], signal: AbortSignal): Promise<string>;
  closeBase(ref: ItemRef, signal: AbortSignal): Promise<void>;
  drop(ref: ItemRef, signal: AbortSignal): Promise<void>;
  dropAll(target: string, signal: AbortSignal): Promise<void>;
}

const folderName = '.worktrees';

/** What the folder of a base's worktree ends in; no encoded id has two dots in a row. */
const baseEnding = '..base';

export function createWorktrees(git: Git, repository: Repository): Worktrees {
  const find = async (attempt: Attempt, signal: AbortSignal): Promise<OpenWorktree | null> => {
    const place = await locate(await repository.places(signal), attempt);
    const entry = place.entry;
    const marker = entry === null ? null : await readMarker(entry);
    if (entry === null || marker === null || !(await isInPlace(place.path))) return null;
    const isAttempts = marker.attempt === attempt.uuid && marker.base === attempt.base;
    return isAttempts ? { path: place.path, entry, marker } : null;
  };

  const make = async (
    attempt: Attempt,
    { ending, hidden }: { readonly ending: string; readonly hidden: readonly string[] },
    signal: AbortSignal,
  ): Promise<string> => {
    const places = await repository.places(signal);
    await ensureTargetFolder(places, attempt.target);
    const place = await locate(places, attempt, ending);
    await clear(places, place);
    await makeWorktree({ git, places, path: place.path }, attempt, hidden, signal);
    return place.path;
  };
  const remove = async (ref: ItemRef, endings: readonly string[], signal: AbortSignal): Promise<Places> => {
    const places = await repository.places(signal);
    for (const ending of endings) {
      const place = await locate(places, ref, ending);
      if (await isOurs(places, place)) await removeWorktree(place.path, place.entry);
    }
    return places;
  };

  return {
    find,
    async open(attempt, hidden, signal) {
      const found = await find(attempt, signal);
      return found?.path ?? make(attempt, { ending: '', hidden }, signal);
    },
    openBase: (attempt, hidden, signal) => make(attempt, { ending: baseEnding, hidden }, signal),
    async closeBase(ref, signal) {
      await remove(ref, [baseEnding], signal);
    },
    async drop(ref, signal) {
      const places = await remove(ref, ['', baseEnding], signal);
      await removeStrayRecords(places);
      await removeEmptyFolders(places, ref.target);
    },
    async dropAll(target, signal) {
      const places = await repository.places(signal);
      const folder = await targetFolder(places, target);
      const entries = await administrativeEntries(places);
      const recorded = entries.map(({ worktree }) => worktree).filter((one) => path.dirname(one) === folder);
      const present = (await readFolder(folder)).map((name) => path.join(folder, name));
      for (const worktree of new Set([...recorded, ...present])) {
        signal.throwIfAborted();
        const entry = entries.find((one) => one.worktree === worktree) ?? null;
        if (await isOurs(places, { path: worktree, entry })) await removeWorktree(worktree, entry);
      }
      await removeEmptyFolders(places, target);
    },
  };
}

interface Place {
  readonly path: string;
  readonly entry: AdministrativeEntry | null;
}

async function locate(places: Places, ref: ItemRef, ending = ''): Promise<Place> {
  const folder = await targetFolder(places, ref.target);
  const worktree = path.join(folder, `${encodeId(ref.item)}${ending}`);
  return { path: worktree, entry: await findEntry(places, worktree) };
}

/** git records worktrees by their real path; `.worktrees` itself may be a link to a larger disk. */
async function targetFolder(places: Places, target: string): Promise<string> {
  const folder = path.join(places.root, folderName);
  const real = await realpath(folder).catch(() => folder);
  return path.join(real, encodeId(target));
}

async function ensureTargetFolder(places: Places, target: string): Promise<void> {
  const folder = await targetFolder(places, target);
  if (await exists(path.join(folder, '.git'))) {
    throw inTheWay(folder, 'it is a checkout of its own, and worktrees of this target belong in it');
  }
  await mkdir(folder, { recursive: true });
}

/** Removes what is left of an earlier attempt; anything else in the way stops the step. */
async function clear(places: Places, place: Place): Promise<void> {
  if (place.entry === null && !(await exists(place.path))) return;
  if (!(await isOurs(places, place))) {
    throw inTheWay(place.path, 'regen did not make it, so it will not remove it');
  }
  await removeWorktree(place.path, place.entry);
}

/**
 * Ours are: what carries a marker; a detached worktree without one (making it was cut short; a person's is on a branch
 * in all likelihood); a folder whose record is gone; an empty folder.
 */
async function isOurs(places: Places, { path: worktree, entry }: Place): Promise<boolean> {
  if (entry !== null) {
    if ((await readMarker(entry)) !== null) return true;
    const head = await readOptional(path.join(entry.directory, 'HEAD'));
    return head?.startsWith('ref:') !== true;
  }
  if ((await readFolder(worktree)).length === 0) return (await lstatOf(worktree))?.isDirectory() !== false;
  const pointer = await lstatOf(path.join(worktree, '.git'));
  if (pointer?.isFile() !== true) return false;
  const target = /^gitdir: (.*?)\n*$/s.exec((await readOptional(path.join(worktree, '.git'))) ?? '')?.[1];
  return (
    target !== undefined &&
    path.dirname(path.resolve(worktree, target)) === path.join(places.commonDirectory, 'worktrees')
  );
}

/** Records of ours that were made to name another place: nothing answers them there. */
async function removeStrayRecords(places: Places): Promise<void> {
  for (const entry of await administrativeEntries(places)) {
    if ((await readMarker(entry)) === null || (await isAnswered(entry))) continue;
    await removeRecord(entry);
  }
}

function inTheWay(folder: string, why: string): RegenError {
  return new RegenError('environment', `${folder} is in the way of a worktree: ${why}`, {
    hint: 'Move it elsewhere, or remove it if nothing in it is needed.',
  });
}

interface NewWorktree {
  readonly git: Git;
  readonly places: Places;
  readonly path: string;
}

/**
 * Not `git sparse-checkout`: that would switch on `extensions.worktreeConfig` for everybody. The hidden files stay in
 * the index, marked as skipped, so that even the agent's own `git add --all` doesn't delete them.
 */
async function makeWorktree(
  { git, places, path: worktree }: NewWorktree,
  attempt: Attempt,
  hidden: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const add = ['worktree', 'add', '--quiet', '--no-checkout', '--detach', worktree, attempt.base];
  await git.text({ args: add }, signal);
  const entry = await findEntry(places, worktree);
  if (entry === null) {
    throw new RegenError('environment', `git worktree add left no record of ${worktree}`);
  }
  const index = path.join(entry.directory, 'index');
  const run = (args: readonly string[], indexFile: string, input = '') =>
    git.text({ args, input, cwd: worktree, env: worktreeEnvironment(places, worktree, indexFile) }, signal);
  await run(['read-tree', attempt.base], index);
  const names = hidden.map((name) => `${name}\0`).join('');
  if (hidden.length > 0) await run(['update-index', '--skip-worktree', '-z', '--stdin'], index, names);
  await run(['checkout-index', '--all', '--index', '--quiet'], index);
  // In the guard's index the hidden files are not there at all, so that one that turns up is a new file.
  await copyFile(index, guardIndex(entry));
  if (hidden.length > 0)
    await run(['update-index', '--force-remove', '-z', '--stdin'], guardIndex(entry), names);
  await writeMarker(entry, { attempt: attempt.uuid, base: attempt.base, hidden: [...hidden] });
}

/** Points git at the worktree's files through the main git directory: nothing that the agent wrote is asked. */
export function worktreeEnvironment(
  places: Places,
  worktree: string,
  indexFile: string,
): Record<string, string> {
  return { GIT_DIR: places.gitDirectory, GIT_WORK_TREE: worktree, GIT_INDEX_FILE: indexFile };
}

async function removeEmptyFolders(places: Places, target: string): Promise<void> {
  const folder = await targetFolder(places, target);
  await removeEmpty(folder);
  await removeEmpty(path.join(places.root, folderName));
}

/** A folder, and no link on the way to it that wasn't there when it was made. */
async function isInPlace(folder: string): Promise<boolean> {
  const found = await lstatOf(folder);
  return found?.isDirectory() === true && (await realpath(folder)) === folder;
}

async function exists(file: string): Promise<boolean> {
  return (await lstatOf(file)) !== null;
}

async function lstatOf(file: string) {
  return lstat(file).catch(() => null);
}
