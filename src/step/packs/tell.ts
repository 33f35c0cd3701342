/** What steps say of packs: all that was paid and marked is told once, so that steps add up to the ledger and to the plan. */
import * as z from 'zod';
import type { JournalRecord } from '../../model/attempt.js';
import type { PullRequest } from '../../model/forge.js';
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import { packedItemSchema } from '../../model/step-document.js';
import type { Outcome, PackedItem } from '../../model/step-result.js';
import { addUsage, noUsage, usageSince } from '../../model/usage.js';
import { usageSchema } from '../../model/usage-schema.js';
import type { Usage } from '../../model/usage.js';
import type { EffectKey } from '../journal.js';
import type { Line } from '../stage.js';
import { shippedData } from '../stages/shipped-data.js';
import { packsOfPlan } from './context.js';
import { settleKey, shipmentEndSchema } from './history.js';
import type { ShipmentEnd } from './history.js';
import type { HeldItems } from './locks.js';
import { closingKey } from './pack-journals.js';
import type { PackJournal } from './pack-journals.js';

const toldKey: EffectKey = { stage: 'pack', round: 0, effect: 'told' };
const markedKey: EffectKey = { stage: 'pack', round: 0, effect: 'marked' };

export interface Told {
  readonly usage: Usage;
  /** What was marked, the last word for each. */
  readonly items: readonly PackedItem[];
}

/**
 * What the plan's packs took and marked that nobody has told yet, also where a step did it that was killed, or ended in an
 * error. What a step beside this one is at work on is that one's to tell.
 */
export async function tell(line: Line, plan: Plan, held: HeldItems): Promise<Told> {
  const packs = await packsOfPlan({ line, plan });
  const sums = packs.every(isOver) ? noSums : await sumsOf(line, plan);
  const mine = new Set<string>();
  for (const pack of packs.filter((one) => isUntold(one, sums))) {
    const [item = ''] = pack.attempt.members;
    if ((await held.take([item])).size > 0) mine.add(pack.attempt.uuid);
  }
  // Read again: it may have been told before it was ours.
  return mine.size === 0 ? nothingTold : tellOf(line, plan, mine);
}

export const nothingTold: Told = { usage: noUsage, items: [] };

async function tellOf(line: Line, plan: Plan, mine: ReadonlySet<string>): Promise<Told> {
  const sums = await sumsOf(line, plan);
  const journals = await line.journals.ofPlan(planKey(plan), plan.target);
  const prs = new Map(journals.map((journal) => [journal.attempt.uuid, shippedData(journal).pr ?? null]));
  let usage = noUsage;
  const items = new Map<string, PackedItem>();
  for (const pack of await packsOfPlan({ line, plan })) {
    if (!mine.has(pack.attempt.uuid) || !isUntold(pack, sums)) continue;
    usage = addUsage(usage, untoldUsage(pack, sums));
    for (const item of untoldItems(pack, prs)) items.set(item.id, item);
    await pack.append(toldKey, 'end', { usage: sums.get(pack.attempt.uuid) ?? noUsage });
  }
  return { usage, items: [...items.values()] };
}

function isUntold(pack: PackJournal, sums: Sums): boolean {
  return untoldUsage(pack, sums).requests > 0 || untoldItems(pack, new Map()).length > 0;
}

/** To be told with the rest: items that the pack has marked, other than by shipping them. */
export async function noteMarked(pack: PackJournal, items: readonly PackedItem[]): Promise<void> {
  await pack.append(markedKey, 'end', { items });
}

function untoldItems(pack: PackJournal, prs: ReadonlyMap<string, PullRequest | null>): readonly PackedItem[] {
  const records = pack.records();
  const news = records.slice(records.findLastIndex(isTold) + 1).filter(({ event }) => event === 'end');
  return news.flatMap(({ stage, effect, data }): readonly PackedItem[] => {
    if (stage === markedKey.stage && effect === markedKey.effect) return markedSchema.parse(data).items;
    if (stage !== 'shipment') return [];
    const { members, outcome: end, reason, attempt } = shipmentEndSchema.parse(data);
    const outcome = outcomes[end];
    const pr = outcome === 'shipped' ? (prs.get(attempt) ?? null) : null;
    return outcome === null ? [] : members.map((id) => ({ id, outcome, reason, pr }));
  });
}

const markedSchema = z.object({ items: z.array(packedItemSchema) });

const outcomes: Readonly<Record<ShipmentEnd['outcome'], Outcome | null>> = {
  shipped: 'shipped',
  unchanged: 'unchanged',
  failed: 'failed',
  'given-up': 'failed',
  skipped: 'skipped',
  stopped: 'skipped',
  // Asked anew, tried in halves or shipped once more: nothing has become of it yet.
  split: null,
  rejected: null,
  stale: null,
  outrun: null,
};

type Sums = ReadonlyMap<string | null, Usage>;

/** Of all attempts in one pass: a plan may have thousands of packs. */
async function sumsOf({ stations }: Line, plan: Plan): Promise<Sums> {
  const groups = await stations.ledger.groups('attempt', { plan: planKey(plan), target: plan.target });
  return new Map(groups.map(({ key, usage }) => [key, usage]));
}

const noSums: Sums = new Map();

function untoldUsage(pack: PackJournal, sums: Sums): Usage {
  const whole = sums.get(pack.attempt.uuid) ?? noUsage;
  const told = isOver(pack) ? whole : toldOf(pack);
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
