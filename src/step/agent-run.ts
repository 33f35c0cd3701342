/** Runs of the agent: begun and ended in the journal, booked as they go; and what is done about one that was killed. */
import path from 'node:path';
import * as z from 'zod';
import type { AgentOutcome, AgentReport, AgentRun } from '../model/agent.js';
import type { JournalRecord } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';
import { createBooker } from './booking.js';
import type { EffectKey, Journal } from './journal.js';
import type { Line, StageContext } from './stage.js';
import { prepared } from './stages/prepare.js';

const intentSchema = z.object({ sessionId: z.string(), prefixHash: z.string(), directory: z.string() });

/** What a run began with; `directory` is relative to the attempt's. */
type RunIntent = z.output<typeof intentSchema>;

/** The record of the author's run in a round. */
export function runKey(round: number): EffectKey {
  return { stage: 'agent', round, effect: 'run' };
}

/** Whether the author's run began in the round, however it ended. */
export function hasRun(journal: Journal, round: number): boolean {
  return journal
    .records()
    .some(({ stage, effect, round: at }) => stage === 'agent' && effect === 'run' && at === round);
}

/** A run, its session, and under which name it is kept. */
export interface RunOrder extends Omit<AgentRun, 'attempt' | 'directory'> {
  readonly stage: string;
  /** `run`, or what else the stage has the agent do in a round. */
  readonly effect: string;
  readonly sessionId: string;
  readonly prefixHash: string;
}

/** One run to its end; what it cost is on the books when it returns. */
export async function runBooked(context: StageContext, order: RunOrder): Promise<AgentReport> {
  const { attempt, journal, round, stations, signal } = context;
  const { stage, effect, sessionId, prefixHash, ...run } = order;
  const folder = [stage, round, sessionId.slice(0, 8), ...(effect === 'run' ? [] : [effect])].join('-');
  const intent: RunIntent = { sessionId, prefixHash, directory: folder };
  const key = { stage, round, effect };
  const booker = createBooker(context, { stage, round, session: sessionId, prefixHash });

  await journal.append(key, 'begin', { ...intent });
  const report = await stations.agent.run(
    { ...run, attempt: { ...attempt, sessionId }, directory: path.join(attempt.directory, folder) },
    booker.onMessage,
    signal,
  );
  await booker.done();
  await journal.append(key, 'end', { outcome: report.outcome.kind });
  signal.throwIfAborted();
  return report;
}

/** How a run came to its own end. */
export type RunResult = Extract<AgentOutcome, { kind: 'completed' | 'failed' }>;

/** @throws RegenError for what isn't the item's fault: it stops the step, and the item stays open. */
export function resultOf(outcome: AgentOutcome): RunResult {
  switch (outcome.kind) {
    case 'completed':
    case 'failed':
      return outcome;
    case 'waiting':
      throw new RegenError('wait', outcome.detail, {
        hint: 'The item stays open; a later invocation goes on with it.',
        retryAt: outcome.retryAt ?? undefined,
      });
    case 'not_ready':
      throw new RegenError('environment', outcome.detail, { hint: outcome.hint });
    case 'interrupted':
      throw new RegenError('interrupted', 'the agent was interrupted');
  }
}

/** A failed run in a few words. */
export function failureText({ failure, detail }: Extract<AgentOutcome, { kind: 'failed' }>): string {
  return `${failure.replaceAll('_', ' ')}: ${detail}`;
}

/** Ends what killed runs left at work, and books what their files say was paid. */
export async function recoverRuns(line: Line, journal: Journal, signal: AbortSignal): Promise<void> {
  for (const { stage, round, data } of unfinished(journal.records())) {
    const intent = intentSchema.safeParse(data);
    if (!intent.success) continue; // an effect of another kind
    const { sessionId, prefixHash, directory } = intent.data;
    const attempt = { ...journal.attempt, sessionId };
    const cwd = path.resolve(line.surroundings.root, prepared({ journal }).worktree);
    const place = { attempt, cwd, directory: path.join(attempt.directory, directory) };
    const booker = createBooker({ ...line, attempt }, { stage, round, session: sessionId, prefixHash });
    for (const message of await line.stations.agent.recover(place, signal)) booker.onMessage(message);
    await booker.done();
  }
}

/** What began last under its key and didn't end; a stage that is gone on with begins its run a second time. */
function unfinished(records: readonly JournalRecord[]): readonly JournalRecord[] {
  const last = new Map(records.map((record) => [`${record.stage} ${record.round} ${record.effect}`, record]));
  return [...last.values()].filter(({ event }) => event === 'begin');
}
