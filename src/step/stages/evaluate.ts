/** The judge's review: a run of its own that only reads. Its score decides whether the work is improved or goes on. */
import type { Config } from '../../model/config.js';
import type { Evaluation } from '../../model/verdict.js';
import { remainingUsd } from '../budget.js';
import { reviewOf } from '../review.js';
import { acceptedUnchanged, backTo, fail, next, unchanged } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { bestOf, goBackTo, presentWork, reviewedWorks } from '../best-work.js';
import { reviewsSoFar } from './evaluated.js';

export const evaluate: Stage = { name: 'evaluate', run };

async function run(context: StageContext): Promise<StageEnd> {
  const { attempt, config, journal, stations, surroundings } = context;
  if (config.evaluate === undefined) return next();
  const present = await presentWork(context);
  const works = reviewedWorks(journal.records());
  const known = works.find(({ tree }) => tree === present?.tree) ?? null;
  const review = reviewsSoFar(journal);
  const reviewed =
    known === null ? await reviewOf(context, present, review) : ({ kind: 'judged', ...known } as const);
  if (reviewed.kind === 'failed') return reviewed.end;
  if (known === null && (await presentWork(context))?.tree !== present?.tree) return disturbed(context);
  // Its worth is that of the last review: what is accepted may be less by then.
  const verdict = stations.judge.verdict(
    reviewed.evaluation,
    known === null ? review : Math.max(0, review - 1),
  );
  const evaluation = { ...reviewed.evaluation, verdict };
  surroundings.progress(`${attempt.item}: score ${evaluation.score}, ${evaluation.verdict}`);
  const left = await remainingUsd(context);
  const decision = afterReview(evaluation, config.evaluate, {
    // Work that was reviewed before was gone back to: nothing better is to be expected.
    review: known === null ? review : Infinity,
    canPay: left === null || left > 0,
    isUnchanged: present?.changes.length === 0,
  });
  const data = {
    evaluation,
    ...(present === null ? {} : { tree: present.tree }),
    ...(context.review !== undefined && known === null ? { by: 'session' } : {}),
  };
  const best = bestOf(works);
  if (decision.kind === 'improve' || present === null || best === null) return stageEnd(decision, data);
  if (best.evaluation.score <= evaluation.score) return stageEnd(decision, data);
  await goBackTo(context, best, present);
  return backTo('check', data);
}

/** What was reviewed isn't what is there any more, and its score is nobody's. */
function disturbed({ attempt, journal, surroundings }: StageContext): StageEnd {
  const reason = 'the files were changed while they were reviewed';
  if (journal.records().some(({ data }) => data['isDisturbed'] === true))
    return fail(`evaluation: ${reason}`);
  surroundings.progress(`${attempt.item}: ${reason}: they are checked anew`);
  return backTo('check', { isDisturbed: true });
}

type Decision =
  | { readonly kind: 'go on' | 'improve' | 'unchanged' }
  | { readonly kind: 'leave' | 'fail'; readonly reason: string };

interface Circumstances {
  /** Which review it was; 0 is the first. */
  readonly review: number;
  /** Whether there is money left for an improvement. */
  readonly canPay: boolean;
  /** Whether what was judged is what the base has. */
  readonly isUnchanged: boolean;
}

/** What follows from a review. Pure. */
export function afterReview(
  { score, verdict }: Pick<Evaluation, 'score' | 'verdict'>,
  {
    improve,
    reject,
    belowReject,
  }: Pick<NonNullable<Config['evaluate']>, 'improve' | 'reject' | 'belowReject'>,
  { review, canPay, isUnchanged }: Circumstances,
): Decision {
  if (verdict === 'APPROVED') return { kind: isUnchanged ? 'unchanged' : 'go on' };
  if (review < improve && canPay) return { kind: 'improve' };
  if (score < reject && belowReject === 'fail') {
    return { kind: 'fail', reason: `the score is ${score}, below ${reject} (evaluate.reject)` };
  }
  if (isUnchanged) return { kind: 'leave', reason: `${leftAlone}, and its score isn’t accepted` };
  return { kind: 'go on' };
}

const leftAlone = 'the agent left the item as it was';

function stageEnd(
  decision: Decision,
  data: { readonly evaluation: Evaluation; readonly tree?: string },
): StageEnd {
  switch (decision.kind) {
    case 'go on':
      return next(data);
    case 'improve':
      return backTo('agent', data);
    case 'unchanged':
      return acceptedUnchanged(leftAlone, data);
    case 'leave':
      return unchanged(decision.reason, data);
    case 'fail':
      return fail(decision.reason, data);
  }
}
