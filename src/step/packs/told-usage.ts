/** What steps have said of packs' usage: each part of it is told once, so that steps add up to the ledger. */
import type { JournalRecord } from '../../model/attempt.js';
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import { addUsage, noUsage, usageSince } from '../../model/usage.js';
import { usageSchema } from '../../model/usage-schema.js';
import type { Usage } from '../../model/usage.js';
import type { EffectKey } from '../journal.js';
import type { Line } from '../stage.js';
import { packsOfPlan } from './context.js';
import { settleKey } from './history.js';
import type { HeldItems } from './locks.js';
import { closingKey } from './pack-journals.js';
import type { PackJournal } from './pack-journals.js';

const toldKey: EffectKey = { stage: 'pack', round: 0, effect: 'told' };

/**
 * What the plan's packs took that nobody has told yet, also where it was paid by a step that was killed or ended in an error.
 * What a step beside this one is at work on is that one's to tell.
 */
export async function tellUsage(line: Line, plan: Plan, held: HeldItems): Promise<Usage> {
  const open = (await packsOfPlan({ line, plan })).filter((pack) => !isOver(pack));
  if (open.length === 0) return noUsage;
  const mine = new Set<string>();
  const first = await sumsOf(line, plan);
  for (const pack of open) {
    const [item = ''] = pack.attempt.members;
    const isUntold = untoldOf(pack, first).requests > 0;
    if (isUntold && (await held.take([item])).size > 0) mine.add(pack.attempt.uuid);
  }
  if (mine.size === 0) return noUsage;
  // Read again: it may have been told before it was ours.
  const sums = await sumsOf(line, plan);
  let usage = noUsage;
  for (const pack of await packsOfPlan({ line, plan })) {
    const whole = sums.get(pack.attempt.uuid);
    const untold = untoldOf(pack, sums);
    if (whole === undefined || !mine.has(pack.attempt.uuid) || untold.requests === 0) continue;
    await pack.append(toldKey, 'end', { usage: whole });
    usage = addUsage(usage, untold);
  }
  return usage;
}

type Sums = ReadonlyMap<string | null, Usage>;

/** Of all attempts in one pass: a plan may have thousands of packs. */
async function sumsOf({ stations }: Line, plan: Plan): Promise<Sums> {
  const groups = await stations.ledger.groups('attempt', { plan: planKey(plan), target: plan.target });
  return new Map(groups.map(({ key, usage }) => [key, usage]));
}

function untoldOf(pack: PackJournal, sums: Sums): Usage {
  const whole = sums.get(pack.attempt.uuid) ?? noUsage;
  const told = toldOf(pack);
  // Exactly what was booked, where it is all of it.
  return told === null ? whole : usageSince(whole, told);
}

function toldOf(pack: PackJournal): Usage | null {
  const record = pack.records().findLast(isTold);
  return record === undefined ? null : usageSchema.parse(record.data['usage']);
}

/** What came of its call is known, and what that took is told. */
function isOver(pack: PackJournal): boolean {
  const records = pack.records();
  const end = [settleKey, closingKey].map((key) =>
    records.findIndex(
      ({ stage, effect, event }) => event === 'end' && stage === key.stage && effect === key.effect,
    ),
  );
  const over = end.find((index) => index !== -1);
  return over !== undefined && records.findLastIndex(isTold) > over;
}

function isTold({ stage, effect }: JournalRecord): boolean {
  return stage === toldKey.stage && effect === toldKey.effect;
}
