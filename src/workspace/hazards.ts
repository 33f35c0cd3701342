/** What makes a path of the worktree lead elsewhere: links, and the pointer to the repository. */
import { lstat, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { readOptional } from '../system/read-optional.js';
import type { OpenWorktree } from './worktree.js';

/**
 * The paths that are dangerous, each with the sentence that says why.
 *
 * @param paths - what changed; and what may be written without having changed yet, for `record` writes there later.
 */
export async function findHazards(
  worktree: OpenWorktree,
  paths: { readonly changed: readonly string[]; readonly named: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const hazards = new Map<string, string>();
  if (!(await pointsHome(worktree))) hazards.set('.git', 'the pointer to the repository was changed');
  for (const name of new Set([...paths.named, ...paths.changed])) {
    const reason = await linkedFolder(worktree.path, name);
    if (reason !== null) hazards.set(name, reason);
  }
  for (const name of paths.changed) {
    const reason = hazards.has(name) ? null : await linkHazard(worktree.path, name);
    if (reason !== null) hazards.set(name, reason);
  }
  return hazards;
}

async function pointsHome(worktree: OpenWorktree): Promise<boolean> {
  const file = path.join(worktree.path, '.git');
  const found = await lstat(file).catch(() => null);
  return found?.isFile() === true && (await readOptional(file)) === `gitdir: ${worktree.entry.directory}\n`;
}

/** A folder on the way that is a link: what is written there lands elsewhere. */
async function linkedFolder(root: string, name: string): Promise<string | null> {
  const parts = name.split('/').slice(0, -1);
  for (let count = 1; count <= parts.length; count += 1) {
    const folder = parts.slice(0, count).join('/');
    const found = await lstat(path.join(root, folder)).catch(() => null);
    if (found === null) return null;
    if (found.isSymbolicLink()) return `it is reached through ${folder}, which is a symlink`;
  }
  return null;
}

async function linkHazard(root: string, name: string): Promise<string | null> {
  const file = path.join(root, name);
  const found = await lstat(file).catch(() => null);
  if (found?.isSymbolicLink() !== true) return null;
  const target = await readlink(file);
  if (path.isAbsolute(target)) return `it is a symlink to an absolute path (${target})`;
  // The text and the place it really leads to: a link within may point at another link.
  const places = [path.resolve(path.dirname(file), target), await realpath(file).catch(() => null)];
  const isOutside = places.some((place) => place !== null && !isWithin(root, place));
  return isOutside ? `it is a symlink out of the worktree (${target})` : null;
}

function isWithin(root: string, place: string): boolean {
  return place.startsWith(root + path.sep) && path.relative(root, place).split(path.sep)[0] !== '.git';
}
