import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { RegenError } from '../model/errors.js';

/**
 * The repository that the folder belongs to. Inside one of our own worktrees that is the repository the worktree was
 * made for: a session that works there means its plan.
 *
 * @throws RegenError `environment` when there is none.
 */
export async function findRepositoryRoot(cwd: string): Promise<string> {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const git = path.join(folder, '.git');
    const found = await stat(git).catch(() => null);
    if (found?.isDirectory() === true) return folder;
    if (found?.isFile() === true) return (await ownerOfWorktree(git, folder)) ?? folder;
    if (path.dirname(folder) === folder) break;
  }
  throw new RegenError('environment', `${cwd} is not inside a git repository`, {
    hint: 'Run regen in a repository, or name one with --cwd.',
  });
}

async function ownerOfWorktree(gitFile: string, folder: string): Promise<string | null> {
  const pointer = /^gitdir: (.*)$/m.exec(await readFile(gitFile, 'utf8'))?.[1];
  if (pointer === undefined) return null;
  const gitDirectory = path.resolve(folder, pointer, '..', '..');
  const owner = path.dirname(gitDirectory);
  return folder.startsWith(path.join(owner, '.worktrees') + path.sep) ? owner : null;
}
