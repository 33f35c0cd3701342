/** Runs of the agent that regen was killed in: what is left of them is ended, and what they cost is booked. */
import path from 'node:path';
import { sweep } from '../system/sweep.js';
import { createBooker } from './booking.js';
import type { Journal } from './journal.js';
import { endData, outcomeName, unfinishedRuns } from './run-records.js';
import type { UnfinishedRun } from './run-records.js';
import type { Line } from './stage.js';
import { prepared } from './stages/prepare.js';

/** Ends what a killed regen left at work for the attempt, and books what its files say was paid. */
export async function recoverRuns(line: Line, journal: Journal, signal: AbortSignal): Promise<void> {
  await endLeftovers(journal);
  for (const run of unfinishedRuns(journal)) await recoverRun({ ...run, line, journal }, signal);
}

interface KilledRun extends UnfinishedRun {
  readonly line: Line;
  readonly journal: Journal;
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
