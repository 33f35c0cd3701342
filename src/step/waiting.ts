/** Steps that can't go on now and say when they can. */
import type { ItemRef } from '../model/attempt.js';
import type { RegenError } from '../model/errors.js';
import { countStates, modeOf } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import type { Surroundings } from '../model/surroundings.js';
import { noUsage } from '../model/usage.js';
import { createMask } from '../system/mask.js';

interface Wait {
  readonly error: RegenError;
  readonly ref: ItemRef | null;
  readonly startedAt: Date;
}

/** The item stays as it is. */
export function waitingResult(
  surroundings: Surroundings,
  plan: Plan | null,
  { error, ref, startedAt }: Wait,
): StepResult {
  const counts = plan === null ? null : countStates(plan.items);
  return {
    mode: modeOf(plan),
    target: plan?.target ?? null,
    item: ref?.item ?? null,
    outcome: 'waiting',
    reason: createMask(surroundings.env)(sentences(error)),
    attempt: null,
    score: null,
    verdict: null,
    pr: null,
    checks: [],
    usage: noUsage,
    durationMs: surroundings.now().getTime() - startedAt.getTime(),
    remaining: counts === null ? null : counts.todo + counts.waiting,
    retryAt: error.retryAt?.toISOString() ?? null,
  };
}

function sentences({ message, hint }: RegenError): string {
  return hint === null ? message : `${message.replace(/\.$/, '')}. ${hint}`;
}
