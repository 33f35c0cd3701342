/** Runs of the agent that regen was killed in: what is left of them is ended, and what they cost is booked. */
import path from 'node:path';
import type { Commission } from '../model/attempt.js';
import { sweep } from '../system/sweep.js';
import { createBooker } from './booking.js';
import type { Journal } from './journal.js';
import { endData, outcomeName, unfinishedRuns } from './run-records.js';
import type { UnfinishedRun } from './run-records.js';
import type { Line } from './stage.js';
import { prepared } from './stages/prepare.js';

/** Ends what a killed regen left at work for the attempt, and books what its files say was paid. */
export async function recoverRuns(line: Line, journal: Journal, signal: AbortSignal): Promise<void> {
  await recoverRunsAt(line, { journal, cwd: () => worktreeOf(line, journal) }, signal);
}

/** What a killed regen had runs for, and where they worked. */
export interface KilledWork {
  readonly journal: Journal<Commission>;
  /** Absolute; asked only when a run was cut off. */
  readonly cwd: () => string;
}

/** The same for anything that runs are made for. */
export async function recoverRunsAt(line: Recoverer, work: KilledWork, signal: AbortSignal): Promise<void> {
  await endLeftovers(work.journal);
  for (const run of unfinishedRuns(work.journal)) await recoverRun({ ...run, ...work, line }, signal);
}

/** What a run's books are closed with. */
export interface Recoverer {
  readonly surroundings: Line['surroundings'];
  readonly stations: Pick<Line['stations'], 'agent' | 'ledger'>;
}

interface KilledRun extends UnfinishedRun, KilledWork {
  readonly line: Recoverer;
}

function worktreeOf({ surroundings }: Recoverer, journal: Journal): string {
  return path.resolve(surroundings.root, prepared({ journal }).worktree);
}

async function recoverRun(run: KilledRun, signal: AbortSignal): Promise<void> {
  const { line, journal, record, intent } = run;
  const { stage, round, effect } = record;
  const { sessionId, prefixHash, directory } = intent;
  const attempt = { ...journal.attempt, sessionId };
  const place = { attempt, cwd: run.cwd(), directory: path.join(attempt.directory, directory) };
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
  if (ended !== null && (stage === 'agent' || stage === 'worker'))
    await journal.append({ stage, round, effect }, 'end', endData({ ...ended, durationMs }));
}

function latest(one: Date, other: Date | null): Date {
  return other !== null && other > one ? other : one;
}

/** Ends every process of an attempt that nobody alive works on: agents, checks, and what they started. */
export async function endLeftovers({ attempt }: Journal<Commission>): Promise<void> {
  await sweep(`REGEN_ATTEMPT=${attempt.uuid}`);
}
