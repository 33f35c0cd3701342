/** Whether an item's branch may be written: it is ours, or nobody's. */
import type { Attempt, ItemRef } from '../../model/attempt.js';
import { isAdoptionAllowed } from '../adoption.js';
import { branchTip } from '../branch-tip.js';
import type { Line } from '../stage.js';
import type { RemoteBranch } from '../workspace-station.js';

type Claim =
  | { readonly kind: 'ours'; readonly expected: string | null }
  /** `next`: what a person can do. */
  | { readonly kind: 'refused'; readonly reason: string; readonly next: string | null };

/** Whether the branch may be written; the base tells what is merged. */
export async function claimBranch(
  {
    config,
    stations,
    journals,
    surroundings,
  }: Pick<Line, 'config' | 'stations' | 'journals' | 'surroundings'>,
  claimed: ItemRef & Pick<Attempt, 'members' | 'base'>,
  signal: AbortSignal,
): Promise<Claim> {
  const branch = stations.texts.branch(claimed);
  const tip = await branchTip({ config, stations }, { branch, base: claimed.base }, signal);
  if (tip !== null && 'blockedBy' in tip)
    return { kind: 'refused', reason: blockedBranch(branch, tip.blockedBy), next: null };
  const own = await journals.ownUuids(claimed);
  const mayAdopt = await isAdoptionAllowed(surroundings, claimed);
  // A target's one branch is gone on with, whoever has added to it.
  const isNew = config.ship.to === 'local' && config.ship.per !== 'target';
  const claim = planBranch(isNew ? neverMerged(tip) : tip, { ref: claimed, own, mayAdopt });
  if (claim.kind === 'ours') return claim;
  const isRegens = claim.tip.owner !== null;
  const next = isRegens ? 'decide whose it is (--adopt takes it over)' : 'remove it or set ship.branch';
  return { kind: 'refused', reason: foreignBranch(branch, claim.tip), next };
}

/** A local branch at the base's tip is somebody's new branch, not one that has served its purpose. */
function neverMerged(tip: RemoteBranch | null): RemoteBranch | null {
  return tip === null ? null : { ...tip, isMerged: false };
}

type BranchClaim =
  | { readonly kind: 'ours'; readonly expected: string | null }
  | { readonly kind: 'foreign'; readonly tip: RemoteBranch };

/**
 * A branch is ours only if its tip's attempt is in our journals; one that isn't is replaced only when it is merged into
 * the base already.
 */
export function planBranch(
  tip: RemoteBranch | null,
  ours: { readonly ref: ItemRef; readonly own: readonly string[]; readonly mayAdopt: boolean },
): BranchClaim {
  if (tip === null) return { kind: 'ours', expected: null };
  const { owner } = tip;
  const isOwn = owner !== null && ours.own.includes(owner.attempt);
  const isAdopted = ours.mayAdopt && owner?.target === ours.ref.target && owner.item === ours.ref.item;
  return isOwn || isAdopted || tip.isMerged ? { kind: 'ours', expected: tip.sha } : { kind: 'foreign', tip };
}

function blockedBranch(branch: string, other: string): string {
  return `branch ${branch} can't be made beside ${other}: remove or rename that one, or set ship.branch`;
}

function foreignBranch(branch: string, tip: RemoteBranch): string {
  const whose =
    tip.owner === null
      ? 'its tip carries no trailers of regen'
      : `its tip is attempt ${tip.owner.attempt} of a clone with other journals; "regen retry --adopt" takes it over`;
  return `branch ${branch} is there already (${tip.sha.slice(0, 7)}) and isn't ours: ${whose}`;
}
