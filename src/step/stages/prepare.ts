/** Looks at the branch before a token is spent, makes the worktree, sees to what the checks need. */
import path from 'node:path';
import { endAdoption } from '../adoption.js';
import { ended } from '../journal.js';
import { fail, next, stageKey } from '../stage.js';
import type { Line, Stage, StageContext } from '../stage.js';
import { reviewKey, workKey } from '../work-key.js';
import { claimBranch } from './claim-branch.js';
import { checkPlace, hiddenFiles } from './place.js';
import { changeRequests } from './prompt-facts.js';
import { restoreWork } from './restore.js';

export const prepare: Stage = { name: 'prepare', run };

/** What prepare leaves to the stages after it. */
export interface Prepared {
  /** Relative to the repository's root. */
  readonly worktree: string;
  /** The remote branch's tip that the push may replace; null: there was none. */
  readonly expected: string | null;
  /** What the work is made from, see work-key.ts; null: noted by an older version. */
  readonly work: string | null;
  /** And how it is to be judged and recorded. */
  readonly review: string | null;
}

/** @throws RegenError when nothing could be shipped: to be known before a token is spent. */
export async function ensureShippable(
  { config, stations }: Pick<Line, 'config' | 'stations'>,
  signal: AbortSignal,
): Promise<void> {
  await stations.workspace.ensureCommitter(signal);
  if (config.ship.to === 'github') await (await stations.forge()).ensureAccess(signal);
}

async function run(context: StageContext) {
  const { config, stations, attempt, signal } = context;
  await ensureShippable(context, signal);
  const claim = await claimBranch(context, attempt, signal);
  if (claim.kind === 'refused') return fail(claim.reason, claim.next === null ? {} : { next: claim.next });
  await endAdoption(context.surroundings, attempt);
  const hidden = await hiddenFiles(context, signal);
  const worktree = await stations.workspace.open(attempt, hidden, signal);
  await restoreWork(context);
  await stations.checks.preflight(checkPlace(context, worktree), signal);
  return next({
    // Relative: a repository may be moved while an attempt is open.
    worktree: path.relative(context.surroundings.root, worktree),
    expected: claim.expected,
    work: workKey(config, await changeRequests(context)),
    review: reviewKey(config),
  });
}

/** What prepare left in the journal. */
export function prepared(context: Pick<StageContext, 'journal'>): Prepared {
  const data = ended(context.journal, stageKey('prepare', 0));
  const worktree = data?.['worktree'];
  const expected = data?.['expected'];
  if (typeof worktree !== 'string') throw new Error('prepare ended without a worktree in the journal');
  const work = data?.['work'];
  const review = data?.['review'];
  return {
    worktree,
    expected: typeof expected === 'string' ? expected : null,
    work: typeof work === 'string' ? work : null,
    review: typeof review === 'string' ? review : null,
  };
}
