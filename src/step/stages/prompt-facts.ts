import path from 'node:path';
import { membersOf } from '../../model/attempt.js';
import { writesOf } from '../../model/writes.js';
import type { StageContext } from '../stage.js';
import type { PromptFacts } from '../stations.js';

/** What the prompt is made of; change requests are read again each time, an editor may have changed them. */
export async function promptFacts(
  context: Omit<StageContext, 'round'>,
  worktree: string,
): Promise<PromptFacts> {
  const { attempt, config, stations, surroundings } = context;
  return {
    target: attempt.target,
    item: attempt.item,
    tree: stations.workspace.tree(attempt.base),
    worktree: path.resolve(surroundings.root, worktree),
    writes: writesOf(config.items),
    changeRequests: await changeRequests(context),
  };
}

/** What the plan demands of the item, besides its task. */
export async function changeRequests({
  attempt,
  stations,
}: Omit<StageContext, 'round'>): Promise<readonly string[]> {
  const members = membersOf(attempt);
  const plan = await stations.plans.read();
  return plan?.changeRequests.filter(({ item }) => members.includes(item)).map(({ text }) => text) ?? [];
}
