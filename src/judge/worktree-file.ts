import { lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { writeAtomically } from '../system/atomic-write.js';
import { isErrno } from '../system/errno.js';
import { isInside } from '../system/inside.js';
import { readOptionalBytes } from '../system/read-optional.js';
import { removeTemporaries } from '../system/temporaries.js';
import { fileContent } from './file-content.js';
import type { FileContent } from './file-content.js';

/** A file that is known to lie in the worktree, whatever links the agent has left there. */
export interface WorktreeFile {
  read(): Promise<FileContent>;
  write(text: string): Promise<void>;
}

/** null when the path leads out of the worktree or through a symbolic link. */
export async function worktreeFile(worktree: string, path: string): Promise<WorktreeFile | null> {
  if (!isInside(worktree, path)) return null;
  const place = resolve(worktree, path);
  const parts = relative(worktree, place).split(sep);
  const root = await realpath(worktree);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    if (await isLink(join(root, ...parts.slice(0, depth)))) return null;
  }
  return {
    read: async () => fileContent(await readOptionalBytes(place)),
    async write(text) {
      await mkdir(dirname(place), { recursive: true });
      // A killed step's would count as a change outside of `writes`.
      await removeTemporaries(dirname(place));
      await writeAtomically(place, text);
    },
  };
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
