/** Packs that a killed step or a removed plan left behind. */
import type { Plan } from '../model/plan.js';
import { planKey } from '../model/plan.js';
import { itemHolder } from './item-lock.js';
import { closePack, openPacks } from './packs/pack-journals.js';
import type { PackJournal } from './packs/pack-journals.js';
import { recoverRunsAt } from './recover-runs.js';
import type { Line } from './stage.js';

/**
 * Closes the packs of other plans than this one, after what their calls have cost is booked. What is in a batch stays open
 * until that is collected.
 *
 * @param plan - null: every pack is another plan's.
 */
export async function sweepPacks(
  line: Pick<Line, 'surroundings' | 'stations'>,
  plan: Plan | null,
  signal: AbortSignal,
): Promise<void> {
  const { surroundings, stations } = line;
  for (const pack of await openPacks(surroundings)) {
    if (pack.attempt.batch !== null || isOf(pack, plan) || (await isHeld(line, pack))) continue;
    const recoverer = { surroundings, stations: { ...stations, agent: (await stations.worker()).model } };
    await recoverRunsAt(recoverer, { journal: pack, cwd: () => pack.attempt.directory }, signal);
    await closePack(surroundings, pack);
  }
}

function isOf({ attempt }: PackJournal, plan: Plan | null): boolean {
  return plan !== null && planKey(plan) === attempt.plan && plan.target === attempt.target;
}

async function isHeld(
  { surroundings }: Pick<Line, 'surroundings'>,
  { attempt }: PackJournal,
): Promise<boolean> {
  const { target, members } = attempt;
  const [item] = members;
  return item !== undefined && (await itemHolder(surroundings, { target, item })) !== null;
}
