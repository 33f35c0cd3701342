/** Packs that a killed step or a removed plan left behind. */
import type { Plan } from '../model/plan.js';
import { planKey } from '../model/plan.js';
import { itemHolder } from './item-lock.js';
import { openBatches } from './packs/batch-journals.js';
import type { BatchJournal } from './packs/batch-journals.js';
import { closePack, openPacks } from './packs/pack-journals.js';
import type { PackJournal } from './packs/pack-journals.js';
import { recordMarked } from './packs/shipment.js';
import { recoverRunsAt } from './recover-runs.js';
import type { Line } from './stage.js';

/**
 * Closes the packs that nothing is left to do of: those of other plans than this one, and those whose items are all marked.
 * What their calls have cost is booked first. What is in a batch stays open until that is collected.
 *
 * @param plan - null: every pack is another plan's.
 */
export async function sweepPacks(
  line: Pick<Line, 'surroundings' | 'stations' | 'journals'>,
  plan: Plan | null,
  signal: AbortSignal,
): Promise<void> {
  const { surroundings, stations } = line;
  const packs = (await openPacks(surroundings)).filter((pack) => !isOpenIn(plan, pack));
  const batches = packs.length === 0 ? [] : await openBatches(surroundings);
  for (const pack of packs) {
    if (batches.some((batch) => isIn(batch, pack)) || (await isHeld(line, pack))) continue;
    const recoverer = { surroundings, stations: { ...stations, agent: (await stations.worker()).model } };
    await recoverRunsAt(recoverer, { journal: pack, cwd: () => pack.attempt.directory }, signal);
    await recordMarked(line, pack);
    await closePack(surroundings, pack);
  }
}

function isOpenIn(plan: Plan | null, { attempt }: PackJournal): boolean {
  if (plan === null || planKey(plan) !== attempt.plan || plan.target !== attempt.target) return false;
  const members = new Set(attempt.members);
  return plan.items.some(({ id, state }) => members.has(id) && (state === 'todo' || state === 'waiting'));
}

function isIn({ attempt: batch }: BatchJournal, { attempt }: PackJournal): boolean {
  return batch.plan === attempt.plan && batch.target === attempt.target && batch.number === attempt.batch;
}

async function isHeld(
  { surroundings }: Pick<Line, 'surroundings'>,
  { attempt }: PackJournal,
): Promise<boolean> {
  const { target, members } = attempt;
  const [item] = members;
  return item !== undefined && (await itemHolder(surroundings, { target, item })) !== null;
}
