/** The judge's session: the question, and one correction when the answer can't be used. */
import type { Evaluation } from '../model/verdict.js';
import { resultOf, runBooked } from './agent-run.js';
import type { RunResult } from './agent-run.js';
import type { JudgeQuestion } from './judge-station.js';
import type { StageContext } from './stage.js';
import { failureText } from './taxonomy.js';

interface Asked {
  readonly question: Extract<JudgeQuestion, { kind: 'question' }>;
  /** Which review it is; 0 is the first. */
  readonly review: number;
  readonly model: string;
  readonly cwd: string;
  /** US dollars for both turns. */
  readonly maxUsd: number;
}

type Answered =
  | { readonly kind: 'judged'; readonly evaluation: Evaluation }
  | { readonly kind: 'failed'; readonly reason: string };

/** An answer that is no good twice is a failed evaluation: a number is never made up. */
export async function askJudge(context: StageContext, asked: Asked): Promise<Answered> {
  const { judge } = context.stations;
  const { question, review, maxUsd } = asked;
  const session = context.surroundings.newId();
  const first = await turn(context, asked, { session, maxUsd, correction: null });
  if (first.result.kind === 'failed' && !isAnswerMissing(first.result)) return failed(first.result);
  const judged = judge.judge(question.rubric, answerOf(first.result), review);
  if (judged.kind === 'judged') return judged;

  const left = maxUsd - first.costUsd;
  if (left <= 0) return { kind: 'failed', reason: `${listed(judged.problems)}; evaluate.maxUsd is used up` };
  const correction = judge.correction(judged.problems);
  const second = await turn(context, asked, { session, maxUsd: left, correction });
  if (second.result.kind === 'failed' && !isAnswerMissing(second.result)) return failed(second.result);
  const again = judge.judge(question.rubric, answerOf(second.result), review);
  return again.kind === 'judged' ? again : { kind: 'failed', reason: listed(again.problems) };
}

interface Turn {
  readonly session: string;
  readonly maxUsd: number;
  /** null: the first turn. */
  readonly correction: string | null;
}

async function turn(
  context: StageContext,
  { question, model, cwd }: Asked,
  { session, maxUsd, correction }: Turn,
): Promise<{ readonly result: RunResult; readonly costUsd: number }> {
  const report = await runBooked(context, {
    stage: 'evaluate',
    effect: correction === null ? 'run' : 'correction',
    sessionId: session,
    resume: correction !== null,
    cwd,
    prefix: question.prefix,
    prefixHash: question.prefixHash,
    message: correction ?? question.message,
    model,
    maxUsd,
    schema: question.schema,
    readOnly: { folders: question.folders },
  });
  return { result: resultOf(report.outcome), costUsd: report.reportedCostUsd ?? 0 };
}

function isAnswerMissing(result: Extract<RunResult, { kind: 'failed' }>): boolean {
  return result.failure === 'no_structured_output';
}

function answerOf(result: RunResult): unknown {
  return result.kind === 'completed' ? result.structured : null;
}

function failed(result: Extract<RunResult, { kind: 'failed' }>): Answered {
  return { kind: 'failed', reason: `the judge: ${failureText(result)}` };
}

function listed(problems: readonly string[]): string {
  const more = problems.length > 3 ? ` and ${problems.length - 3} more flaws` : '';
  return `the judge’s answer can’t be used: ${problems.slice(0, 3).join('; ')}${more}`;
}
