/** Everything git: what the line sees of this station. */
import path from 'node:path';
import type { Attempt, ItemRef } from '../model/attempt.js';
import type { BaseTree } from '../model/base-tree.js';
import type { GuardResult } from '../model/change.js';
import type { Config } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { createMask } from '../system/mask.js';
import type { Mask } from '../system/mask.js';
import { secretsOf } from '../system/secrets.js';
import { fetchBase, knownBase } from './base.js';
import { createBaseTree } from './base-tree.js';
import { branchLocally, isAncestor, localBranch, localNames, remoteBranch, remoteNames } from './branches.js';
import { observeChanges, statChanges } from './changes.js';
import { commitPaths, writeTree } from './commit.js';
import { driftOf, fingerprint } from './fingerprint.js';
import type { Fingerprint } from './fingerprint.js';
import { createGit } from './git.js';
import type { Git } from './git.js';
import { allowanceOf, decideGuard } from './guard.js';
import { findHazards, findSpecialFiles } from './hazards.js';
import { ensureIgnored } from './ignore.js';
import { forgetCommits, keepCommit, keptCommits, restoreCommit } from './kept.js';
import { revertTo } from './revert.js';
import type { Earlier } from './revert.js';
import { createNetwork } from './network.js';
import { findPushRemote, remoteUrl } from './push-remote.js';
import { pushBranch } from './push.js';
import { createRepository } from './repository.js';
import type { Repository } from './repository.js';
import { createWorktrees } from './worktree.js';
import type { OpenWorktree, Worktrees } from './worktree.js';

interface WorkspaceParts {
  readonly surroundings: Pick<Surroundings, 'root' | 'env' | 'now'>;
  readonly config: Pick<Config, 'base'>;
  /** `--config`, absolute; left out: regen.yaml. */
  readonly configFile?: string | undefined;
}

/** The line's `Workspace`; see step/stations.ts for what each method promises. */
export function createWorkspace({ surroundings, config, configFile }: WorkspaceParts) {
  const git = createGit(surroundings);
  const network = createNetwork(surroundings);
  const repository = createRepository(git, surroundings.root, config.base);
  const worktrees = createWorktrees(git, repository);
  const trees = new Map<string, BaseTree>();
  const mask = createMask(surroundings.env);
  const secrets = secretsOf(surroundings.env);
  const pushRemote = (signal: AbortSignal) =>
    findPushRemote({ git, repository, env: surroundings.env }, signal);

  return {
    fetchBase: (signal: AbortSignal) => fetchBase({ git, network, repository }, signal),
    knownBase: (signal: AbortSignal) => knownBase({ git, network, repository }, signal),
    tree(sha: string): BaseTree {
      const tree = trees.get(sha) ?? createBaseTree(git, sha);
      trees.set(sha, tree);
      return tree;
    },
    remoteUrl: (signal: AbortSignal) => remoteUrl({ git, repository }, signal),
    ensureIgnored: (signal: AbortSignal) => ensureIgnored(git, repository, signal),
    ensureCommitter: (signal: AbortSignal) => ensureCommitter(git, signal),
    async remoteBranch(branch: string, base: string, signal: AbortSignal) {
      return remoteBranch({ git, network, remote: await pushRemote(signal) }, branch, base, signal);
    },
    async remoteNames(prefix: string, signal: AbortSignal) {
      return remoteNames({ network, remote: await pushRemote(signal) }, prefix, signal);
    },
    localNames: (prefix: string, signal: AbortSignal) => localNames(git, prefix, signal),
    open: (attempt: Attempt, hidden: readonly string[], signal: AbortSignal) =>
      worktrees.open(attempt, hidden, signal),
    isOpen: async (attempt: Attempt, signal: AbortSignal) => (await worktrees.find(attempt, signal)) !== null,
    guard: async (attempt: Attempt, writes: readonly string[], signal: AbortSignal) =>
      masked(await guard({ git, repository, worktrees }, attempt, writes, signal), mask),
    async fingerprint(attempt: Attempt | null, signal: AbortSignal): Promise<Fingerprint> {
      const worktree = attempt === null ? null : await worktrees.find(attempt, signal);
      const entry = worktree?.entry ?? null;
      const file = path.resolve(surroundings.root, configFile ?? 'regen.yaml');
      return fingerprint({ git, repository, configFile: file, entry }, signal);
    },
    drift: driftOf,
    async commit(attempt: Attempt, change: Change, signal: AbortSignal) {
      const places = await repository.places(signal);
      const worktree = await opened(worktrees, attempt, signal);
      const request = { attempt, ...change, now: surroundings.now(), secrets };
      return commitPaths({ git, places, worktree }, request, signal);
    },
    async push(push: Push, signal: AbortSignal) {
      return pushBranch({ network, remote: await pushRemote(signal) }, push, signal);
    },
    isAncestor: (sha: string, of: string, signal: AbortSignal) => isAncestor(git, { sha, of }, signal),
    localBranch: (branch: string, base: string, signal: AbortSignal) =>
      localBranch(git, branch, base, signal),
    branchLocally: (branch: string, sha: string, expected: string | null, signal: AbortSignal) =>
      branchLocally(git, { branch, sha, expected }, signal),
    async keep(attempt: Attempt, sha: string, signal: AbortSignal) {
      const places = await repository.places(signal);
      await keepCommit({ git, places }, { attempt: attempt.uuid, sha }, signal);
    },
    kept: (signal: AbortSignal) => keptCommits(git, signal),
    forget: async (attempts: readonly string[], signal: AbortSignal) =>
      forgetCommits({ git, places: await repository.places(signal) }, attempts, signal),
    async restore(attempt: Attempt, sha: string, signal: AbortSignal) {
      const places = await repository.places(signal);
      await restoreCommit({ git, places, worktree: await opened(worktrees, attempt, signal) }, sha, signal);
    },
    async snapshot(attempt: Attempt, paths: readonly string[], signal: AbortSignal) {
      const places = await repository.places(signal);
      const worktree = await opened(worktrees, attempt, signal);
      return writeTree({ git, places, worktree }, { attempt, paths }, signal);
    },
    async revert(attempt: Attempt, to: Earlier, signal: AbortSignal) {
      const places = await repository.places(signal);
      const worktree = await opened(worktrees, attempt, signal);
      await revertTo({ git, places, worktree }, to, signal);
    },
    openBase: (attempt: Attempt, hidden: readonly string[], signal: AbortSignal) =>
      worktrees.openBase(attempt, hidden, signal),
    closeBase: (attempt: Attempt, signal: AbortSignal) => worktrees.closeBase(attempt, signal),
    drop: (ref: ItemRef, signal: AbortSignal) => worktrees.drop(ref, signal),
    dropAll: (target: string, signal: AbortSignal) => worktrees.dropAll(target, signal),
  };
}

interface Change {
  readonly paths: readonly string[];
  readonly subject: string;
}

interface Push {
  readonly sha: string;
  readonly branch: string;
  readonly expected: string | null;
}

interface GuardTools {
  readonly git: Git;
  readonly repository: Repository;
  readonly worktrees: Worktrees;
}

async function guard(
  { git, repository, worktrees }: GuardTools,
  attempt: Attempt,
  writes: readonly string[],
  signal: AbortSignal,
): Promise<GuardResult> {
  const places = await repository.places(signal);
  const worktree = await opened(worktrees, attempt, signal);
  const allowance = allowanceOf(writes, attempt);
  const special = await findSpecialFiles(worktree, await statChanges({ git, places }, worktree, signal));
  if (special.length > 0) return { kind: 'violated', violations: special };
  const changes = await observeChanges({ git, places }, worktree, allowance.named, signal);
  const changed = changes.map(({ path }) => path).filter((path) => allowance.owner(path) !== null);
  const hazards = await findHazards(worktree, { changed, named: allowance.named });
  return decideGuard({ changes, hidden: new Set(worktree.marker.hidden), hazards }, allowance);
}

/** A file's name may hold a secret, and what is refused is told to the agent and to the plan. */
function masked(result: GuardResult, mask: Mask): GuardResult {
  if (result.kind !== 'violated') return result;
  const violations = result.violations.map(({ path: name, reason }) => ({
    path: mask(name),
    reason: mask(reason),
  }));
  return { kind: 'violated', violations };
}

async function opened(worktrees: Worktrees, attempt: Attempt, signal: AbortSignal): Promise<OpenWorktree> {
  const worktree = await worktrees.find(attempt, signal);
  if (worktree !== null) return worktree;
  // Its own agent or a check of it may have done that, time and again.
  throw new RegenError(
    'item',
    `the worktree of ${attempt.target}/${attempt.item} was removed while the step ran`,
    {
      hint: 'See who removed it.',
    },
  );
}

async function ensureCommitter(git: Git, signal: AbortSignal): Promise<void> {
  for (const name of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    const result = await git.run(['var', name], signal);
    if (result.exitCode !== 0) {
      const who = name === 'GIT_AUTHOR_IDENT' ? 'author' : 'committer';
      throw new RegenError(
        'environment',
        `git has no ${who} for commits: user.name or user.email is not set`,
        {
          hint: 'git config user.name "Your Name" && git config user.email you@example.org',
        },
      );
    }
  }
}
