/** What blocks are read from and shipments are made on: the fetched base, or the target's one branch as we left it. */
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import type { Line } from '../stage.js';

/** 40 hex digits. */
export async function baseFor(line: Line, plan: Plan, signal: AbortSignal): Promise<string> {
  const { config, stations, journals } = line;
  const { sha } = await stations.workspace.fetchBase(signal);
  if (config.ship.per !== 'target') return sha;
  const ref = { target: plan.target, item: 'all' };
  const branch = stations.texts.branch(ref);
  const tip =
    config.ship.to === 'local'
      ? await stations.workspace.localBranch(branch, sha, signal)
      : await stations.workspace.remoteBranch(branch, sha, signal);
  if (tip === null || !('sha' in tip) || tip.owner === null || tip.isMerged) return sha;
  // Of this plan: what an earlier one left there is not gone on with.
  const own = (await journals.attempts(planKey(plan), ref)).map(({ attempt }) => attempt.uuid);
  return own.includes(tip.owner.attempt) ? tip.sha : sha;
}
