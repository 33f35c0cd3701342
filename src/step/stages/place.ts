import path from 'node:path';
import type { StageContext } from '../stage.js';
import type { CheckPlace } from '../stations.js';

/** Where the commands of the repository run, and where their artifacts go. */
export function checkPlace(context: StageContext, worktree: string): CheckPlace {
  const { attempt, round } = context;
  return { attempt, cwd: worktree, round, artifacts: path.join(attempt.directory, 'artifacts') };
}
