/** Steps that can't go on now and say when they can. */
import { auditSettings } from '../model/audit-settings.js';
import type { ItemRef } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';
import { countStates, modeOf, planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import type { Surroundings } from '../model/surroundings.js';
import { noUsage } from '../model/usage.js';
import { waitRules } from '../model/wait.js';
import { createMask } from '../system/mask.js';
import { budgetGate } from './budget.js';
import type { Line } from './stage.js';
import { dropWait, isInForce, noteWait, readWait } from './wait-state.js';

interface Wait {
  readonly error: RegenError;
  readonly ref: ItemRef | null;
  readonly startedAt: Date;
}

/**
 * What an earlier step had to wait for, as long as there is no chance that it is over. A budget is looked at anew: the
 * wait vanishes when regen.yaml raises it.
 *
 * @throws RegenError `wait` with the reason and the time of the step that met it.
 */
export async function ensureNothingAwaited(line: Line, plan: Plan | null): Promise<void> {
  const state = await readWait(line.surroundings);
  const mode = modeOf(plan);
  if (state === null || mode === 'done') return;
  const rule = waitRules[state.kind];
  if (plan === null && !rule.stopsPlanning && !planningAsks(line)) return;
  if (rule.isBudget && plan !== null) {
    await budgetGate(line, { key: planKey(plan), target: plan.target });
    await dropWait(line.surroundings);
  } else if (isInForce(state, line.surroundings.now())) {
    throw new RegenError('wait', state.reason, {
      retryAt: state.retryAt === null ? undefined : new Date(state.retryAt),
    });
  }
}

/** Planning asks a model only for an audit and for routing. */
function planningAsks({ config }: Line): boolean {
  const { routing } = config;
  const classifies = routing !== undefined && routing.classify !== 'never' && routing.models.length > 1;
  return classifies || auditSettings(config) !== null;
}

/** The end of a step that has to wait: noted for those that come after it, where it outlives the step. */
export async function endWaiting(
  surroundings: Surroundings,
  plan: Plan | null,
  wait: Wait,
): Promise<StepResult> {
  const { waitsFor, retryAt } = wait.error;
  const result = waitingResult(surroundings, plan, wait);
  if (waitsFor === null) return result;
  const reason = result.reason ?? '';
  const key = plan === null ? null : planKey(plan);
  const noted = await noteWait(surroundings, { kind: waitsFor, reason, retryAt, plan: key });
  return { ...result, retryAt: noted.retryAt };
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
    evidence: null,
  };
}

function sentences({ message, hint }: RegenError): string {
  return hint === null ? message : `${message.replace(/\.$/, '')}. ${hint}`;
}
