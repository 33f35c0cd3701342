/** Decides how a branch is pushed. Pure. */

export type PushPlan =
  | { readonly kind: 'up-to-date' }
  /** `lease`: what must stand there at the moment of the push; '' for nothing. */
  | { readonly kind: 'create' | 'replace'; readonly lease: string }
  | { readonly kind: 'foreign'; readonly tip: string };

/**
 * @param local - the commit, and the tip that was looked at and found to be ours before a token was spent.
 * @param remote - the tip as it stands now; null when the branch isn't there. A branch that somebody removed meanwhile
 *   (most forges do so after a merge) holds nothing to lose.
 */
export function planPush(
  local: { readonly sha: string; readonly expected: string | null },
  remote: string | null,
): PushPlan {
  if (remote === null) return { kind: 'create', lease: '' };
  if (remote === local.sha) return { kind: 'up-to-date' };
  return remote === local.expected ? { kind: 'replace', lease: remote } : { kind: 'foreign', tip: remote };
}
