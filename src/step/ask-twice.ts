/** A structured question to a model that only reads: its session, and one correction when the answer can't be used. */
import type { FileRead } from '../model/file-read.js';
import { resultOf, runBooked } from './agent-run.js';
import type { BookedRun, RunResult } from './agent-run.js';
import { dearestUsd, factorOf, isCutShort } from './binary-limit.js';
import type { Grant } from './budget.js';
import type { RunContext } from './run-context.js';
import { failureText } from './taxonomy.js';

export interface Question {
  readonly prefix: string;
  readonly prefixHash: string;
  readonly message: string;
  /** The JSON Schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** What has to be readable besides `cwd`, absolute. */
  readonly folders: readonly string[];
}

export interface Asked<Judgement> {
  readonly question: Question;
  /** The stage that the runs are booked under. */
  readonly stage: string;
  /** How messages call who answers: `the judge`. */
  readonly who: string;
  readonly model: string;
  /** Absolute. */
  readonly cwd: string;
  /** For both turns. */
  readonly grant: Grant;
  /** The key of regen.yaml that limits the grant. */
  readonly limit: string;
  /** What the answer comes to; null stands for none. `reads`: what was opened before it, in the whole session. */
  readonly read: (answer: unknown, reads: readonly FileRead[]) => Judgement | Malformed;
  readonly correction: (problems: readonly string[]) => string;
}

export interface Malformed {
  readonly kind: 'malformed';
  /** A sentence per flaw. */
  readonly problems: readonly string[];
}

export interface Unanswered {
  readonly kind: 'failed';
  readonly reason: string;
  readonly isOutOfMoney: boolean;
}

/** An answer that is no good twice is a failure: nothing is ever made up. */
export async function askTwice<Judgement extends { readonly kind: 'judged' }>(
  context: RunContext,
  asked: Asked<Judgement>,
): Promise<Judgement | Unanswered> {
  const { grant, who } = asked;
  const session = context.surroundings.newId();
  const first = await turn(context, asked, { session, maxUsd: grant.maxUsd, correction: null });
  if (first.result.kind === 'failed' && !isAnswerMissing(first.result)) return failed(who, first.result);
  const judged = asked.read(answerOf(first.result), inTime(first.reads));
  if (judged.kind === 'judged') return judged;

  const left = grant.maxUsd === null ? null : grant.maxUsd - first.costUsd;
  if (left !== null && left <= 0) {
    const reason = `${listed(who, judged.problems)}; ${asked.limit} is used up`;
    return { kind: 'failed', reason, isOutOfMoney: true };
  }
  const correction = asked.correction(judged.problems);
  const second = await turn(context, asked, { session, maxUsd: left, correction });
  if (second.result.kind === 'failed' && !isAnswerMissing(second.result)) return failed(who, second.result);
  const again = asked.read(answerOf(second.result), [...first.reads, ...inTime(second.reads)]);
  if (again.kind === 'judged') return again;
  return { kind: 'failed', reason: listed(who, again.problems), isOutOfMoney: false };
}

/** An answer rests on what was read before it. */
function inTime(reads: readonly FileRead[]): readonly FileRead[] {
  return reads.filter(({ isLate }) => !isLate);
}

interface Turn {
  readonly session: string;
  readonly maxUsd: number | null;
  /** null: the first turn. */
  readonly correction: string | null;
}

interface EndedTurn {
  readonly result: RunResult;
  readonly costUsd: number;
  readonly reads: readonly FileRead[];
}

/** Goes on in the session when the binary, by its own prices, ends it before its money is used up. */
async function turn(
  context: RunContext,
  { question, stage, model, cwd, grant }: Omit<Asked<unknown>, 'read'>,
  { session, maxUsd, correction }: Turn,
): Promise<EndedTurn> {
  const { stations, surroundings } = context;
  let order = { resume: correction !== null, message: correction ?? question.message, factor: 1 };
  let costUsd = 0;
  const reads: FileRead[] = [];
  for (;;) {
    const report = await runBooked(context, {
      ...order,
      stage,
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
    reads.push(...report.reads);
    const now = surroundings.now();
    const dearest = dearestUsd(report.messages, (name, tokens) => stations.ledger.price(name, tokens, now));
    if (!isCutShort(report, dearest)) return { result: resultOf(report.outcome), costUsd, reads };
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

function failed(who: string, result: Extract<RunResult, { kind: 'failed' }>): Unanswered {
  const isOutOfMoney = result.failure === 'max_budget';
  return { kind: 'failed', reason: `${who}: ${failureText(result)}`, isOutOfMoney };
}

function listed(who: string, problems: readonly string[]): string {
  const more = problems.length > 3 ? ` and ${problems.length - 3} more flaws` : '';
  return `${who}’s answer can’t be used: ${problems.slice(0, 3).join('; ')}${more}`;
}
