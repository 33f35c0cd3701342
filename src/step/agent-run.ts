/** What the journal knows of a run of the agent, and what is done about one that was killed. */
import path from 'node:path';
import * as z from 'zod';
import { createBooker } from './booking.js';
import { begun } from './journal.js';
import type { EffectKey, Journal } from './journal.js';
import type { Line } from './stage.js';
import { prepared } from './stages/prepare.js';

const intentSchema = z.object({ sessionId: z.string(), prefixHash: z.string(), directory: z.string() });

/** What a run began with; `directory` is relative to the attempt's. */
export type RunIntent = z.output<typeof intentSchema>;

/** The record of the run in a round. */
export function runKey(round: number): EffectKey {
  return { stage: 'agent', round, effect: 'run' };
}

/** Whether a run began in the round, however it ended. */
export function hasRun(journal: Journal, round: number): boolean {
  return journal
    .records()
    .some(({ stage, effect, round: at }) => stage === 'agent' && effect === 'run' && at === round);
}

/** Ends what killed runs left at work, and books what their files say was paid. */
export async function recoverRuns(line: Line, journal: Journal, signal: AbortSignal): Promise<void> {
  const rounds = new Set(journal.records().map(({ round }) => round));
  for (const round of rounds) {
    const data = begun(journal, runKey(round));
    if (data === null) continue;
    const { sessionId, prefixHash, directory } = intentSchema.parse(data);
    const attempt = { ...journal.attempt, sessionId };
    const cwd = path.resolve(line.surroundings.root, prepared({ journal }).worktree);
    const place = { attempt, cwd, directory: path.join(attempt.directory, directory) };
    const booker = createBooker(
      { ...line, attempt },
      { stage: 'agent', round, session: sessionId, prefixHash },
    );
    for (const message of await line.stations.agent.recover(place, signal)) booker.onMessage(message);
    await booker.done();
  }
}
