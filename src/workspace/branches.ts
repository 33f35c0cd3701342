/** What stands under a branch's name, on the remote or here; and pointing a local one at a commit. */
import type { Git } from './git.js';
import { RegenError } from '../model/errors.js';
import { readRemoteTrouble } from './git-messages.js';
import type { Network, NetworkResult } from './network.js';
import type { PushRemote } from './push-remote.js';
import { readOwner } from './trailers.js';
import type { Owner } from './trailers.js';

export interface BranchTip {
  readonly sha: string;
  readonly owner: Owner | null;
  readonly isMerged: boolean;
}

interface RemoteTools {
  readonly git: Git;
  readonly network: Network;
  readonly remote: PushRemote;
}

/** The tip's commit on the remote, or null when the branch isn't there. */
export async function remoteTip(
  { network, remote }: Omit<RemoteTools, 'git'>,
  branch: string,
  signal: AbortSignal,
): Promise<string | null> {
  const ref = `refs/heads/${branch}`;
  const result = await network.run({ args: ['ls-remote', remote.name, ref], env: remote.env }, signal);
  if (result.exitCode !== 0) throw lookFailure(remote, branch, result);
  // ls-remote takes a pattern that also fits the end of other refs.
  const line = result.stdout.split('\n').find((one) => one.split('\t')[1] === ref);
  return line?.split('\t')[0] ?? null;
}

/** The tip with its trailers; its objects are fetched without leaving a ref behind. */
export async function remoteBranch(
  tools: RemoteTools,
  branch: string,
  base: string,
  signal: AbortSignal,
): Promise<BranchTip | null> {
  for (let tries = 1; ; tries += 1) {
    const sha = await remoteTip(tools, branch, signal);
    if (sha === null) return null;
    if (await isHere(tools.git, sha, signal)) return describeTip(tools.git, sha, base, signal);
    const failure = await fetchTip(tools, branch, signal);
    if (await isHere(tools.git, sha, signal)) return describeTip(tools.git, sha, base, signal);
    // It moved between the two questions; a branch that goes on moving is somebody's who is at work on it.
    if (tries === 3) throw lookFailure(tools.remote, branch, failure);
  }
}

/** The same of a branch in this repository. */
export async function localBranch(
  git: Git,
  branch: string,
  base: string,
  signal: AbortSignal,
): Promise<BranchTip | null> {
  const sha = await localTip(git, branch, signal);
  return sha === null ? null : describeTip(git, sha, base, signal);
}

/** Creates the branch or moves it from `expected`; false when something else is in the way, or somebody works on it. */
export async function branchLocally(
  git: Git,
  move: { readonly branch: string; readonly sha: string; readonly expected: string | null },
  signal: AbortSignal,
): Promise<boolean> {
  const ref = `refs/heads/${move.branch}`;
  const tip = await localTip(git, move.branch, signal);
  if (tip === move.sha) return true;
  if (tip !== null && tip !== move.expected) return false;
  if (tip !== null && (await isCheckedOut(git, ref, signal))) return false;
  // The old value is compared under git's lock; all zeros: it must not exist.
  const old = tip ?? '0'.repeat(move.sha.length);
  const result = await git.run(['update-ref', '--end-of-options', ref, move.sha, old], signal);
  return result.exitCode === 0;
}

async function localTip(git: Git, branch: string, signal: AbortSignal): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `refs/heads/${branch}^{commit}`];
  const result = await git.run(args, signal);
  return result.exitCode === 0 ? result.stdout.trim() : null;
}

async function isCheckedOut(git: Git, ref: string, signal: AbortSignal): Promise<boolean> {
  const where = await git.text(
    { args: ['for-each-ref', '--format=%(refname)%00%(worktreepath)', ref] },
    signal,
  );
  return where.split('\n').some((line) => line.startsWith(`${ref}\0/`));
}

async function describeTip(git: Git, sha: string, base: string, signal: AbortSignal): Promise<BranchTip> {
  const [commit, ancestor] = await Promise.all([
    git.ask(['cat-file', 'commit', sha], signal),
    git.run(['merge-base', '--is-ancestor', sha, base], signal),
  ]);
  return { sha, owner: readOwner(commit), isMerged: ancestor.exitCode === 0 };
}

async function isHere(git: Git, sha: string, signal: AbortSignal): Promise<boolean> {
  return (await git.run(['cat-file', '-e', `${sha}^{commit}`], signal)).exitCode === 0;
}

async function fetchTip(
  { network, remote }: RemoteTools,
  branch: string,
  signal: AbortSignal,
): Promise<NetworkResult> {
  const options = ['--no-tags', '--no-write-fetch-head', '--refmap=', '--verbose', '--progress'];
  return network.run(
    { args: ['fetch', ...options, remote.name, `refs/heads/${branch}`], env: remote.env },
    signal,
  );
}

function lookFailure(remote: PushRemote, branch: string, result: NetworkResult): RegenError {
  const what = `looking for branch ${branch} on ${remote.shownUrl} failed: ${result.reason}`;
  const trouble = readRemoteTrouble(result.stderr);
  const isPassing = result.isSilent || trouble === 'unreachable' || trouble === 'missing-branch';
  return isPassing
    ? new RegenError('wait', what, { hint: 'Run regen again when the remote answers.' })
    : new RegenError('environment', what, {
        hint: 'See that git can read that address without asking anything.',
      });
}
