/** Which attempt a step works on: the one that was interrupted, where it can be gone on with, or a new one. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ItemRef } from '../model/attempt.js';
import type { Plan } from '../model/plan.js';
import { planKey } from '../model/plan.js';
import { hasRun, recoverRuns, runKey } from './agent-run.js';
import { begun, ended } from './journal.js';
import type { EffectKey, Journal } from './journal.js';
import { isClosed } from './journal-files.js';
import { positionOf } from './position.js';
import type { Line } from './stage.js';
import { stageNames } from './walk.js';

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
    const isCurrent = plan !== null && planKey(plan) === attempt.plan && plan.target === attempt.target;
    const isOpen = isCurrent && plan.items.some(({ id, state }) => id === attempt.item && state === 'todo');
    if (isOpen) continue;
    await recoverRuns(line, journal, signal);
    await cleanUp(line, journal, signal);
  }
}

/** How many attempts since the item was last marked were started and never came to an end: killed runs. */
export async function lostStarts(line: Line, plan: Plan, ref: ItemRef): Promise<number> {
  const attempts = await line.journals.attempts(planKey(plan), ref);
  const lastMarked = attempts.findLastIndex((journal) => ended(journal, tickKey) !== null);
  return attempts.slice(lastMarked + 1).filter((journal) => begun(journal, runKey(0)) !== null).length;
}

async function canGoOn(line: Line, journal: Journal, signal: AbortSignal): Promise<boolean> {
  if (ended(journal, tickKey) !== null) return false;
  const position = positionOf(journal.records(), stageNames);
  if (position.kind === 'over' || position.stage === 'prepare') return true;
  const hasCommit = journal.records().some(({ effect, event }) => effect === 'commit' && event === 'end');
  if (hasCommit) return true;
  // A first run that began has a session that can't be begun again, and may have left half an edit.
  const isHalfRun = position.stage === 'agent' && position.round === 0 && hasRun(journal, 0);
  return !isHalfRun && (await line.stations.workspace.isOpen(journal.attempt, signal));
}
