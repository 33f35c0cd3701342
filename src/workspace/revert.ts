/** Back to an earlier state of the attempt's own files. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Change } from '../model/change.js';
import type { Git } from './git.js';
import { restoreCommit } from './kept.js';
import type { Places } from './repository.js';
import type { OpenWorktree } from './worktree.js';

export interface Earlier {
  /** Id of the tree, made on the attempt's base. */
  readonly tree: string;
  /** What differs from the base now. */
  readonly changes: readonly Change[];
}

interface RevertTools {
  readonly git: Git;
  readonly places: Places;
  readonly worktree: OpenWorktree;
}

/** What was added since goes, what was changed since is as the base has it, and then the tree's own changes come back. */
export async function revertTo(
  tools: RevertTools,
  { tree, changes }: Earlier,
  signal: AbortSignal,
): Promise<void> {
  const { worktree } = tools;
  for (const { path: name, kind } of changes) {
    // A link in place of a folder would lead elsewhere; the guard has let none through.
    if (kind === 'added') await rm(path.join(worktree.path, name), { force: true });
  }
  const known = changes.filter(({ kind }) => kind !== 'added').map((change) => change.path);
  await restoreCommit(tools, tree, signal, known);
}
