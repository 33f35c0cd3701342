/** What the line needs of workspace/. */
import type { Attempt, ItemRef } from '../model/attempt.js';
import type { BaseTree } from '../model/base-tree.js';
import type { Change, GuardResult } from '../model/change.js';

/** workspace/: everything git. */
export interface Workspace {
  /** Fetches the configured base. RegenError `environment` or `wait` when the remote doesn't answer. */
  fetchBase(signal: AbortSignal): Promise<BaseCommit>;
  /** The same without the network: what was fetched last. */
  knownBase(signal: AbortSignal): Promise<BaseCommit>;
  tree(sha: string): BaseTree;
  /** The remote's URL as configured. */
  remoteUrl(signal: AbortSignal): Promise<string>;
  /** Adds our files to .git/info/exclude where git doesn't ignore them yet; RegenError `plan` when the plan is tracked. */
  ensureIgnored(signal: AbortSignal): Promise<void>;
  /** RegenError `environment` when commits can't be made here (no identity). */
  ensureCommitter(signal: AbortSignal): Promise<void>;
  /** What stands on the remote under the branch's name, or in its way; null when nothing. */
  remoteBranch(
    branch: string,
    base: string,
    signal: AbortSignal,
  ): Promise<RemoteBranch | BlockedBranch | null>;
  /** The names of the remote's branches that begin so. */
  remoteNames(prefix: string, signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** The same of the branches in this repository. */
  localNames(prefix: string, signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** Finds or makes the item's detached worktree at the attempt's base; returns its absolute path. */
  open(attempt: Attempt, hidden: readonly string[], signal: AbortSignal): Promise<string>;
  /** Whether the item's worktree is there and belongs to the attempt. */
  isOpen(attempt: Attempt, signal: AbortSignal): Promise<boolean>;
  /** Compares what changed with `writes` (globs of model/glob.ts with placeholders). */
  guard(attempt: Attempt, writes: readonly string[], signal: AbortSignal): Promise<GuardResult>;
  /**
   * Digests of what an agent could plant code in: git's settings, hooks, info/ and regen.yaml; and our record of the
   * attempt's worktree, unless the attempt is null.
   */
  fingerprint(attempt: Attempt | null, signal: AbortSignal): Promise<Fingerprint>;
  /** What differs between the two, in words for a person. */
  drift(before: Fingerprint, after: Fingerprint): readonly string[];
  /** Finds or makes the attempt's commit of the paths, on its base. */
  commit(
    attempt: Attempt,
    change: { readonly paths: readonly string[]; readonly subject: string },
    signal: AbortSignal,
  ): Promise<CommitResult>;
  /** `expected` is what `remoteBranch` saw: the lease. */
  push(
    push: { readonly sha: string; readonly branch: string; readonly expected: string | null },
    signal: AbortSignal,
  ): Promise<PushResult>;
  /** The same as `remoteBranch`, for `ship.to: local`. */
  localBranch(
    branch: string,
    base: string,
    signal: AbortSignal,
  ): Promise<RemoteBranch | BlockedBranch | null>;
  /** Whether the commit is below the other, or is that one; false when one of them isn't here. */
  isAncestor(sha: string, of: string, signal: AbortSignal): Promise<boolean>;
  /** `ship.to: local`: points a local branch at the commit; false when a branch that isn't ours is in the way. */
  branchLocally(branch: string, sha: string, expected: string | null, signal: AbortSignal): Promise<boolean>;
  /** Keeps a commit under refs/regen/<attempt>. */
  keep(attempt: Attempt, sha: string, signal: AbortSignal): Promise<void>;
  /** The commits that are kept, by attempt. */
  kept(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Deletes what is kept of these attempts. */
  forget(attempts: readonly string[], signal: AbortSignal): Promise<void>;
  /** Brings the files of the attempt's worktree to where the commit, made on the same base, had them. */
  restore(attempt: Attempt, sha: string, signal: AbortSignal): Promise<void>;
  /** Makes a worktree of the attempt's base beside its own, anew; returns its absolute path. */
  openBase(attempt: Attempt, hidden: readonly string[], signal: AbortSignal): Promise<string>;
  closeBase(attempt: Attempt, signal: AbortSignal): Promise<void>;
  /** A tree of the base with the paths as they are in the attempt's worktree now; returns its id. */
  snapshot(attempt: Attempt, paths: readonly string[], signal: AbortSignal): Promise<string>;
  /** Brings the files of the attempt's worktree to where the tree has them; `changes`: what differs from the base now. */
  revert(
    attempt: Attempt,
    to: { readonly tree: string; readonly changes: readonly Change[] },
    signal: AbortSignal,
  ): Promise<void>;
  /** Removes the item's worktree, if any, and that of its base. */
  drop(ref: ItemRef, signal: AbortSignal): Promise<void>;
  /** Removes every worktree of a target; used by abandon. */
  dropAll(target: string, signal: AbortSignal): Promise<void>;
}

export interface BaseCommit {
  /** `origin/main` */
  readonly ref: string;
  readonly sha: string;
}

export interface RemoteBranch {
  readonly sha: string;
  /** The tip's trailers; null when it carries none of ours. */
  readonly owner: (ItemRef & { readonly attempt: string }) | null;
  readonly isMerged: boolean;
}

/** A branch that makes the name impossible: git keeps no `a` beside an `a/b`. */
export interface BlockedBranch {
  readonly blockedBy: string;
}

/** What there is, in words for a person, each with a digest. */
export interface Fingerprint {
  /** Git's settings, hooks and info/, and regen.yaml. */
  readonly shared: Readonly<Record<string, string>>;
  /** Our record of the attempt's worktree; null: not asked for, or no longer where it was made. */
  readonly worktree: Readonly<Record<string, string>> | null;
}

/** `empty`: to git nothing differs from the base. `refused`: the paths hold what must not leave, such as a secret of the environment. */
export type CommitResult =
  | { readonly kind: 'committed'; readonly sha: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly reason: string };

export type PushResult =
  | { readonly kind: 'pushed' }
  | { readonly kind: 'foreign'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string };
