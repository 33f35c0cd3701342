/** The base branch, fetched from its remote: nothing else of the repository moves. */
import { RegenError } from '../model/errors.js';
import type { Git } from './git.js';
import { readRemoteTrouble } from './git-messages.js';
import type { Network, NetworkResult } from './network.js';
import type { Base, Repository } from './repository.js';

/** What was fetched; `BaseCommit` of the line. */
export interface Fetched {
  readonly ref: string;
  readonly sha: string;
}

interface BaseTools {
  readonly git: Git;
  readonly network: Network;
  readonly repository: Repository;
}

/** Fetches the base's branch alone; no tags, no FETCH_HEAD, no other ref. */
export async function fetchBase(tools: BaseTools, signal: AbortSignal): Promise<Fetched> {
  const base = await tools.repository.base(signal);
  const result = await fetchBranch(tools.network, base, signal);
  if (result.exitCode !== 0) throw fetchFailure(base, result);
  return knownBase(tools, signal);
}

/** The base as it was fetched last. */
export async function knownBase({ git, repository }: BaseTools, signal: AbortSignal): Promise<Fetched> {
  const base = await repository.base(signal);
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${base.ref}^{commit}`];
  const result = await git.run(args, signal);
  if (result.exitCode !== 0) {
    throw new RegenError('environment', `${nameOf(base)} was never fetched`, {
      hint: `git fetch ${base.remote} ${base.branch}`,
    });
  }
  return { ref: nameOf(base), sha: result.stdout.trim() };
}

async function fetchBranch(network: Network, base: Base, signal: AbortSignal): Promise<NetworkResult> {
  // An empty refmap: the configured refspecs would move refs nobody asked for. Verbose: simple-git waits after silence.
  const options = [
    '--no-tags',
    '--no-write-fetch-head',
    '--no-prune',
    '--refmap=',
    '--verbose',
    '--progress',
  ];
  const args = ['fetch', ...options, base.remote, `+refs/heads/${base.branch}:${base.ref}`];
  for (let races = 0; ; races += 1) {
    const result = await network.run({ args }, signal);
    // Another step fetches the same ref at the same moment (`regen run --jobs`).
    const isRace = result.exitCode !== 0 && /cannot lock ref|unable to update local ref/.test(result.stderr);
    if (!isRace || races === mostRaces) return result;
  }
}

/** A fetch takes longer than the ref is locked, so that each try meets another holder. */
const mostRaces = 5;

function fetchFailure(base: Base, result: NetworkResult): RegenError {
  const what = `fetching ${nameOf(base)} failed: ${result.reason}`;
  if (result.isSilent) return new RegenError('wait', what, { hint: tryLater, waitsFor: 'network' });
  switch (readRemoteTrouble(result.stderr)) {
    case 'unreachable':
      return new RegenError('wait', what, { hint: tryLater, waitsFor: 'network' });
    case 'missing-branch':
      return new RegenError('environment', `${base.remote} has no branch ${base.branch}: ${result.reason}`, {
        hint: `Push it, or set base in regen.yaml; git ls-remote --heads ${base.remote} lists what is there.`,
      });
    case 'denied':
      return new RegenError('environment', what, {
        hint: `Give git access to ${base.remote}: "git fetch ${base.remote}" must work without asking anything.`,
      });
    case 'missing-repository':
      return new RegenError('environment', what, {
        hint: `See that the address is right: git remote get-url ${base.remote}.`,
      });
    case 'other':
      return new RegenError('environment', what, { hint: `See what "git fetch ${base.remote}" says.` });
  }
}

const tryLater = 'Nothing was changed; run regen again when the remote answers.';

function nameOf(base: Base): string {
  return `${base.remote}/${base.branch}`;
}
