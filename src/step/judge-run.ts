/** The judge's session: the question, and one correction when the answer can't be used. */
import type { Evaluation } from '../model/verdict.js';
import { resultOf, runBooked } from './agent-run.js';
import type { BookedRun, RunResult } from './agent-run.js';
import { dearestUsd, factorOf, isCutShort } from './binary-limit.js';
import type { Grant } from './budget.js';
import type { JudgeQuestion } from './judge-station.js';
import type { StageContext } from './stage.js';
import { failureText } from './taxonomy.js';

interface Asked {
  readonly question: Extract<JudgeQuestion, { kind: 'question' }>;
  /** Which review it is; 0 is the first. */
  readonly review: number;
  readonly model: string;
  readonly cwd: string;
  /** For both turns. */
  readonly grant: Grant;
}

type Answered =
  | { readonly kind: 'judged'; readonly evaluation: Evaluation }
  | { readonly kind: 'failed'; readonly reason: string; readonly isOutOfMoney: boolean };

/** An answer that is no good twice is a failed evaluation: a number is never made up. */
export async function askJudge(context: StageContext, asked: Asked): Promise<Answered> {
  const { judge } = context.stations;
  const { question, review, grant } = asked;
  const session = context.surroundings.newId();
  const first = await turn(context, asked, { session, maxUsd: grant.maxUsd, correction: null });
  if (first.result.kind === 'failed' && !isAnswerMissing(first.result)) return failed(first.result);
  const judged = judge.judge(question.rubric, answerOf(first.result), review);
  if (judged.kind === 'judged') return judged;

  const left = grant.maxUsd === null ? null : grant.maxUsd - first.costUsd;
  if (left !== null && left <= 0) {
    const reason = `${listed(judged.problems)}; evaluate.maxUsd is used up`;
    return { kind: 'failed', reason, isOutOfMoney: true };
  }
  const correction = judge.correction(judged.problems);
  const second = await turn(context, asked, { session, maxUsd: left, correction });
  if (second.result.kind === 'failed' && !isAnswerMissing(second.result)) return failed(second.result);
  const again = judge.judge(question.rubric, answerOf(second.result), review);
  if (again.kind === 'judged') return again;
  return { kind: 'failed', reason: listed(again.problems), isOutOfMoney: false };
}

interface Turn {
  readonly session: string;
  readonly maxUsd: number | null;
  /** null: the first turn. */
  readonly correction: string | null;
}

/** Goes on in the session when the binary, by its own prices, ends it before its money is used up. */
async function turn(
  context: StageContext,
  { question, model, cwd, grant }: Asked,
  { session, maxUsd, correction }: Turn,
): Promise<{ readonly result: RunResult; readonly costUsd: number }> {
  const { stations, surroundings } = context;
  let order = { resume: correction !== null, message: correction ?? question.message, factor: 1 };
  let costUsd = 0;
  for (;;) {
    const report = await runBooked(context, {
      ...order,
      stage: 'evaluate',
      effect: correction === null ? 'run' : 'correction',
      sessionId: session,
      cwd,
      prefix: question.prefix,
      prefixHash: question.prefixHash,
      model,
      grant: { maxUsd: maxUsd === null ? null : maxUsd - costUsd, spend: grant.spend },
      schema: question.schema,
      readOnly: { folders: question.folders },
    });
    costUsd += costOf(report);
    const now = surroundings.now();
    const dearest = dearestUsd(report.messages, (name, tokens) => stations.ledger.price(name, tokens, now));
    if (!isCutShort(report, dearest)) return { result: resultOf(report.outcome), costUsd };
    order = { resume: true, message: stations.prompts.goOn(null), factor: factorOf(report) };
  }
}

/** What is on the books, else what the binary took for it: a model whose price nobody knows isn't free. */
function costOf({ booked, reported }: BookedRun): number {
  return booked.costUsd ?? reported?.costUsd ?? Infinity;
}

function isAnswerMissing(result: Extract<RunResult, { kind: 'failed' }>): boolean {
  return result.failure === 'no_structured_output';
}

function answerOf(result: RunResult): unknown {
  return result.kind === 'completed' ? result.structured : null;
}

function failed(result: Extract<RunResult, { kind: 'failed' }>): Answered {
  const isOutOfMoney = result.failure === 'max_budget';
  return { kind: 'failed', reason: `the judge: ${failureText(result)}`, isOutOfMoney };
}

function listed(problems: readonly string[]): string {
  const more = problems.length > 3 ? ` and ${problems.length - 3} more flaws` : '';
  return `the judge’s answer can’t be used: ${problems.slice(0, 3).join('; ')}${more}`;
}
