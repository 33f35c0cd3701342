/** The run lock: one invocation at a time works on a plan. */
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { acquireLock } from '../system/lock.js';

/** @throws RegenError `wait` naming the holder when somebody else holds the lock. */
export async function withRunLock<T>(surroundings: Surroundings, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(path.join(surroundings.root, '.regen', 'lock'), surroundings);
  if (lock.kind === 'busy') {
    throw new RegenError(
      'wait',
      `a step is running already: pid ${lock.holder.pid} since ${lock.holder.since}`,
      {
        hint: 'Wait for it; "regen status" shows what it does.',
      },
    );
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
