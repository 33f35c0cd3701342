/** An improvement may make the work worse, or break it: what was reviewed best is remembered, and gone back to. */
import type { JournalRecord } from '../model/attempt.js';
import type { Change } from '../model/change.js';
import type { Evaluation } from '../model/verdict.js';
import { backTo } from './stage.js';
import type { StageContext, StageEnd } from './stage.js';
import { isReview, readEvaluation } from './stages/evaluated.js';
import { isUntouched } from './watch.js';
import { writesOf } from '../model/writes.js';

/** Work that was there when it was reviewed. */
export interface ReviewedWork {
  /** Id of a git tree. */
  readonly tree: string;
  readonly evaluation: Evaluation;
}

/** What is in the worktree now. */
export interface PresentWork {
  readonly tree: string;
  readonly changes: readonly Change[];
}

/** Every review of the attempt whose work can be gone back to, in their order. */
export function reviewedWorks(records: readonly JournalRecord[]): readonly ReviewedWork[] {
  return records.filter(isReview).flatMap(({ data }) => {
    const evaluation = readEvaluation(data);
    const tree = data['tree'];
    return evaluation === null || typeof tree !== 'string' ? [] : [{ tree, evaluation }];
  });
}

/** The one with the highest score; of equals the first, which cost least. */
export function bestOf(works: readonly ReviewedWork[]): ReviewedWork | null {
  return works.reduce<ReviewedWork | null>(
    (best, work) => (best === null || work.evaluation.score > best.evaluation.score ? work : best),
    null,
  );
}

/** null: there is something in it that must not be. */
export async function presentWork(context: StageContext): Promise<PresentWork | null> {
  const { attempt, config, signal, stations } = context;
  const guard = await stations.workspace.guard(attempt, writesOf(config.items), signal);
  if (guard.kind === 'violated') return null;
  const changes = guard.kind === 'clean' ? guard.changes : [];
  const paths = changes.map((change) => change.path);
  return { tree: await stations.workspace.snapshot(attempt, paths, signal), changes };
}

/** Brings the worktree to where the review saw it; the checks run again there, and make their products anew. */
export async function goBackTo(
  context: StageContext,
  best: ReviewedWork,
  { changes }: Pick<PresentWork, 'changes'>,
): Promise<void> {
  const { attempt, signal, stations, surroundings } = context;
  surroundings.progress(`${attempt.item}: goes back to the work that scored ${best.evaluation.score}`);
  await stations.workspace.revert(attempt, { tree: best.tree, changes }, signal);
}

/**
 * What an improvement that failed comes to: back to the checks with the best that was reviewed, or the failure itself when
 * nothing was, when that is what failed, or when something lies in the worktree that must not.
 */
export async function orFallBack(context: StageContext, failure: StageEnd): Promise<StageEnd> {
  const best = bestOf(reviewedWorks(context.journal.records()));
  if (best === null || failure.result.kind !== 'fail') return failure;
  // git may be asked nothing while its settings are not what a person made of them.
  if (!(await isUntouched(context))) return failure;
  const present = await presentWork(context);
  if (present === null || present.tree === best.tree) return failure;
  context.surroundings.progress(`${context.attempt.item}: the improvement failed: ${failure.result.reason}`);
  await goBackTo(context, best, present);
  return backTo('check', failure.data);
}
