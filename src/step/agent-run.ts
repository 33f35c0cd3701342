/** Runs of the agent: begun and ended in the journal, booked as they go; and what is done about one that was killed. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import * as z from 'zod';
import type { AgentOutcome, AgentReport, AgentRun } from '../model/agent.js';
import type { JournalRecord } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';
import type { Usage } from '../model/usage.js';
import { sweep } from '../system/sweep.js';
import { inBinaryPrices } from './binary-limit.js';
import { createBooker } from './booking.js';
import type { Grant } from './budget.js';
import type { EffectKey, Journal, JournalData } from './journal.js';
import { createPurse } from './purse.js';
import { beginCache } from './run-cache.js';
import type { Line, StageContext } from './stage.js';
import { prepared } from './stages/prepare.js';

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

/** How many runs of the attempt began and never came to an end, because regen itself was killed. */
export function killedRuns(journal: Journal): number {
  const runs = journal.records().filter(({ stage, effect }) => isRun(stage, effect));
  const begun = runs.filter(({ event }) => event === 'begin').length;
  return begun - runs.filter(({ event }) => event === 'end').length;
}

/** The same text, whenever it is built. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A run, its session, and under which name it is kept. */
export interface RunOrder extends Omit<AgentRun, 'attempt' | 'directory' | 'maxUsd' | 'moneyUsedUp'> {
  readonly stage: string;
  /** `run`, or what else the stage has the agent do in a round. */
  readonly effect: string;
  readonly sessionId: string;
  readonly prefixHash: string;
  /** Of the whole task, whatever part of it the message repeats. */
  readonly messageHash?: string;
  readonly grant: Pick<Grant, 'maxUsd' | 'spend'>;
  /** How many dollars the binary takes for one of ours, where that is known, see binary-limit.ts. */
  readonly factor?: number;
}

/** A run that is over and booked. */
export interface BookedRun extends AgentReport {
  /** What its messages came to. */
  readonly booked: Usage;
  /** US dollars that it was allowed, by our prices and by the binary's; null: no limit. */
  readonly maxUsd: number | null;
  readonly binaryMaxUsd: number | null;
}

/** One run to its end; what it cost is on the books when it returns. */
export async function runBooked(context: StageContext, order: RunOrder): Promise<BookedRun> {
  const { attempt, journal, round, stations, signal, surroundings } = context;
  const { stage, effect, sessionId, prefixHash, messageHash, grant, factor = 1, ...run } = order;
  const key = { stage, round, effect };
  const folder = folderOf(journal, order, key);
  const intent = { sessionId, prefixHash, messageHash, directory: folder };
  const directory = path.join(attempt.directory, folder);
  const isReadOnly = run.readOnly !== undefined;
  const cache = await beginCache(context, { ...run, stage, prefixHash, directory, isReadOnly });

  await journal.append(key, 'begin', intent);
  const booker = createBooker(context, {
    ...{ stage, round, session: sessionId, run: folder, prefixHash },
    startedAt: surroundings.now(),
    onBooked: grant.spend,
  });
  const purse = createPurse(booker, grant.maxUsd);
  const binaryMaxUsd = inBinaryPrices(grant.maxUsd, factor);
  const report = await stations.agent
    .run(
      {
        ...run,
        directory,
        maxUsd: binaryMaxUsd,
        moneyUsedUp: purse.usedUp,
        attempt: { ...attempt, sessionId },
        ttl: cache.ttl,
        onAnswering: cache.onAnswering,
      },
      purse.onMessage,
      signal,
    )
    .finally(() => cache.release());
  const { durationMs, reported } = report;
  const outcome = outcomeName(report.outcome);
  const booked = await booker.end({
    ...{ at: surroundings.now(), outcome, durationMs, reported },
    cache: await cache.outcome(report),
  });
  await journal.append(key, 'end', endData(report));
  signal.throwIfAborted();
  return { ...report, booked, maxUsd: grant.maxUsd, binaryMaxUsd };
}

/** In one word: why it failed or what it waits for tells more than that it did. */
function outcomeName(outcome: AgentOutcome): string {
  switch (outcome.kind) {
    case 'failed':
      return outcome.failure;
    case 'waiting':
      return outcome.reason;
    default:
      return outcome.kind;
  }
}

/** One folder per start, so that a session that is gone on with keeps what it was told and said before. */
function folderOf(journal: Journal, { stage, effect, sessionId }: RunOrder, key: EffectKey): string {
  const name = [stage, key.round, sessionId.slice(0, 8), ...(effect === 'run' ? [] : [effect])].join('-');
  const starts = recordsOf(journal, key).filter(
    ({ event, data }) => event === 'begin' && data['sessionId'] === sessionId,
  ).length;
  return starts === 0 ? name : `${name}-${starts + 1}`;
}

function endData({
  outcome,
  turns,
  durationMs,
}: Pick<AgentReport, 'outcome' | 'turns' | 'durationMs'>): JournalData {
  return { outcome: outcome.kind, turns, durationMs };
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
        waitsFor: outcome.reason,
      });
    case 'not_ready':
      throw new RegenError('environment', outcome.detail, { hint: outcome.hint });
    case 'interrupted':
      throw new RegenError('interrupted', 'the agent was interrupted');
  }
}

/** Ends what a killed regen left at work for the attempt, and books what its files say was paid. */
export async function recoverRuns(line: Line, journal: Journal, signal: AbortSignal): Promise<void> {
  await endLeftovers(journal);
  for (const record of unfinished(journal)) {
    const intent = intentSchema.safeParse(record.data);
    if (intent.success) await recoverRun({ line, journal, record, intent: intent.data }, signal); // else: no run
  }
}

interface KilledRun {
  readonly line: Line;
  readonly journal: Journal;
  /** The run's begin. */
  readonly record: JournalRecord;
  readonly intent: RunIntent;
}

async function recoverRun({ line, journal, record, intent }: KilledRun, signal: AbortSignal): Promise<void> {
  const { stage, round, effect } = record;
  const { sessionId, prefixHash, directory } = intent;
  const attempt = { ...journal.attempt, sessionId };
  const cwd = path.resolve(line.surroundings.root, prepared({ journal }).worktree);
  const place = { attempt, cwd, directory: path.join(attempt.directory, directory) };
  const { messages, ended, reported, lastSeenAt } = await line.stations.agent.recover(place, signal);

  const startedAt = new Date(record.at);
  const at = latest(startedAt, lastSeenAt);
  const booker = createBooker(
    { ...line, attempt },
    {
      ...{ stage, round, session: sessionId, run: directory, prefixHash },
      ...{ startedAt, answeredBy: at },
    },
  );
  messages.forEach(booker.onMessage);
  const outcome = ended === null ? 'killed' : outcomeName(ended.outcome);
  const durationMs = at.getTime() - startedAt.getTime();
  await booker.end({ at, outcome, durationMs, reported });
  if (ended !== null && stage === 'agent')
    await journal.append({ stage, round, effect }, 'end', endData({ ...ended, durationMs }));
}

function latest(one: Date, other: Date | null): Date {
  return other !== null && other > one ? other : one;
}

/** Ends every process of an attempt that nobody alive works on: agents, checks, and what they started. */
export async function endLeftovers({ attempt }: Journal): Promise<void> {
  await sweep(`REGEN_ATTEMPT=${attempt.uuid}`);
}

/** What began last under its key and didn't end; a stage that is gone on with begins its run a second time. */
function unfinished(journal: Journal): readonly JournalRecord[] {
  const records = journal.records();
  const last = new Map(records.map((record) => [`${record.stage} ${record.round} ${record.effect}`, record]));
  return [...last.values()].filter(({ event }) => event === 'begin');
}

function recordsOf(journal: Journal, key: EffectKey): readonly JournalRecord[] {
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
