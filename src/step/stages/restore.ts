/** What an attempt that goes on from a kept commit finds in its worktree and among its artifacts. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from '../../system/errno.js';
import { sourceOf, takenUp } from '../taken-up.js';
import type { StageContext } from '../stage.js';

/** Puts the kept commit's files into the worktree, and what the checks produced where it is published from. */
export async function restoreWork(context: StageContext): Promise<void> {
  const { attempt, journal, stations, signal } = context;
  const kept = takenUp(journal);
  if (kept === null) return;
  await stations.workspace.restore(attempt, kept.sha, signal);
  const source = await sourceOf(context, attempt, kept);
  if (source === null) return;
  const from = path.join(source.attempt.directory, 'artifacts');
  try {
    await cp(from, path.join(attempt.directory, 'artifacts'), { recursive: true });
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error; // no check produces anything here
  }
}
