import { endLeftovers } from './recover-runs.js';
import { lockAttempt } from './item-lock.js';
import type { Line } from './stage.js';

/** Ends what killed steps left at work, before anything else is begun, git included. The living are left alone. */
export async function endLeftWork(line: Line): Promise<void> {
  for (const journal of await line.journals.unfinished()) {
    const lock = await lockAttempt(line.surroundings, journal.attempt);
    if (lock.kind === 'busy') continue;
    try {
      await endLeftovers(journal);
    } finally {
      await lock.release();
    }
  }
}
