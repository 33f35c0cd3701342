/** A shipment that a kill interrupted goes on where it stood, on its own base: the branch may have its commit already. */
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import { isClosed } from '../journal-files.js';
import type { Line } from '../stage.js';
import { openPackLine, packsOfPlan } from './context.js';
import type { HeldItems } from './locks.js';
import { isRecorded } from './shipment.js';
import { workOn } from './work.js';
import type { PackEnd } from './work.js';

/** null: there is none, or somebody else is at work on it. */
export async function resumeShipment(
  line: Line,
  { plan, held }: { readonly plan: Plan; readonly held: HeldItems },
  signal: AbortSignal,
): Promise<PackEnd | null> {
  const attempts = (await line.journals.ofPlan(planKey(plan), plan.target)).filter(
    (journal) => journal.attempt.pack !== undefined && !isClosed(journal),
  );
  if (attempts.length === 0) return null;
  for (const pack of await packsOfPlan({ line, plan })) {
    const open = attempts.find(
      (journal) => journal.attempt.pack === pack.attempt.number && !isRecorded(pack, journal),
    );
    if (open === undefined) continue;
    const { members } = pack.attempt;
    if ((await held.take(members)).size < members.length) continue;
    const packLine = await openPackLine(line, { plan, base: open.attempt.base }, signal);
    return workOn(packLine, { pack, callsToCome: 1, isFresh: false });
  }
  return null;
}
