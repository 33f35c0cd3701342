/** Puts the artifacts where the pull request's readers can see them, before the commit. */
import path from 'node:path';
import { presentWork } from '../best-work.js';
import { fail, next } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { checkPlace } from './place.js';
import { firstLine } from './check.js';
import { prepared } from './prepare.js';

export const publish: Stage = { name: 'publish', run };

async function run(context: StageContext): Promise<StageEnd> {
  if (context.config.publish === undefined) return next();
  const worktree = path.resolve(context.surroundings.root, prepared(context).worktree);
  const before = await presentWork(context);
  const result = await context.stations.checks.publish(checkPlace(context, worktree), context.signal);
  if (!result.ok) return fail(`publish failed: ${firstLine(result)}`, { results: [result] });
  const isSame = (await presentWork(context))?.tree === before?.tree;
  return isSame ? next() : fail('publish: the item’s files were changed while it ran, after their checks');
}
