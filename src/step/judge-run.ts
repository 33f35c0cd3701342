/** The judge's review of an item: one session, with one correction. */
import { unopened } from '../model/file-read.js';
import type { FileRead } from '../model/file-read.js';
import type { Grant } from './budget.js';
import { askTwice } from './ask-twice.js';
import type { Unanswered } from './ask-twice.js';
import type { JudgeQuestion, Judgement } from './judge-station.js';
import type { StageContext } from './stage.js';

interface Asked {
  readonly question: Extract<JudgeQuestion, { kind: 'question' }>;
  /** Which review it is; 0 is the first. */
  readonly review: number;
  readonly model: string;
  readonly cwd: string;
  /** For both turns. */
  readonly grant: Grant;
}

type Answered = Extract<Judgement, { kind: 'judged' }> | Unanswered;

/** An answer that is no good twice is a failed evaluation: a number is never made up. */
export async function askJudge(context: StageContext, { review, ...asked }: Asked): Promise<Answered> {
  const { judge } = context.stations;
  const { question } = asked;
  return askTwice<Extract<Judgement, { kind: 'judged' }>>(context, {
    ...asked,
    stage: 'evaluate',
    who: 'the judge',
    limit: 'evaluate.maxUsd',
    read: (answer, reads) => ofSeen(question, reads, judge.judge(question.rubric, answer, review)),
    correction: (problems) => judge.correction(problems),
  });
}

/** A score of what wasn't looked at is none. */
function ofSeen(
  { toOpen }: Pick<Asked['question'], 'toOpen'>,
  reads: readonly FileRead[],
  judgement: Judgement,
): Judgement {
  const problems = unopened(toOpen, reads);
  if (problems.length === 0) return judgement;
  const others = judgement.kind === 'malformed' ? judgement.problems : [];
  return { kind: 'malformed', problems: [...problems, ...others] };
}
