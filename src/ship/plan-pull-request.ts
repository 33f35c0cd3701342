/** Which of the pull requests seen for a branch is the attempt's. Pure. */
import type { FoundPullRequest } from '../model/forge.js';
import { parseMarker } from './marker.js';

export interface Ownership {
  /** The attempt's commit, 40 hex digits. */
  readonly headSha: string;
  readonly attempt: string;
  /** UUIDs of our earlier attempts at the item. */
  readonly earlier: readonly string[];
}

/**
 * `found`: this attempt's, whatever its state. `earlier`: an open one of an attempt before it, to be updated.
 * `foreign`: an open one that nobody of us made; the branch can't have a second one.
 */
export type PullRequestPlan =
  | { readonly kind: 'found' | 'earlier' | 'foreign'; readonly pullRequest: FoundPullRequest }
  | { readonly kind: 'create' };

/** `seen` are all pull requests from the branch, open, merged and closed, last month's among them. */
export function planPullRequest(own: Ownership, seen: readonly FoundPullRequest[]): PullRequestPlan {
  const open = seen.filter((one) => one.state === 'open');
  const attemptOf = (one: FoundPullRequest) => parseMarker(one.body)?.attempt;

  const found = best(seen.filter((one) => attemptOf(one) === own.attempt || one.headSha === own.headSha));
  if (found !== null) return { kind: 'found', pullRequest: found };

  const earlier = best(open.filter((one) => own.earlier.includes(attemptOf(one) ?? '')));
  if (earlier !== null) return { kind: 'earlier', pullRequest: earlier };

  const foreign = best(open);
  return foreign === null ? { kind: 'create' } : { kind: 'foreign', pullRequest: foreign };
}

const rank = { open: 0, merged: 1, closed: 2 } as const;

/** An open one before a merged one before a closed one, then the newest. */
function best(candidates: readonly FoundPullRequest[]): FoundPullRequest | null {
  const sorted = candidates.toSorted(
    (left, right) => rank[left.state] - rank[right.state] || right.number - left.number,
  );
  return sorted[0] ?? null;
}
