/** Pushes one commit to one branch. */
import { RegenError } from '../model/errors.js';
import { remoteTip } from './branches.js';
import { readRemoteTrouble } from './git-messages.js';
import type { Network, NetworkResult } from './network.js';
import { planPush } from './plan-push.js';
import type { PushRemote } from './push-remote.js';

/** What became of a push; `PushResult` of the line. */
export type Pushed =
  | { readonly kind: 'pushed' }
  | { readonly kind: 'foreign' | 'refused' | 'unreachable'; readonly detail: string };

export interface PushRequest {
  readonly sha: string;
  readonly branch: string;
  readonly expected: string | null;
}

interface PushTools {
  readonly network: Network;
  readonly remote: PushRemote;
}

/**
 * Pushes with a lease on what was seen. Only when that turns out stale, or is refused, is the remote asked again: the usual
 * push is one round trip.
 *
 * @throws RegenError `environment` when the remote refuses the login: no item is at fault.
 */
export async function pushBranch(
  tools: PushTools,
  request: PushRequest,
  signal: AbortSignal,
): Promise<Pushed> {
  const first = await pushOnce(tools, request, request.expected ?? '', signal);
  if (first.kind === 'pushed' || first.kind === 'unreachable') return first;
  const tip = await remoteTip(tools, request.branch, signal);
  const plan = planPush(request, tip);
  switch (plan.kind) {
    case 'up-to-date':
      return { kind: 'pushed' };
    case 'create':
    case 'replace':
      // What the other side refuses it refuses again.
      return first.kind === 'refused' ? first : pushOnce(tools, request, plan.lease, signal);
    case 'foreign':
      return { kind: 'foreign', detail: `it stands at ${plan.tip.slice(0, 7)}, which is not ours` };
  }
}

async function pushOnce(
  { network, remote }: PushTools,
  { sha, branch }: PushRequest,
  lease: string,
  signal: AbortSignal,
): Promise<Pushed> {
  const ref = `refs/heads/${branch}`;
  const options = ['--porcelain', '--progress', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
  const args = ['push', ...options, `--force-with-lease=${ref}:${lease}`, remote.name, `${sha}:${ref}`];
  const result = await network.run({ args, env: remote.pushEnv }, signal);
  return readPush(result, ref) ?? withoutAnswer(remote, result);
}

/** Reads `<flag>\t<from>:<to>\t<summary>`; null when the remote didn't get as far as answering. */
function readPush(result: NetworkResult, ref: string): Pushed | null {
  const line = result.stdout.split('\n').find((one) => one.split('\t')[1]?.endsWith(`:${ref}`));
  if (line === undefined) return result.exitCode === 0 ? { kind: 'pushed' } : null;
  if (!line.startsWith('!')) return { kind: 'pushed' };
  const summary = line.split('\t')[2] ?? '';
  // "rejected" is git's own decision here, "remote rejected" the other side's (hooks, protected branches).
  const kind = /^\[rejected\]/.test(summary) ? 'foreign' : 'refused';
  return { kind, detail: `${summary}: ${result.reason}` };
}

function withoutAnswer(remote: PushRemote, result: NetworkResult): Pushed {
  if (result.isSilent) return { kind: 'unreachable', detail: result.reason };
  switch (readRemoteTrouble(result.stderr)) {
    case 'unreachable':
      return { kind: 'unreachable', detail: result.reason };
    case 'denied':
    case 'missing-repository':
      throw new RegenError('environment', `pushing to ${remote.shownUrl} failed: ${result.reason}`, {
        hint: remote.hasToken
          ? 'The token in GITHUB_TOKEN or GH_TOKEN may not write there: it needs contents: write on the repository.'
          : 'Give git access to that address, or set GITHUB_TOKEN for a remote on GitHub over https.',
      });
    case 'missing-branch':
    case 'other':
      return { kind: 'refused', detail: result.reason };
  }
}
