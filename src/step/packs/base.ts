/** What blocks are read from and shipments are made on: the fetched base, or the target's one branch as it stands. */
import type { ItemRef } from '../../model/attempt.js';
import { RegenError } from '../../model/errors.js';
import { sha7 } from '../../model/format.js';
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import { branchTip } from '../branch-tip.js';
import type { Line } from '../stage.js';
import { hasLanded, pushedSha, shippedData } from '../stages/shipped-data.js';
import type { RemoteBranch } from '../workspace-station.js';
import type { TakenNames } from './taken-names.js';
import { targetUnit } from './units.js';

export interface Basing {
  readonly plan: Plan;
  /** Whether something is shipped from here on: then somebody else's branch of that name is in the way. */
  readonly isShipping: boolean;
  readonly taken: TakenNames;
}

/** 40 hex digits each. */
interface Bases {
  readonly base: string;
  /** The fetched base, which rules are read from. */
  readonly rules: string;
}

/**
 * @throws RegenError `environment` when the target's branch is in somebody else's hands.
 */
export async function baseFor(
  line: Line,
  { plan, isShipping, taken }: Basing,
  signal: AbortSignal,
): Promise<Bases> {
  const { config, stations } = line;
  const { sha } = await stations.workspace.fetchBase(signal);
  const fetched = { base: sha, rules: sha };
  if (config.ship.per !== 'target') return fetched;
  const item = await targetUnit({ line, plan, taken, rules: sha, signal });
  if (item === null) return fetched;
  const ref = { target: plan.target, item };
  const branch = stations.texts.branch(ref);
  const tip = await branchTip(line, { branch, base: sha }, signal);
  if (tip === null || !('sha' in tip) || tip.isMerged) return fetched;
  if (await isOurs(line, { plan, ref, tip }, signal)) return { base: tip.sha, rules: sha };
  if (isShipping) throw foreign(branch, tip);
  return fetched;
}

/** What somebody has added to it stays, below what comes. */
async function isOurs(
  { journals, stations }: Line,
  { plan, ref, tip }: { readonly plan: Plan; readonly ref: ItemRef; readonly tip: RemoteBranch },
  signal: AbortSignal,
): Promise<boolean> {
  const own = await journals.attempts(planKey(plan), ref);
  if (own.some(({ attempt }) => attempt.uuid === tip.owner?.attempt)) return true;
  const last = own
    .filter(hasLanded)
    .flatMap((journal) => shippedData(journal).sha ?? pushedSha(journal) ?? [])
    .at(-1);
  return last !== undefined && (await stations.workspace.isAncestor(last, tip.sha, signal));
}

function foreign(branch: string, { sha }: RemoteBranch): RegenError {
  return new RegenError(
    'environment',
    `branch ${branch} is there already (${sha7(sha)}), and nothing that regen shipped for this plan is below its tip`,
    {
      hint: 'Merge it, remove it, or set ship.branch; nothing is lost, and what is answered already is kept.',
    },
  );
}
