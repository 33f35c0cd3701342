/** The attempt's commit, built beside the worktree's own index: it holds the given paths and nothing else. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Attempt } from '../model/attempt.js';
import type { Secret } from '../system/secrets.js';
import { refusalOf } from './commit-content.js';
import type { Git } from './git.js';
import { dropOwnLock } from './own-lock.js';
import type { Places } from './repository.js';
import { commitMessage, messageOf, readAncestry } from './trailers.js';
import { worktreeEnvironment } from './worktree.js';
import type { OpenWorktree } from './worktree.js';

export interface CommitRequest {
  readonly attempt: Attempt;
  readonly paths: readonly string[];
  readonly subject: string;
  readonly now: Date;
  /** What no commit may hold. */
  readonly secrets: readonly Secret[];
}

/** `refused`: it is not made, since something in it must not leave. `empty`: to git nothing differs from the base. */
export type Committed =
  | { readonly kind: 'committed'; readonly sha: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly reason: string };

interface CommitTools {
  readonly git: Git;
  readonly places: Places;
  readonly worktree: OpenWorktree;
}

/**
 * Finds or makes the commit. Its parent is the base whatever the agent committed itself. `commit-tree` runs no hook and
 * signs nothing, so no passphrase is ever asked for; `commit.gpgSign` has no effect here.
 */
export async function commitPaths(
  tools: CommitTools,
  request: CommitRequest,
  signal: AbortSignal,
): Promise<Committed> {
  const { git } = tools;
  const { attempt } = request;
  const tree = await writeTree(tools, request, signal);
  const baseTree = await git.ask(['rev-parse', '--verify', `${attempt.base}^{tree}`], signal);
  if (tree === baseTree) return { kind: 'empty' };
  const reason = await refusalOf(git, { base: attempt.base, tree, secrets: request.secrets }, signal);
  if (reason !== null) return { kind: 'refused', reason };
  const message = commitMessage(request.subject, { ...attempt, attempt: attempt.uuid });
  const made = await findCommit(tools, { tree, base: attempt.base, message }, signal);
  if (made !== null) return { kind: 'committed', sha: made };
  const date = `${Math.floor(request.now.getTime() / 1000)} +0000`;
  const args = ['commit-tree', tree, '-p', attempt.base, '-F', '-'];
  const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const sha = await git.text({ args, input: message, env }, signal);
  await dropOwnLock(path.join(tools.worktree.entry.directory, 'HEAD'));
  await git.text({ args: ['update-ref', '--no-deref', headOf(tools.worktree), sha] }, signal);
  return { kind: 'committed', sha };
}

/** The base's tree with the paths as they are in the worktree; one that is gone is taken out. */
export async function writeTree(
  { git, places, worktree }: CommitTools,
  { attempt, paths }: Pick<CommitRequest, 'attempt' | 'paths'>,
  signal: AbortSignal,
): Promise<string> {
  const index = path.join(worktree.entry.directory, 'regen-commit-index');
  const env = worktreeEnvironment(places, worktree.path, index);
  const run = (args: readonly string[], input = '') =>
    git.text({ args, input, cwd: worktree.path, env }, signal);
  try {
    await dropOwnLock(index);
    await run(['read-tree', attempt.base]);
    const names = paths.map((name) => `${name}\0`).join('');
    await run(['update-index', '--add', '--remove', '--replace', '-z', '--stdin'], names);
    return await run(['write-tree']);
  } finally {
    await rm(index, { force: true });
  }
}

interface Wanted {
  readonly tree: string;
  readonly base: string;
  readonly message: string;
}

/** The commit that was made before the step was killed: the worktree's HEAD, if it is exactly that. */
async function findCommit(
  { git, worktree }: CommitTools,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<string | null> {
  const head = await git.run(
    { args: ['rev-parse', '--verify', '--quiet', `${headOf(worktree)}^{commit}`] },
    signal,
  );
  if (head.exitCode !== 0) return null;
  const sha = head.stdout.trim();
  const raw = (await git.run(['cat-file', 'commit', sha], signal)).stdout;
  const { tree, parents } = readAncestry(raw);
  const isWanted = tree === wanted.tree && parents.length === 1 && parents[0] === wanted.base;
  return isWanted && messageOf(raw) === wanted.message ? sha : null;
}

function headOf(worktree: OpenWorktree): string {
  return `worktrees/${worktree.entry.id}/HEAD`;
}
