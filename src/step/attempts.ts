/** Which attempt a step works on: the one that was interrupted, where it can be gone on with, or a new one. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { membersOf } from '../model/attempt.js';
import type { ItemRef } from '../model/attempt.js';
import type { Plan } from '../model/plan.js';
import { planKey } from '../model/plan.js';
import { ended } from './journal.js';
import type { EffectKey, Journal } from './journal.js';
import { isClosed } from './journal-files.js';
import { lockAttempt } from './item-lock.js';
import { positionOf } from './position.js';
import { recoverRuns } from './recover-runs.js';
import { completedRun, killedRuns, runsOf } from './run-records.js';
import type { Line } from './stage.js';
import { prepared } from './stages/prepare.js';
import { stageNamesOf } from './walk.js';

/** The record of the mark in the plan: the end of an attempt as a person sees it. */
export const tickKey: EffectKey = { stage: 'tick', round: 0, effect: 'mark' };

/** The open attempt at the item that can be gone on with; one that can't is cleaned up and closed. */
export async function resumable(
  line: Line,
  plan: Plan,
  ref: ItemRef,
  signal: AbortSignal,
): Promise<Journal | null> {
  const last = (await line.journals.attempts(planKey(plan), ref)).at(-1);
  if (last === undefined || isClosed(last)) return null;
  await recoverRuns(line, last, signal);
  if (await canGoOn(line, last, signal)) return last;
  await cleanUp(line, last, signal);
  return null;
}

/** Drops what an attempt left in the repository and closes it. */
export async function cleanUp(line: Line, journal: Journal, signal: AbortSignal): Promise<void> {
  await line.stations.workspace.drop(journal.attempt, signal);
  // The home that set-up and checks share: caches, no evidence.
  await rm(path.join(journal.attempt.directory, 'home'), { recursive: true, force: true });
  await line.journals.close(journal);
}

/**
 * Closes the attempts whose plan is gone or whose item is marked: killed between the mark and the clean-up, or left
 * behind by a removed plan.
 */
export async function sweepAttempts(line: Line, plan: Plan | null, signal: AbortSignal): Promise<void> {
  for (const journal of await line.journals.unfinished()) {
    const { attempt } = journal;
    const members = new Set(membersOf(attempt));
    const isCurrent = plan !== null && planKey(plan) === attempt.plan && plan.target === attempt.target;
    const isOpen = isCurrent && plan.items.some(({ id, state }) => members.has(id) && state === 'todo');
    if (!isOpen) await sweepAttempt(line, journal, signal);
  }
}

/** Leaves alone what a living process works on, and what another one has swept since it was listed. */
async function sweepAttempt(line: Line, journal: Journal, signal: AbortSignal): Promise<void> {
  const { uuid } = journal.attempt;
  const lock = await lockAttempt(line.surroundings, journal.attempt);
  if (lock.kind === 'busy') return;
  try {
    const left = (await line.journals.unfinished()).find(({ attempt }) => attempt.uuid === uuid);
    if (left === undefined) return;
    await recoverRuns(line, left, signal);
    await cleanUp(line, left, signal);
  } finally {
    await lock.release();
  }
}

/** How many runs since the item was last marked never came to an end: those that were gone on with, too. */
export async function lostStarts(line: Line, plan: Plan, ref: ItemRef): Promise<number> {
  const attempts = await line.journals.attempts(planKey(plan), ref);
  const lastMarked = attempts.findLastIndex((journal) => ended(journal, tickKey) !== null);
  return attempts.slice(lastMarked + 1).reduce((sum, journal) => sum + killedRuns(journal), 0);
}

async function canGoOn(line: Line, journal: Journal, signal: AbortSignal): Promise<boolean> {
  if (ended(journal, tickKey) !== null) return false;
  const position = positionOf(journal.records(), stageNamesOf(journal.attempt));
  if (position.kind === 'over' || position.stage === 'prepare') return true;
  const hasCommit = journal.records().some(({ effect, event }) => effect === 'commit' && event === 'end');
  if (hasCommit) return true;
  if (!(await line.stations.workspace.isOpen(journal.attempt, signal))) return false;
  const first = position.stage === 'agent' && position.round === 0 ? runsOf(journal, 0).at(-1) : undefined;
  if (first === undefined || completedRun(journal, 0) !== null || hasNeverStarted(journal)) return true;
  // It may have left half an edit, which nobody could make sense of without its session.
  const attempt = { ...journal.attempt, sessionId: first.sessionId };
  const cwd = path.resolve(line.surroundings.root, prepared({ journal }).worktree);
  return (await line.stations.agent.session({ attempt, cwd })) !== 'gone';
}

/** The agent wasn't there, or said nothing: the worktree is as it was made. */
function hasNeverStarted(journal: Journal): boolean {
  const last = journal.records().findLast(({ stage, effect }) => stage === 'agent' && effect === 'run');
  return last?.event === 'end' && last.data['outcome'] === 'not_ready' && last.data['turns'] === 0;
}
