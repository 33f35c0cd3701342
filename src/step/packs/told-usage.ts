/** What steps have said of a pack's usage: each part of it is told once, so that steps add up to the ledger. */
import { noUsage, usageSince } from '../../model/usage.js';
import { usageSchema } from '../../model/usage-schema.js';
import type { Usage } from '../../model/usage.js';
import type { EffectKey } from '../journal.js';
import type { Line } from '../stage.js';
import type { PackJournal } from './pack-journals.js';

const toldKey: EffectKey = { stage: 'pack', round: 0, effect: 'told' };

/** What the pack took that no step has told yet, also where it was paid by one that was killed or had to wait. */
export async function untoldUsage(
  { ledger }: Pick<Line['stations'], 'ledger'>,
  pack: PackJournal,
): Promise<Usage> {
  const { plan, uuid } = pack.attempt;
  const whole = await ledger.sum({ plan, attempt: uuid });
  const told = toldOf(pack);
  const untold = usageSince(whole, told);
  if (untold.requests > 0) await pack.append(toldKey, 'end', { usage: whole });
  // Exactly what was booked, where it is all of it.
  return told.requests === 0 ? whole : untold;
}

function toldOf(pack: PackJournal): Usage {
  const record = pack.records().findLast(({ stage, effect }) => stage === 'pack' && effect === 'told');
  return record === undefined ? noUsage : usageSchema.parse(record.data['usage']);
}
