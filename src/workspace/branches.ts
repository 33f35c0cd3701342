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

/** Another branch that makes this name impossible: git keeps no `a` beside an `a/b`. */
export interface BlockedBranch {
  readonly blockedBy: string;
}

interface RemoteTools {
  readonly git: Git;
  readonly network: Network;
  readonly remote: PushRemote;
}

/** The tip's commit on the remote, or null when the branch isn't there. */
export async function remoteTip(
  tools: Omit<RemoteTools, 'git'>,
  branch: string,
  signal: AbortSignal,
): Promise<string | null> {
  return (await lookAtRemote(tools, branch, [branch], signal)).get(branch) ?? null;
}

/** The tips of the branches of these names or patterns, by name. */
async function lookAtRemote(
  { network, remote }: Omit<RemoteTools, 'git'>,
  branch: string,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const refs = patterns.map((pattern) => `refs/heads/${pattern}`);
  const result = await network.run({ args: ['ls-remote', remote.name, ...refs], env: remote.env }, signal);
  if (result.exitCode !== 0) throw lookFailure(remote, branch, result);
  const found = result.stdout.split('\n').flatMap((line) => {
    const [sha = '', name = ''] = line.split('\t');
    // ls-remote takes a pattern that also fits the end of other refs; those are left out by who asks.
    return name.startsWith('refs/heads/') ? [[name.slice('refs/heads/'.length), sha] as const] : [];
  });
  return new Map(found);
}

/** The names of the remote's branches that begin so. */
export async function remoteNames(
  tools: Omit<RemoteTools, 'git'>,
  prefix: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = await lookAtRemote(tools, `${prefix}*`, [`${prefix}*`], signal);
  return new Set([...found.keys()].filter((name) => name.startsWith(prefix)));
}

/** The same of the branches in this repository. */
export async function localNames(
  git: Git,
  prefix: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const args = ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/'];
  const names = (await git.text({ args }, signal)).split('\n');
  return new Set(names.filter((name) => name !== '' && name.startsWith(prefix)));
}

/** `a` and `a/b` of `a/b/c`. */
function foldersOf(branch: string): readonly string[] {
  const parts = branch.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function blockerAmong(names: Iterable<string>, branch: string): string | null {
  const isBlocking = (name: string) => name.startsWith(`${branch}/`) || branch.startsWith(`${name}/`);
  return [...names].find(isBlocking) ?? null;
}

/** The tip with its trailers; its objects are fetched without leaving a ref behind. One question tells both. */
export async function remoteBranch(
  tools: RemoteTools,
  branch: string,
  base: string,
  signal: AbortSignal,
): Promise<BranchTip | BlockedBranch | null> {
  for (let tries = 1; ; tries += 1) {
    const found = await lookAtRemote(tools, branch, [branch, ...foldersOf(branch), `${branch}/*`], signal);
    const sha = found.get(branch);
    if (sha === undefined) {
      const blockedBy = blockerAmong(found.keys(), branch);
      return blockedBy === null ? null : { blockedBy };
    }
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
): Promise<BranchTip | BlockedBranch | null> {
  const sha = await localTip(git, branch, signal);
  if (sha !== null) return describeTip(git, sha, base, signal);
  // A pattern without a star fits what is below it as well.
  const refs = [...foldersOf(branch), branch].map((name) => `refs/heads/${name}`);
  const args = ['for-each-ref', '--format=%(refname:lstrip=2)', ...refs];
  const blockedBy = blockerAmong((await git.text({ args }, signal)).split('\n'), branch);
  return blockedBy === null ? null : { blockedBy };
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
  const [commit, isMerged] = await Promise.all([
    git.ask(['cat-file', 'commit', sha], signal),
    isAncestor(git, { sha, of: base }, signal),
  ]);
  return { sha, owner: readOwner(commit), isMerged };
}

/** Whether the commit is below the other, or is that one. */
export async function isAncestor(
  git: Git,
  { sha, of }: { readonly sha: string; readonly of: string },
  signal: AbortSignal,
): Promise<boolean> {
  return (await git.run(['merge-base', '--is-ancestor', sha, of], signal)).exitCode === 0;
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
    ? new RegenError('wait', what, {
        hint: 'Run regen again when the remote answers.',
        waitsFor: 'network',
      })
    : new RegenError('environment', what, {
        hint: 'See that git can read that address without asking anything.',
      });
}
