/** What makes a path of the worktree dangerous: it leads elsewhere, or is no file that git could keep. */
import type { Stats } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Violation } from '../model/change.js';
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
    const reason = hazards.has(name) ? null : (nameHazard(name) ?? (await fileHazard(worktree.path, name)));
    if (reason !== null) hazards.set(name, reason);
  }
  return hazards;
}

/**
 * A name that git refuses, here or on another system: there it would be the repository's own folder. git takes these
 * for `.git` as well: any case, blanks or dots at the end, a stream of NTFS, its short name, characters HFS+ ignores.
 */
export function nameHazard(name: string): string | null {
  const isRefused = name
    .split(/[/\\]/)
    .some((part) => /^(?:\.git(?:[ .]*$|[ .]*:)|git~1[ .]*$)/i.test(part.replace(ignoredByHfs, '')));
  return isRefused ? 'its name stands for a repository’s own folder (.git) on some systems' : null;
}

const ignoredByHfs = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** The worktree is where it was made, not behind a link that the agent put there, and is the one of our record. */
async function pointsHome(worktree: OpenWorktree): Promise<boolean> {
  if ((await realpath(worktree.path).catch(() => null)) !== worktree.path) return false;
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

/** GitHub's limit for one file; also what keeps a sparse file of terabytes from being read. */
const largestBytes = 100 * 1024 * 1024;

async function fileHazard(root: string, name: string): Promise<string | null> {
  const file = path.join(root, name);
  const found = await lstat(file).catch(() => null);
  if (found === null) return null; // deleted
  if (found.isSymbolicLink()) return linkHazard(root, file);
  const kind = specialKind(found);
  if (kind !== null) return `it is ${kind}, not a file`;
  if (found.size <= largestBytes) return null;
  return `it has ${Math.ceil(found.size / 1024 / 1024)} MiB; a file may have ${largestBytes / 1024 / 1024} MiB at most`;
}

/** The paths where a named pipe, a socket or a device stands: whoever opened one would wait for ever. */
export async function findSpecialFiles(
  worktree: OpenWorktree,
  paths: readonly string[],
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const name of paths) {
    const found = await lstat(path.join(worktree.path, name)).catch(() => null);
    const kind = found === null ? null : specialKind(found);
    if (kind !== null) violations.push({ path: name, reason: `it is ${kind}, not a file` });
  }
  return violations;
}

function specialKind(found: Stats): string | null {
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return found.isBlockDevice() || found.isCharacterDevice() ? 'a device' : null;
}

async function linkHazard(root: string, file: string): Promise<string | null> {
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
