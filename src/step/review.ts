/** A review of what is there: the judge's, or one that a session hands in. */
import path from 'node:path';
import type { Config } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import { compileGlob } from '../model/glob.js';
import type { Evaluation } from '../model/verdict.js';
import type { PresentWork } from './best-work.js';
import { grantUsd, moneyUsedUp, outOfShare } from './budget.js';
import { askJudge } from './judge-run.js';
import type { JudgeQuestion } from './judge-station.js';
import { fail, failUnjudged } from './stage.js';
import type { HandedInReview, StageContext, StageEnd } from './stage.js';
import { checkPlace } from './stages/place.js';
import { prepared } from './stages/prepare.js';
import { changeRequests } from './stages/prompt-facts.js';
import { agentFailures } from './taxonomy.js';
import { writesOf } from '../model/writes.js';

/** What the judge says of what is there; what code rejects costs nothing. */
export async function reviewOf(
  context: StageContext,
  present: PresentWork | null,
  review: number,
): Promise<Reviewed> {
  const question = await reviewQuestion(context, present);
  switch (question.kind) {
    case 'incomplete':
      return { kind: 'failed', end: fail(`evaluation: ${question.reason}`) };
    case 'rejected':
      return { kind: 'judged', evaluation: question.evaluation };
    case 'question':
      return context.review === undefined
        ? paidReview(context, { question, review, worktree: worktreeOf(context) })
        : handedIn(context, context.review, { question, review });
  }
}

/** What a reviewer of what is there is asked. */
export async function reviewQuestion(
  context: StageContext,
  present: PresentWork | null,
): Promise<JudgeQuestion> {
  const { attempt, stations, signal } = context;
  const changed = present?.changes.map((change) => change.path) ?? [];
  const tree = stations.workspace.tree(attempt.base);
  const files = await itemFiles(context, changed);
  const place = checkPlace(context, worktreeOf(context));
  const requests = await changeRequests(context);
  return stations.judge.question({ ...place, tree, files, changeRequests: requests }, signal);
}

function worktreeOf(context: StageContext): string {
  return path.resolve(context.surroundings.root, prepared(context).worktree);
}

/**
 * A session's own review, added up and weighed like any other.
 *
 * @throws RegenError `usage` with every flaw; the session hands in a better one.
 */
function handedIn(
  { stations }: StageContext,
  { answer }: HandedInReview,
  { question, review }: Pick<Review, 'question' | 'review'>,
): Reviewed {
  const judged = stations.judge.judge(question.rubric, answer, review);
  if (judged.kind === 'judged') return judged;
  const flaws = judged.problems.map((problem) => `- ${problem}`);
  throw new RegenError('usage', ['the evaluation can’t be used:', ...flaws].join('\n'), {
    hint: 'Nothing was scored. "regen item evaluate --question" prints the rubric and the schema of the answer.',
  });
}

interface Review {
  readonly question: Extract<JudgeQuestion, { kind: 'question' }>;
  /** 0 is the first. */
  readonly review: number;
  readonly worktree: string;
}

type Reviewed =
  | { readonly kind: 'judged'; readonly evaluation: Evaluation }
  | { readonly kind: 'failed'; readonly end: StageEnd };

async function paidReview(context: StageContext, { question, review, worktree }: Review): Promise<Reviewed> {
  const { model, maxUsd } = evaluationOf(context.config);
  await using grant = await grantUsd(context, { atMost: maxUsd, atLeast: maxUsd });
  if (grant === null) {
    return { kind: 'failed', end: failUnjudged(moneyUsedUp, { next: agentFailures.max_budget.next }) };
  }
  const judged = await askJudge(context, { question, review, model, cwd: worktree, grant });
  if (judged.kind === 'judged') return judged;
  if (judged.isOutOfMoney && grant.isShare) throw await outOfShare(context);
  return { kind: 'failed', end: failUnjudged(`evaluation: ${judged.reason}`) };
}

function evaluationOf({ evaluate }: Config): NonNullable<Config['evaluate']> {
  if (evaluate === undefined) throw new Error('nothing is evaluated without an evaluate section');
  return evaluate;
}

/** What `writes` comes to: the base's files, and what the agent has added. */
async function itemFiles(
  { attempt, config, stations, signal }: StageContext,
  changed: readonly string[],
): Promise<readonly string[]> {
  const { target, item } = attempt;
  const globs = writesOf(config.items).map((source) => compileGlob(source, { target, item }));
  const entries = await stations.workspace.tree(attempt.base).entries(signal);
  const paths = [...entries.map((entry) => entry.path), ...changed];
  return [...new Set(paths)].filter((file) => globs.some((glob) => glob.match(file) !== null)).sort();
}
