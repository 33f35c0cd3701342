/** Writes the verdict into the item's metadata and header, before the commit. */
import path from 'node:path';
import { authorModel } from '../author-model.js';
import { fail, next } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { currentEvaluation } from './evaluated.js';
import { parentIssue } from './parent-issue.js';
import { checkPlace } from './place.js';
import { firstLine } from './check.js';
import { prepared } from './prepare.js';

export const record: Stage = { name: 'record', run };

async function run(context: StageContext): Promise<StageEnd> {
  const { attempt, config, stations, surroundings, signal } = context;
  if (config.record === undefined) return next();
  const worktree = path.resolve(surroundings.root, prepared(context).worktree);
  const facts = {
    evaluation: currentEvaluation(context.journal),
    parentIssue: await parentIssue(context),
    model: await authorModel(context),
    base: stations.workspace.tree(attempt.base),
  };
  const result = await stations.recorder.record(checkPlace(context, worktree), facts, signal);
  for (const note of result.notes) surroundings.progress(`${attempt.item}: record: ${note}`);
  return result.ok
    ? next({ results: [result] })
    : fail(`record: ${firstLine(result)}`, { results: [result] });
}
