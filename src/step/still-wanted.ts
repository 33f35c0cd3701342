import { membersOf } from '../model/attempt.js';
import { planKey } from '../model/plan.js';
import type { StageContext } from './stage.js';

/** What a person did to the item's line while the step ran, as a sentence; null when it still stands `[ ]`. */
export async function whatAPersonDid(context: Omit<StageContext, 'round'>): Promise<string | null> {
  const { attempt, stations } = context;
  const plan = await stations.plans.read();
  if (plan === null || planKey(plan) !== attempt.plan || plan.target !== attempt.target) {
    return 'the plan is gone: it was removed while the step ran';
  }
  const states = new Map(plan.items.map(({ id, state }) => [id, state]));
  for (const id of membersOf(attempt)) {
    const state = states.get(id);
    const which = attempt.pack === undefined ? 'the item' : id;
    if (state === undefined) return `${which}’s line was taken out of the plan while the step ran`;
    if (state !== 'todo') return `${which} was marked ${state} by hand while the step ran`;
  }
  return null;
}
