/** What a Claude Code that was killed in the middle of writing a file leaves beside it. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from '../system/errno.js';

/** Seen of 2.1.197: `calm.txt.tmp.1159.abcae17729e5` was to be moved onto `calm.txt` by process 1159. */
const tornWrite = /.\.tmp\.\d+\.[0-9a-f]{12}$/;

/** Removes them from a worktree in which nobody is at work any more: they would fail the `writes` guard. */
export async function removeTornWrites(worktree: string): Promise<void> {
  const entries = await readdir(worktree, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
      throw error;
    },
  );
  for (const entry of entries) {
    if (!entry.isFile() || !tornWrite.test(entry.name)) continue;
    await rm(path.join(entry.parentPath, entry.name), { force: true });
  }
}
