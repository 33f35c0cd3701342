/** What steps have said of packs' usage: each part of it is told once, so that steps add up to the ledger. */
import type { Plan } from '../../model/plan.js';
import { addUsage, noUsage, usageSince } from '../../model/usage.js';
import { usageSchema } from '../../model/usage-schema.js';
import type { Usage } from '../../model/usage.js';
import type { EffectKey } from '../journal.js';
import type { Line } from '../stage.js';
import { packsOfPlan } from './context.js';
import type { HeldItems } from './locks.js';
import { isPackClosed } from './pack-journals.js';
import type { PackJournal } from './pack-journals.js';

const toldKey: EffectKey = { stage: 'pack', round: 0, effect: 'told' };

/**
 * What the plan's packs took that nobody has told yet, also where it was paid by a step that was killed or ended in an error.
 * What a step beside this one is at work on is that one's to tell.
 */
export async function tellUsage(line: Line, plan: Plan, held: HeldItems): Promise<Usage> {
  const { ledger } = line.stations;
  const mine: string[] = [];
  for (const pack of await packsOfPlan({ line, plan })) {
    if ((await untoldOf(ledger, pack)).untold.requests === 0) continue;
    const [first = ''] = pack.attempt.members;
    if ((await held.take([first])).size > 0) mine.push(pack.attempt.uuid);
  }
  let usage = noUsage;
  // Read again: it may have been told before it was ours.
  for (const pack of mine.length === 0 ? [] : await packsOfPlan({ line, plan })) {
    if (!mine.includes(pack.attempt.uuid)) continue;
    const { untold, whole } = await untoldOf(ledger, pack);
    if (untold.requests > 0) await pack.append(toldKey, 'end', { usage: whole });
    usage = addUsage(usage, untold);
  }
  return usage;
}

interface Untold {
  readonly untold: Usage;
  readonly whole: Usage;
}

async function untoldOf(ledger: Line['stations']['ledger'], pack: PackJournal): Promise<Untold> {
  const told = toldOf(pack);
  if (told !== null && isOver(pack)) return { untold: noUsage, whole: told };
  const { plan, uuid } = pack.attempt;
  const whole = await ledger.sum({ plan, attempt: uuid });
  // Exactly what was booked, where it is all of it.
  return { untold: told === null ? whole : usageSince(whole, told), whole };
}

function toldOf(pack: PackJournal): Usage | null {
  const record = pack.records().findLast(isTold);
  return record === undefined ? null : usageSchema.parse(record.data['usage']);
}

/** Nothing is booked for it any more, and what was is told. */
function isOver(pack: PackJournal): boolean {
  const records = pack.records();
  const closed = records.findIndex(({ stage, effect }) => stage === 'pack' && effect === 'close');
  return isPackClosed(pack) && records.findLastIndex(isTold) > closed;
}

function isTold({ stage, effect }: ReturnType<PackJournal['records']>[number]): boolean {
  return stage === toldKey.stage && effect === toldKey.effect;
}
