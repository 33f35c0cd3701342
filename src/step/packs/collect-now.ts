/** `regen batch collect <id>`: what a step does about one batch, and nothing else. */
import { RegenError } from '../../model/errors.js';
import { planKey } from '../../model/plan.js';
import type { PackedItem } from '../../model/step-result.js';
import type { Usage } from '../../model/usage.js';
import { existingPlan } from '../edit-plan.js';
import { withRunLock } from '../run-lock.js';
import type { Line } from '../stage.js';
import { baseFor } from './base.js';
import { batchId, openBatches } from './batch-journals.js';
import { pendingWait, pollBatches } from './batch-step.js';
import { openPackLine } from './context.js';
import { holdItems } from './locks.js';
import { tell } from './tell.js';
import { takenNames } from './taken-names.js';

export interface CollectedBatch {
  readonly batch: string;
  readonly target: string;
  /** Requests. */
  readonly succeeded: number;
  readonly errored: number;
  readonly expired: number;
  readonly canceled: number;
  /** Items with a result that the next steps ship. */
  readonly answered: number;
  /** Those that are marked: left as they are, or given up. */
  readonly items: readonly PackedItem[];
  /** What its answers took, and whatever else no step has told yet. */
  readonly usage: Usage;
}

/**
 * @throws RegenError `usage` when the plan's journals have no such batch, or have collected it already; `wait` while it is
 * at work.
 */
export async function collectNow(line: Line, id: string, signal: AbortSignal): Promise<CollectedBatch> {
  if (line.config.engine !== 'worker') throw otherEngine();
  return withRunLock(line.surroundings, async () => {
    const plan = await existingPlan(line.stations.plans);
    const open = await openBatches(line.surroundings);
    const known = open
      .filter(({ attempt }) => attempt.plan === planKey(plan) && attempt.target === plan.target)
      .map(batchId);
    if (!known.includes(id)) throw unknown(id, known);
    await line.stations.ledger.ensureWritable();
    const taken = takenNames(line, plan.target, signal);
    const bases = await baseFor(line, { plan, isShipping: false, taken }, signal);
    const packLine = await openPackLine(line, { plan, ...bases, taken }, signal);
    const { pending, collected, gone, doubt } = await pollBatches(packLine, id);
    if (doubt !== null) throw doubt;
    if (gone.some((one) => one.id === id)) throw lost(id);
    const [done] = collected;
    if (done === undefined) {
      throw pendingWait(pending, { now: line.surroundings.now(), pollMs: line.config.worker.poll });
    }
    const { succeeded, errored, expired, canceled, ends } = done;
    const answered = ends.reduce((sum, { settled }) => sum + settled.good.length, 0);
    await using held = holdItems(line.surroundings, plan.target);
    const { usage, items } = await tell(line, plan, held);
    const counts = { succeeded, errored, expired, canceled, answered };
    return { batch: id, target: plan.target, ...counts, items, usage };
  });
}

function otherEngine(): RegenError {
  return new RegenError(
    'config',
    'answers of a batch are for engine: worker, and regen.yaml has engine: agent',
    {
      hint: 'Set engine: worker back, with the items.blocks that the plan was made with.',
    },
  );
}

/** Its items are `[!]`: what it came to can’t be had any more. */
function lost(id: string): RegenError {
  return new RegenError('item', `batch ${id} is gone, and its results with it: its items are marked [!]`, {
    hint: 'regen retry --failed has them asked anew.',
  });
}

function unknown(id: string, known: readonly (string | null)[]): RegenError {
  const others = known.filter((one) => one !== null);
  const hint =
    others.length === 0
      ? 'No batch of this plan is waited for; "regen status" shows where it stands.'
      : `Waited for: ${others.join(', ')}.`;
  return new RegenError('usage', `"${id}" is no batch that is waited for`, { hint });
}
