/** Steps that can't go on now and say when they can. */
import type { ItemRef } from '../model/attempt.js';
import type { RegenError } from '../model/errors.js';
import { countStates, modeOf } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import { noUsage } from '../model/usage.js';
import type { Line } from './stage.js';

interface Wait {
  readonly error: RegenError;
  readonly ref: ItemRef | null;
  readonly startedAt: Date;
}

/** The item stays as it is. */
export function waitingResult(line: Line, plan: Plan | null, { error, ref, startedAt }: Wait): StepResult {
  const counts = plan === null ? null : countStates(plan.items);
  return {
    mode: modeOf(plan),
    target: plan?.target ?? null,
    item: ref?.item ?? null,
    outcome: 'waiting',
    reason: error.hint === null ? error.message : `${error.message}. ${error.hint}`,
    attempt: null,
    score: null,
    verdict: null,
    pr: null,
    checks: [],
    usage: noUsage,
    durationMs: line.surroundings.now().getTime() - startedAt.getTime(),
    remaining: counts === null ? null : counts.todo + counts.waiting,
    retryAt: error.retryAt?.toISOString() ?? null,
  };
}
