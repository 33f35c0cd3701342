/** The children that run now: known so that they can be ended at once when there is no time to wait for anything. */
import type { Family } from './family.js';
import type { Marker } from './processes.js';
import { sweepOnce } from './sweep.js';

export interface LivingChild {
  /** The leader of its group. */
  readonly pid: number;
  readonly family: Family;
  readonly marker: Marker | null;
}

const living = new Set<LivingChild>();

/** Keeps the child on the list until the function that is returned is called. */
export function register(child: LivingChild): () => void {
  living.add(child);
  return () => {
    living.delete(child);
  };
}

/** Looking takes some ms: what starts faster than it is killed isn't waited for. */
const maxRounds = 10;

/** SIGKILL for every child and all that is known of what it started. Waits for nothing. */
export function killChildrenNow(): void {
  // Who is seen below a parent now can't be told any more once the parent is gone.
  for (const { family } of living) family.look();
  for (const { pid } of living) signalGroup(pid, 'SIGKILL');
  for (const { marker, family } of living) {
    for (let round = 0; round < maxRounds && sweepOnce(marker, family).length > 0; round += 1);
  }
}

/** Signals a whole process group, if anybody is left in it. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // nobody is left in the group
  }
}
