/** Digests of what an agent could plant code in: git's settings, hooks, info/, regen.yaml, and our record of its worktree. */
import { createHash } from 'node:crypto';
import { readFile, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from '../system/errno.js';
import { readOptionalBytes } from '../system/read-optional.js';
import type { Git } from './git.js';
import { guardIndex, markerFile } from './marker.js';
import type { Places, Repository } from './repository.js';
import type { AdministrativeEntry } from './administration.js';

/** What there is, in words for a person, each with a digest. */
export interface Fingerprint {
  readonly shared: Digests;
  /** null: not asked for, or no longer where it was made. */
  readonly worktree: Digests | null;
}

type Digests = Readonly<Record<string, string>>;

interface Subject {
  readonly git: Git;
  readonly repository: Repository;
  /** regen.yaml, absolute. */
  readonly configFile: string;
  /** The record of the worktree that is being worked in; null: only what everybody shares. */
  readonly entry: AdministrativeEntry | null;
}

/**
 * Settings are compared as git understands them, includes and all scopes, without the `branch.*` ones: a person who
 * works on in the checkout writes those with every new branch, and they run nothing.
 */
export async function fingerprint(subject: Subject, signal: AbortSignal): Promise<Fingerprint> {
  const places = await subject.repository.places(signal);
  const config = await readOptionalBytes(subject.configFile);
  const parts = await Promise.all([
    settings(subject.git, signal),
    plantable(places),
    // Only where objects are borrowed from; what else is there, git's own upkeep rewrites.
    filesOf(places.commonDirectory, ['objects/info/alternates', 'objects/info/http-alternates', 'shallow']),
  ]);
  const own: Named[] = config === null ? [] : [[path.basename(subject.configFile), config]];
  return {
    shared: digests([...parts.flat(), ...own]),
    worktree: subject.entry === null ? null : digests(await recordOf(subject.entry)),
  };
}

/** What differs, in words for a person. */
export function driftOf(before: Fingerprint, after: Fingerprint): readonly string[] {
  return [...differing(before.shared, after.shared), ...worktreeDrift(before.worktree, after.worktree)];
}

function worktreeDrift(before: Digests | null, after: Digests | null): readonly string[] {
  if (before === null) return [];
  return after === null ? ['the place of its worktree (moved or removed)'] : differing(before, after);
}

function differing(before: Digests, after: Digests): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((name) => before[name] !== after[name]);
}

type Named = readonly [name: string, content: string | Buffer];

function digests(named: readonly Named[]): Digests {
  const digest = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
  return Object.fromEntries(named.map(([name, content]) => [name, digest(content)]));
}

async function settings(git: Git, signal: AbortSignal): Promise<readonly Named[]> {
  const args = ['config', '--list', '-z', '--show-scope', '--show-origin'];
  const listed = await git.run(args, signal);
  // A file that git can't read any more is a change like any other.
  if (listed.exitCode !== 0) return [['git setting (none can be read)', listed.stderr]];
  const fields = listed.stdout.split('\0');
  const values = new Map<string, string>();
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [scope = '', origin = '', setting = ''] = fields.slice(index, index + 3);
    if (scope === 'command' || setting.startsWith('branch.')) continue;
    const name = `git setting ${setting.split('\n')[0] ?? ''}`;
    values.set(name, `${values.get(name) ?? ''}${scope} ${origin} ${setting}\0`);
  }
  return [...values];
}

async function plantable({ commonDirectory }: Places): Promise<readonly Named[]> {
  const found = await Promise.all(
    ['hooks', 'info'].map(async (folder) => {
      const root = path.join(commonDirectory, folder);
      const files = await filesBelow(root);
      return files.map((file) => ({ ...file, name: path.join(folder, path.relative(root, file.path)) }));
    }),
  );
  const wanted = found.flat().filter(({ name }) => name !== path.join('info', 'refs')); // git's own repacking rewrites it
  return Promise.all(
    wanted.map(async ({ kind, name, path: file }): Promise<Named> => {
      const isLink = kind === 'link';
      return [`.git/${name}`, isLink ? `link ${await readlink(file)}` : await readFile(file)];
    }),
  );
}

/** The guard's index and marker: whoever can write them decides what the guard sees. git itself never does. */
async function recordOf(entry: AdministrativeEntry): Promise<readonly Named[]> {
  const names = [guardIndex(entry), markerFile(entry), path.join(entry.directory, 'commondir')];
  const read = names.map(async (file): Promise<Named[]> => {
    const content = await readOptionalBytes(file);
    return content === null ? [] : [[`regen’s record of the worktree (${path.basename(file)})`, content]];
  });
  return (await Promise.all(read)).flat();
}

async function filesOf(folder: string, names: readonly string[]): Promise<readonly Named[]> {
  const read = names.map(async (name): Promise<Named[]> => {
    const content = await readOptionalBytes(path.join(folder, name));
    return content === null ? [] : [[`.git/${name}`, content]];
  });
  return (await Promise.all(read)).flat();
}

interface Found {
  readonly path: string;
  readonly kind: 'file' | 'link';
}

async function filesBelow(folder: string): Promise<readonly Found[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
  return names
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry): Found => {
      const kind = entry.isSymbolicLink() ? 'link' : 'file';
      return { path: path.join(entry.parentPath, entry.name), kind };
    });
}
