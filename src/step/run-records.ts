/** What the journal says of the agent's runs. Pure. */
import * as z from 'zod';
import type { AgentOutcome, AgentReport } from '../model/agent.js';
import type { Commission, JournalRecord } from '../model/attempt.js';
import type { EffectKey, Journal, JournalData } from './journal.js';

const intentSchema = z.object({
  sessionId: z.string(),
  prefixHash: z.string(),
  directory: z.string(),
  messageHash: z.string().optional(),
});

/** What a run began with; `directory` is relative to the attempt's. */
type RunIntent = z.output<typeof intentSchema>;

const completedSchema = z.object({
  outcome: z.literal('completed'),
  turns: z.int(),
  durationMs: z.number(),
});

/** The record of the author's run in a round. */
function runKey(round: number): EffectKey {
  return { stage: 'agent', round, effect: 'run' };
}

/** What the author's runs of a round began with, oldest first: all but the last were interrupted. */
export function runsOf(journal: Journal, round: number): readonly RunIntent[] {
  return recordsOf(journal, runKey(round)).flatMap(({ event, data }) => {
    const intent = intentSchema.safeParse(data);
    return event === 'begin' && intent.success ? [intent.data] : [];
  });
}

/** The author's run of a round when it was done although its stage wasn't; null: there is none. */
export function completedRun(journal: Journal, round: number): CompletedRun | null {
  const last = recordsOf(journal, runKey(round)).at(-1);
  const completed = last?.event === 'end' ? completedSchema.safeParse(last.data) : null;
  const intent = runsOf(journal, round).at(-1);
  if (completed?.success !== true || intent === undefined) return null;
  const { turns, durationMs } = completed.data;
  const outcome = { kind: 'completed', text: '', structured: null } as const;
  return { sessionId: intent.sessionId, turns, durationMs, outcome };
}

/** What the stage needs of a run; the author's work itself lies in the worktree. */
type CompletedRun = Pick<AgentReport, 'sessionId' | 'turns' | 'durationMs' | 'outcome'>;

/** What a run began with; null: the record is none of a run's. */
export function runIntent(data: JournalData): RunIntent | null {
  return intentSchema.safeParse(data).data ?? null;
}

/** How many runs of the attempt began and never came to an end, because regen itself was killed. */
export function killedRuns(journal: Journal): number {
  const runs = journal.records().filter(({ stage, effect }) => isRun(stage, effect));
  const begun = runs.filter(({ event }) => event === 'begin').length;
  return begun - runs.filter(({ event }) => event === 'end').length;
}

/** A run that began and came to no end. */
export interface UnfinishedRun {
  /** Its begin. */
  readonly record: JournalRecord;
  readonly intent: RunIntent;
}

/** What began last under its key and didn't end; a stage that is gone on with begins its run a second time. */
export function unfinishedRuns(journal: Journal<Commission>): readonly UnfinishedRun[] {
  const records = journal.records();
  const last = new Map(records.map((record) => [`${record.stage} ${record.round} ${record.effect}`, record]));
  return [...last.values()].flatMap((record) => {
    const intent = intentSchema.safeParse(record.data);
    return record.event === 'begin' && intent.success ? [{ record, intent: intent.data }] : []; // else: no run
  });
}

/** The journal's data of a run's end. */
export function endData({
  outcome,
  turns,
  durationMs,
}: Pick<AgentReport, 'outcome' | 'turns' | 'durationMs'>): JournalData {
  return { outcome: outcome.kind, turns, durationMs };
}

/** In one word: why it failed or what it waits for tells more than that it did. */
export function outcomeName(outcome: AgentOutcome): string {
  switch (outcome.kind) {
    case 'failed':
      return outcome.failure;
    case 'waiting':
      return outcome.reason;
    default:
      return outcome.kind;
  }
}

export function recordsOf(journal: Journal<Commission>, key: EffectKey): readonly JournalRecord[] {
  return journal
    .records()
    .filter(
      ({ stage, round, effect }) => stage === key.stage && round === key.round && effect === key.effect,
    );
}

/** The author's runs, and the judge's with their corrections. */
function isRun(stage: string, effect: string): boolean {
  return (stage === 'agent' || stage === 'evaluate') && effect !== 'stage';
}
