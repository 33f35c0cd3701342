/** Where the items that failed in a run are marked when it is over. Pure. */
import type { ReadStep } from '../model/step-document.js';
import type { Outcome } from '../model/step-result.js';

interface RunFailures {
  /** Whether some are marked in the plan that is there. */
  readonly areInPlan: boolean;
  /** Archived plans with some. */
  readonly archived: readonly ArchivedFailures[];
  /** Whether a plan is there, of whatever target. */
  readonly hasPlan: boolean;
}

interface ArchivedFailures {
  readonly target: string;
  /** What became of the plan, in the words of the step: `moved to .regen-history/…`. */
  readonly end: string;
}

interface EndedStep extends Pick<ReadStep, 'target' | 'item' | 'outcome' | 'reason'> {
  readonly items?: readonly { readonly id: string; readonly outcome: Outcome }[];
}

/** @param steps - in the order in which they ended. */
export function failuresOf(steps: readonly EndedStep[]): RunFailures {
  const archived: ArchivedFailures[] = [];
  let marked = new Map<string, Outcome>();
  let hasPlan = false;
  for (const { target, item, outcome, reason, items } of steps) {
    if (target === null) continue;
    hasPlan = outcome !== 'archived';
    for (const one of items ?? [{ id: item ?? '', outcome }]) marked.set(one.id, one.outcome);
    if (hasPlan) continue;
    if (hasFailed(marked)) archived.push({ target, end: reason ?? 'archived' });
    marked = new Map();
  }
  return { areInPlan: hasFailed(marked), archived, hasPlan };
}

function hasFailed(marked: ReadonlyMap<string, Outcome>): boolean {
  return [...marked.values()].includes('failed');
}
