/** Puts the artifacts where the pull request's readers can see them, before the commit. */
import path from 'node:path';
import { fail, next } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { checkPlace } from './place.js';
import { firstLine } from './check.js';
import { prepared } from './prepare.js';

export const publish: Stage = { name: 'publish', run };

async function run(context: StageContext): Promise<StageEnd> {
  if (context.config.publish === undefined) return next();
  const worktree = path.resolve(context.surroundings.root, prepared(context).worktree);
  const result = await context.stations.checks.publish(checkPlace(context, worktree), context.signal);
  return result.ok ? next() : fail(`publish failed: ${firstLine(result)}`, { results: [result] });
}
