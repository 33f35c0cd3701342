/** One invocation: exactly one step, read off the plan. */
import { RegenError } from '../model/errors.js';
import { modeOf } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import { removeLeftovers } from '../system/temporaries.js';
import { sweepAttempts } from './attempts.js';
import { sweepAudit } from './audit.js';
import { archiveStep } from './done-mode.js';
import { packStep } from './packs/pack-step.js';
import { executeStep } from './execute-mode.js';
import { ensureNobodyWorks } from './item-lock.js';
import { forgetOrphans } from './kept-work.js';
import { leaseInTheWay } from './lease.js';
import { endLeftWork } from './left-work.js';
import { decidePlan, unknownTargetIn } from './decide-plan.js';
import { writePlan } from './plan-mode.js';
import { planResult } from './plan-result.js';
import { isTooLate, withRunLock } from './run-lock.js';
import { settleSessions } from './session-books.js';
import { sweepBatches } from './packs/sweep-batches.js';
import { sweepPacks } from './sweep-packs.js';
import type { Line } from './stage.js';
import { ensureUntouched } from './watch.js';
import { clearWait } from './wait-state.js';
import { endWaiting, ensureNothingAwaited, waitingResult } from './waiting.js';

export interface StepRequest {
  /** The target named on the command line. */
  readonly wanted: string | null;
  readonly commands: readonly string[];
  /** Try now, whatever an earlier step had to wait for. */
  readonly ignoresWait: boolean;
}

/** Runs the next step under the run lock; a wait is a result, whatever else stops it is thrown. */
export async function runStep(line: Line, request: StepRequest, signal: AbortSignal): Promise<StepResult> {
  const startedAt = line.surroundings.now();
  try {
    const result = await withRunLock(line.surroundings, () => stepUnderLock(line, request, signal));
    if (result.outcome !== 'waiting') await clearWait(line.surroundings, { mode: result.mode, startedAt });
    return result;
  } catch (error) {
    if (!(error instanceof RegenError) || error.code !== 'wait') throw error;
    return endWaiting(line.surroundings, await line.stations.plans.read(), {
      error,
      ref: null,
      startedAt,
    });
  }
}

async function stepUnderLock(line: Line, request: StepRequest, signal: AbortSignal): Promise<StepResult> {
  const startedAt = line.surroundings.now();
  const plan = await line.stations.plans.read();
  if (plan !== null) await ensureNamed(line, plan, request, signal);
  if (await isTooLate(line.surroundings, plan))
    return waitingResult(line.surroundings, plan, { error: tooLate(), ref: null, startedAt });
  const lease = await leaseInTheWay(line.surroundings);
  if (lease !== null) throw lease;
  await endLeftWork(line);
  await removeLeftovers(line.surroundings.root);
  await ensureUntouched(line.surroundings, line.stations.workspace, signal);
  await sweepAttempts(line, plan, signal);
  await sweepPacks(line, plan, signal);
  await sweepBatches(line, plan, signal);
  await sweepAudit(line, plan !== null, signal);
  const mode = modeOf(plan);
  if (mode !== 'execute') await ensureNobodyWorks(line.surroundings);
  if (!request.ignoresWait) await ensureNothingAwaited(line, plan);
  switch (mode) {
    case 'plan': {
      await forgetOrphans(line, signal);
      await settleSessions(line);
      const wish = { ...request, dryRun: false, requests: null };
      const planning = await decidePlan(line, wish, signal);
      return planResult(line, await writePlan(line, planning, wish, signal), startedAt);
    }
    case 'execute':
      return line.config.engine === 'worker'
        ? packStep(line, existing(plan), signal)
        : executeStep(line, existing(plan), signal);
    case 'done':
      return archiveStep(line, existing(plan), signal);
  }
}

function tooLate(): RegenError {
  return new RegenError('wait', 'what this step was begun for was done, or taken away, meanwhile');
}

function existing(plan: Plan | null): Plan {
  if (plan === null) throw new Error('only plan mode goes without a plan');
  return plan;
}

/** A name that isn't the plan's target never starts a step: unknown, or known with another plan in the way. */
async function ensureNamed(line: Line, plan: Plan, request: StepRequest, signal: AbortSignal): Promise<void> {
  const { wanted } = request;
  if (wanted === null || wanted === plan.target) return;
  const { workspace, picker } = line.stations;
  const base = await workspace.knownBase(signal);
  const known = await picker.targets(workspace.tree(base.sha), signal);
  if (!known.includes(wanted)) throw unknownTargetIn({ wanted, known }, request.commands);
  throw new RegenError('usage', `the plan in the way is that of ${plan.target}; "${wanted}" has to wait`, {
    hint: `Finish it with regen, or drop it with "regen abandon" (rm .regen-plan.md does too).`,
  });
}
