/** Items whose branch somebody has added to, or has replaced, since it was shipped: told before they are asked about. */
import { formatInstant } from '../../model/instant.js';
import { planKey } from '../../model/plan.js';
import type { PackedItem } from '../../model/step-result.js';
import { claimBranch } from '../stages/claim-branch.js';
import { isPushed } from '../stages/shipped-data.js';
import { packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import { historyOf } from './history.js';
import { isLost } from './units.js';

/** Only an item that was shipped before, and is to be done again, has such a branch: any other gets a name that is free. */
export async function failForeign(packLine: PackLine): Promise<readonly PackedItem[]> {
  const { line, plan, base, signal } = packLine;
  if (line.config.ship.per !== 'item') return [];
  const history = historyOf(await packsOfPlan(packLine));
  const now = await line.stations.plans.read();
  const failed: PackedItem[] = [];
  for (const { id, state } of now?.items ?? []) {
    const isOpen = state === 'todo' && (history.get(id)?.answer ?? null) === null;
    const ref = { target: plan.target, item: id };
    const attempts = isOpen ? await line.journals.attempts(planKey(plan), ref) : [];
    if (!attempts.some(isPushed)) continue;
    const claim = await claimBranch(line, { ...ref, base }, signal);
    // What another clone has gets another name.
    if (claim.kind === 'refused' && !(await isLost(packLine, id)))
      failed.push({ id, outcome: 'failed', reason: claim.reason, pr: null });
  }
  return markFailed(packLine, failed);
}

async function markFailed(
  { line, plan, signal }: PackLine,
  failed: readonly PackedItem[],
): Promise<readonly PackedItem[]> {
  if (failed.length === 0) return [];
  const at = formatInstant(line.surroundings.now());
  const marks = failed.map(({ id, reason }) => ({
    ...{ item: id, from: ['todo'] as const, to: 'failed' as const },
    log: `FAILED: ${reason ?? ''} (${at})`,
  }));
  const marked = new Set(await line.stations.plans.markAll({ plan: planKey(plan), marks }, signal));
  return failed.filter(({ id }) => marked.has(id));
}
