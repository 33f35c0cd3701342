import { planKey } from '../model/plan.js';
import type { StageContext } from './stage.js';

/** What a person did to the item's line while the step ran, as a sentence; null when it still stands `[ ]`. */
export async function whatAPersonDid(context: Omit<StageContext, 'round'>): Promise<string | null> {
  const { attempt, stations } = context;
  const plan = await stations.plans.read();
  if (plan === null || planKey(plan) !== attempt.plan || plan.target !== attempt.target) {
    return 'the plan is gone: it was removed while the step ran';
  }
  const line = plan.items.find(({ id }) => id === attempt.item);
  if (line === undefined) return 'the item’s line was taken out of the plan while the step ran';
  return line.state === 'todo' ? null : `the item was marked ${line.state} by hand while the step ran`;
}
