/** A digest of what an agent could plant code in: git's settings, hooks and info/. */
import { createHash } from 'node:crypto';
import { readFile, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from '../system/errno.js';
import type { Git } from './git.js';
import type { Repository } from './repository.js';

/**
 * Settings are compared as git understands them, includes and all scopes, without the `branch.*` ones: a person who
 * works on in the checkout writes those with every new branch, and they run nothing.
 */
export async function fingerprint(git: Git, repository: Repository, signal: AbortSignal): Promise<string> {
  const { commonDirectory } = await repository.places(signal);
  const hash = createHash('sha256');
  const add = (name: string, content: string | Buffer) =>
    hash.update(`${name.length}:${name}${content.length}:`).update(content);
  add('settings', await settings(git, signal));
  for (const folder of ['hooks', 'info']) {
    const root = path.join(commonDirectory, folder);
    for (const file of await filesBelow(root)) {
      const name = path.join(folder, path.relative(root, file.path));
      if (name === path.join('info', 'refs')) continue; // git's own repacking rewrites it
      add(
        `${name} ${file.kind}`,
        file.kind === 'link' ? await readlink(file.path) : await readFile(file.path),
      );
    }
  }
  return hash.digest('hex');
}

async function settings(git: Git, signal: AbortSignal): Promise<string> {
  const listed = await git.ask(['config', '--list', '-z', '--show-scope', '--show-origin'], signal);
  const fields = listed.split('\0');
  const kept: string[] = [];
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [scope = '', origin = '', setting = ''] = fields.slice(index, index + 3);
    if (scope !== 'command' && !setting.startsWith('branch.')) kept.push(`${scope} ${origin} ${setting}`);
  }
  return kept.join('\0');
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
    })
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}
