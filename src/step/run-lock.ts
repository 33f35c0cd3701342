/**
 * The run lock: one invocation at a time works on a plan, or one `regen run` with its children. A child proves whose it
 * is by the token of its parent's holding; once the parent is gone, the token is worth nothing.
 */
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import { modeOf, planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { Surroundings } from '../model/surroundings.js';
import { acquireLock, lockHolder } from '../system/lock.js';
import type { HeldLock, LockHolder } from '../system/lock.js';

/** The environment variable that carries the token to the children; it reaches neither agent nor commands. */
export const runTokenName = 'REGEN_RUN_TOKEN';

/** The environment variable that tells the children how many of them may be at work at once. */
export const runJobsName = 'REGEN_RUN_JOBS';

/** The environment variable that names the plan, by its key, that a step of a run was begun for; empty: none was there. */
export const runPlanName = 'REGEN_RUN_PLAN';

/**
 * The environment variable of a step that was begun beside others: it takes items, and nothing else. The plan may be
 * finished, or gone, before it has read it, and archiving and planning are steps that run alone.
 */
export const runBesideName = 'REGEN_RUN_BESIDE';

/** @throws RegenError `wait` naming the holder when somebody else holds the lock. */
export async function withRunLock<T>(surroundings: Surroundings, work: () => Promise<T>): Promise<T> {
  if (await isChildOfHolder(surroundings)) return work();
  const lock = await takeRunLock(surroundings);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** @throws RegenError `wait` naming the holder when somebody else holds the lock. */
export async function takeRunLock(surroundings: Surroundings): Promise<HeldLock> {
  const lock = await acquireLock(runLockFile(surroundings), surroundings);
  if (lock.kind === 'held') return lock;
  throw new RegenError('wait', `a step is running already: ${holderText(lock.holder)}`, {
    hint: 'Wait for it; "regen status" shows what it does.',
  });
}

/** Who holds the run lock; null: no living process. */
export function runHolder(surroundings: Surroundings): Promise<LockHolder | null> {
  return lockHolder(runLockFile(surroundings));
}

/** `pid 4711 ("regen run --jobs 4") since 2026-05-02T14:00:00.000Z` */
export function holderText({ pid, command, since }: LockHolder): string {
  return `pid ${pid} (${JSON.stringify(command)}) since ${since}`;
}

/** Whether a run has begun the step for what isn't there any more: another plan, or an item beside others at work. */
export async function isTooLate(surroundings: Surroundings, plan: Plan | null): Promise<boolean> {
  const { [runPlanName]: wanted, [runBesideName]: beside = '' } = surroundings.env;
  if (wanted === undefined || !(await isChildOfHolder(surroundings))) return false;
  const isOther = wanted !== (plan === null ? '' : planKey(plan));
  return isOther || (beside !== '' && modeOf(plan) !== 'execute');
}

async function isChildOfHolder(surroundings: Surroundings): Promise<boolean> {
  const token = surroundings.env[runTokenName];
  if (token === undefined || token === '') return false;
  return (await runHolder(surroundings))?.token === token;
}

function runLockFile({ root }: Surroundings): string {
  return path.join(root, '.regen', 'lock');
}
