/** Commits that outlive their worktree: `refs/regen/<attempt>`. */
import path from 'node:path';
import { rm } from 'node:fs/promises';
import type { Git } from './git.js';
import { dropOwnLock } from './own-lock.js';
import type { Places } from './repository.js';
import { worktreeEnvironment } from './worktree.js';
import type { OpenWorktree } from './worktree.js';

const prefix = 'refs/regen/';

interface KeptTools {
  readonly git: Git;
  readonly places: Pick<Places, 'commonDirectory'>;
}

/** Points the attempt's ref at the commit. */
export async function keepCommit(
  { git, places }: KeptTools,
  kept: { readonly attempt: string; readonly sha: string },
  signal: AbortSignal,
): Promise<void> {
  await dropOwnLock(fileOf(places, kept.attempt));
  await git.text({ args: ['update-ref', `${prefix}${kept.attempt}`, kept.sha] }, signal);
}

/** The kept commits by attempt. */
export async function keptCommits(git: Git, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const listed = await git.text(
    { args: ['for-each-ref', '--format=%(refname) %(objectname)', prefix] },
    signal,
  );
  const pairs = listed.split('\n').flatMap((line) => {
    const [ref = '', sha = ''] = line.trim().split(' ');
    return ref.startsWith(prefix) ? [[ref.slice(prefix.length), sha] as const] : [];
  });
  return new Map(pairs);
}

/** Deletes the refs of those attempts that have one. */
export async function forgetCommits(
  { git, places }: KeptTools,
  attempts: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const kept = await keptCommits(git, signal);
  const own = attempts.filter((attempt) => kept.has(attempt));
  if (own.length === 0) return;
  for (const attempt of own) await dropOwnLock(fileOf(places, attempt));
  const input = own.map((attempt) => `delete ${prefix}${attempt}\n`).join('');
  await git.text({ args: ['update-ref', '--stdin'], input }, signal);
}

/** Where git keeps the ref, and the lock of one that it is writing. */
function fileOf({ commonDirectory }: KeptTools['places'], attempt: string): string {
  return path.join(commonDirectory, prefix, attempt);
}

/**
 * Brings the worktree's files to where the commit had them. git writes them through an index of its own, past what the
 * worktree's own index says of skipped files.
 *
 * @param also - files of the base that are written as well, although the commit doesn't change them.
 */
export async function restoreCommit(
  { git, places, worktree }: { readonly git: Git; readonly places: Places; readonly worktree: OpenWorktree },
  sha: string,
  signal: AbortSignal,
  also: readonly string[] = [],
): Promise<void> {
  const { base } = worktree.marker;
  const diff = ['diff-tree', '-r', '-z', '--no-renames', '--name-status', base, sha];
  const fields = (await git.text({ args: diff }, signal)).split('\0');
  const index = path.join(worktree.entry.directory, 'regen-restore-index');
  const env = worktreeEnvironment(places, worktree.path, index);
  await dropOwnLock(index);
  const written: string[] = [];
  const named = new Set<string>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at + 1] ?? '';
    named.add(name);
    if (fields[at] === 'D') await rm(path.join(worktree.path, name), { force: true });
    else written.push(name);
  }
  written.push(...also.filter((name) => !named.has(name)));
  try {
    await git.text({ args: ['read-tree', sha], cwd: worktree.path, env }, signal);
    const input = written.map((name) => `${name}\0`).join('');
    const args = ['checkout-index', '--force', '-z', '--stdin'];
    if (written.length > 0) await git.text({ args, input, cwd: worktree.path, env }, signal);
  } finally {
    await rm(index, { force: true });
  }
}
