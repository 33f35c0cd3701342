/** What the line needs of workspace/. */
import type { Attempt, ItemRef } from '../model/attempt.js';
import type { BaseTree } from '../model/base-tree.js';
import type { GuardResult } from '../model/change.js';

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
  /** What stands on the remote under the branch's name; null when nothing. */
  remoteBranch(branch: string, base: string, signal: AbortSignal): Promise<RemoteBranch | null>;
  /** Finds or makes the item's detached worktree at the attempt's base; returns its absolute path. */
  open(attempt: Attempt, hidden: readonly string[], signal: AbortSignal): Promise<string>;
  /** Whether the item's worktree is there and belongs to the attempt. */
  isOpen(attempt: Attempt, signal: AbortSignal): Promise<boolean>;
  /** Compares what changed with `writes` (globs of model/glob.ts with placeholders). */
  guard(attempt: Attempt, writes: readonly string[], signal: AbortSignal): Promise<GuardResult>;
  /** A digest of the shared git config, hooks and info/: what an agent could plant code in. */
  fingerprint(signal: AbortSignal): Promise<string>;
  /** Finds or makes the attempt's commit of the paths, on its base; returns its SHA. */
  commit(
    attempt: Attempt,
    change: { readonly paths: readonly string[]; readonly subject: string },
    signal: AbortSignal,
  ): Promise<string>;
  /** `expected` is what `remoteBranch` saw: the lease. */
  push(
    push: { readonly sha: string; readonly branch: string; readonly expected: string | null },
    signal: AbortSignal,
  ): Promise<PushResult>;
  /** The same for `ship.to: local`. */
  localBranch(branch: string, base: string, signal: AbortSignal): Promise<RemoteBranch | null>;
  /** `ship.to: local`: points a local branch at the commit; false when a branch that isn't ours is in the way. */
  branchLocally(branch: string, sha: string, expected: string | null, signal: AbortSignal): Promise<boolean>;
  /** Keeps a commit under refs/regen/<attempt>. */
  keep(attempt: Attempt, sha: string, signal: AbortSignal): Promise<void>;
  /** Removes the item's worktree, if any. */
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

export type PushResult =
  | { readonly kind: 'pushed' }
  | { readonly kind: 'foreign'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string };
