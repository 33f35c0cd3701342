/** What became of a shipment, marked in the plan at each of its items. */
import { apportionUsage } from '../../model/apportion.js';
import { formatInstant } from '../../model/instant.js';
import { planKey } from '../../model/plan.js';
import type { ItemState } from '../../model/plan.js';
import type { Journal } from '../journal.js';
import { logLine } from '../log-line.js';
import type { AttemptEnd } from '../position.js';
import { shippedData } from '../stages/shipped-data.js';
import type { PackLine } from './context.js';
import type { ShipmentEnd } from './history.js';
import type { PackJournal } from './pack-journals.js';

export interface Marking {
  readonly journal: Journal;
  readonly end: AttemptEnd;
  readonly shipped: ShipmentEnd;
  readonly pack: PackJournal;
}

export async function markMembers(
  { line, plan, signal }: PackLine,
  { journal, end, shipped, pack }: Marking,
): Promise<void> {
  const to = markOf(shipped.outcome);
  if (to === null) return;
  const { stations, surroundings } = line;
  const whole = await stations.ledger.sum({ plan: pack.attempt.plan, attempt: pack.attempt.uuid });
  const shares = apportionUsage(
    whole,
    pack.attempt.members.map(() => 1),
  );
  const facts = {
    end,
    shipped: shippedData(journal),
    evaluation: null,
    at: surroundings.now(),
    evidence: null,
  };
  const marks = shipped.members.map((item) => {
    const usage = shares[pack.attempt.members.indexOf(item)] ?? whole;
    const others = shipped.members.length - 1;
    const company = others === 0 ? null : `in ${shipped.unit} with ${others} other${others === 1 ? '' : 's'}`;
    const log =
      to === 'failed'
        ? `FAILED: ${shipped.reason ?? ''} (${formatInstant(facts.at)})`
        : logLine({ ...facts, usage, company });
    return { item, from: ['todo'] as const, to, log };
  });
  // All at once: after a kill in between, the others' answers would be shipped once more.
  const marked = await stations.plans.markAll({ plan: planKey(plan), marks }, signal);
  await logUnmarked({ line, plan, signal }, marks, new Set(marked));
}

/** A person's mark stands, and what was done is told below it. */
async function logUnmarked(
  { line, plan, signal }: Pick<PackLine, 'line' | 'plan' | 'signal'>,
  marks: readonly { readonly item: string; readonly to: ItemState; readonly log: string }[],
  marked: ReadonlySet<string>,
): Promise<void> {
  if (marked.size === marks.length) return;
  const { plans } = line.stations;
  const states = new Map((await plans.read())?.items.map(({ id, state }) => [id, state]));
  for (const { item, to, log } of marks) {
    // One that is marked so already was, before a kill.
    const isEdited = !marked.has(item) && states.has(item) && states.get(item) !== to;
    if (isEdited) await plans.log({ plan: planKey(plan), item, text: log }, signal);
  }
}

function markOf(outcome: ShipmentEnd['outcome']): ItemState | null {
  switch (outcome) {
    case 'shipped':
      return 'done';
    case 'failed':
    case 'given-up':
      return 'failed';
    case 'skipped':
    case 'unchanged':
      return 'skipped';
    case 'split':
    case 'rejected':
    case 'stopped':
    case 'stale':
    case 'outrun':
      return null;
  }
}
