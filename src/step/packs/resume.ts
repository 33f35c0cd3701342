/** What a kill interrupted while it was pushed, or after that, goes on where it stood: on its own base, before anything else. */
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import { resumable } from '../attempts.js';
import { isClosed } from '../journal-files.js';
import type { Journal } from '../journal.js';
import type { Line } from '../stage.js';
import { isPushed } from '../stages/shipped-data.js';
import { openPackLine, packsOfPlan } from './context.js';
import { historyOf, noHistory, settledOf } from './history.js';
import type { HeldItems } from './locks.js';
import type { PackJournal } from './pack-journals.js';
import { isRecorded, recordMarked, shipAttempt } from './shipment.js';
import type { PackEnd } from './work.js';

interface Resuming {
  readonly line: Line;
  readonly plan: Plan;
  readonly held: HeldItems;
}

/**
 * null: there is none, or somebody else is at work on it. What wasn't pushed yet is nobody's: it is shipped anew, on the base
 * as it is by now.
 */
export async function resumeShipment(resuming: Resuming, signal: AbortSignal): Promise<PackEnd | null> {
  const { line, plan, held } = resuming;
  const attempts = (await line.journals.ofPlan(planKey(plan), plan.target)).filter(
    (journal) => journal.attempt.pack !== undefined && !isClosed(journal) && isPushed(journal),
  );
  if (attempts.length === 0) return null;
  for (const pack of await packsOfPlan({ line, plan })) {
    const { members, number } = pack.attempt;
    const own = attempts.filter(({ attempt }) => attempt.pack === number);
    if (own.length === 0 || (await held.take(members)).size < members.length) continue;
    await recordMarked(line, pack);
    const open = own.find((journal) => !isRecorded(pack, journal));
    const end = open === undefined ? null : await resume(resuming, { pack, open }, signal);
    if (end !== null) return end;
  }
  return null;
}

async function resume(
  { line, plan }: Resuming,
  { pack, open }: { readonly pack: PackJournal; readonly open: Journal },
  signal: AbortSignal,
): Promise<PackEnd | null> {
  const settled = settledOf(pack);
  const journal = await resumable(line, plan, open.attempt, signal);
  if (settled === null || journal === null) return null;
  const { base, members = [] } = journal.attempt;
  line.surroundings.progress(`pack ${pack.attempt.number}: goes on with ${journal.attempt.item}`);
  const packLine = await openPackLine(line, { plan, base }, signal);
  const history = historyOf(await packsOfPlan(packLine));
  const [only, ...others] = members;
  const alone = only === undefined || others.length > 0 ? 0 : (history.get(only) ?? noHistory).alone;
  return { pack, marked: [], shipped: [await shipAttempt(packLine, journal, { pack, alone })] };
}
