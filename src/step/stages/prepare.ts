/** Looks at the branch before a token is spent, makes the worktree, sees to what the checks need. */
import path from 'node:path';
import type { ItemRef } from '../../model/attempt.js';
import { endAdoption, isAdoptionAllowed } from '../adoption.js';
import { ended } from '../journal.js';
import { fail, next, stageKey } from '../stage.js';
import type { Line, Stage, StageContext } from '../stage.js';
import type { RemoteBranch } from '../workspace-station.js';
import { reviewKey, workKey } from '../work-key.js';
import { checkPlace, hiddenFiles } from './place.js';
import { changeRequests } from './prompt-facts.js';
import { restoreWork } from './restore.js';

export const prepare: Stage = { name: 'prepare', run };

/** What prepare leaves to the stages after it. */
export interface Prepared {
  /** Relative to the repository's root. */
  readonly worktree: string;
  /** The remote branch's tip that the push may replace; null: there was none. */
  readonly expected: string | null;
  /** What the work is made from, see work-key.ts; null: noted by an older version. */
  readonly work: string | null;
  /** And how it is to be judged and recorded. */
  readonly review: string | null;
}

/** @throws RegenError when nothing could be shipped: to be known before a token is spent. */
export async function ensureShippable(
  { config, stations }: Pick<Line, 'config' | 'stations'>,
  signal: AbortSignal,
): Promise<void> {
  await stations.workspace.ensureCommitter(signal);
  if (config.ship.to === 'github') await (await stations.forge()).ensureAccess(signal);
}

async function run(context: StageContext) {
  const { config, stations, attempt, signal } = context;
  await ensureShippable(context, signal);
  const branch = stations.texts.branch(attempt);
  const tip =
    config.ship.to === 'local'
      ? await stations.workspace.localBranch(branch, attempt.base, signal)
      : await stations.workspace.remoteBranch(branch, attempt.base, signal);
  if (tip !== null && 'blockedBy' in tip) return fail(blockedBranch(branch, tip.blockedBy));
  const own = await context.journals.ownUuids(attempt);
  const mayAdopt = await isAdoptionAllowed(context.surroundings, attempt);
  // A target's one branch is gone on with, whoever has added to it.
  const isNew = config.ship.to === 'local' && config.ship.per !== 'target';
  const claim = planBranch(isNew ? neverMerged(tip) : tip, {
    ref: attempt,
    own,
    mayAdopt,
  });
  if (claim.kind === 'foreign') {
    const isRegens = claim.tip.owner !== null;
    const next = isRegens ? 'decide whose it is (--adopt takes it over)' : 'remove it or set ship.branch';
    return fail(foreignBranch(branch, claim.tip), { next });
  }
  await endAdoption(context.surroundings, attempt);
  const hidden = await hiddenFiles(context, signal);
  const worktree = await stations.workspace.open(attempt, hidden, signal);
  await restoreWork(context);
  await stations.checks.preflight(checkPlace(context, worktree), signal);
  return next({
    // Relative: a repository may be moved while an attempt is open.
    worktree: path.relative(context.surroundings.root, worktree),
    expected: claim.expected,
    work: workKey(config, await changeRequests(context)),
    review: reviewKey(config),
  });
}

/** What prepare left in the journal. */
export function prepared(context: Pick<StageContext, 'journal'>): Prepared {
  const data = ended(context.journal, stageKey('prepare', 0));
  const worktree = data?.['worktree'];
  const expected = data?.['expected'];
  if (typeof worktree !== 'string') throw new Error('prepare ended without a worktree in the journal');
  const work = data?.['work'];
  const review = data?.['review'];
  return {
    worktree,
    expected: typeof expected === 'string' ? expected : null,
    work: typeof work === 'string' ? work : null,
    review: typeof review === 'string' ? review : null,
  };
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
