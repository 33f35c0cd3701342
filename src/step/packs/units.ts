/**
 * What shipments are called, and with them their branches and pull requests. What an earlier plan has pushed may wait to be
 * merged still: a later plan leaves its names alone. Packs are numbered over all plans of a target.
 */
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import type { Journal } from '../journal.js';
import type { Line } from '../stage.js';
import { packsOfPlan } from './context.js';
import type { Shipment } from './shipment.js';

/** `pack-3`, and `pack-3.11` for what is tried by itself from its eleventh item on; or the name of its item or target. */
export async function unitOf(
  line: Line,
  plan: Plan,
  { pack, answers }: Pick<Shipment, 'pack' | 'answers'>,
): Promise<string> {
  const [first] = answers;
  const { number, members } = pack.attempt;
  const per = line.config.ship.per ?? 'pack';
  if (per === 'target') return (await targetUnit(line, plan)) ?? `${wholeTarget}.${number}`;
  if (per === 'item' && first !== undefined && answers.length === 1)
    return (
      (await nameOf(line, plan, { name: first.id, isOf: isMember(first.id) })) ?? `${first.id}.${number}`
    );
  const place = members.indexOf(first?.id ?? '');
  return place <= 0 ? `pack-${number}` : `pack-${number}.${place + 1}`;
}

/** `all`, of a later plan `all.7` after the first pack that it ships; null: it has shipped none. */
export function targetUnit(line: Line, plan: Plan): Promise<string | null> {
  return nameOf(line, plan, { name: wholeTarget, isOf: () => true });
}

const wholeTarget = 'all';

function isMember(id: string): (members: readonly string[]) => boolean {
  return (members) => members.includes(id);
}

interface Named {
  readonly name: string;
  /** Whether a pack of these may be called so. */
  readonly isOf: (members: readonly string[]) => boolean;
}

/** The one that the plan has begun to use, or else the plain one; null: an earlier plan has pushed that. */
async function nameOf(line: Line, plan: Plan, { name, isOf }: Named): Promise<string | null> {
  const { target } = plan;
  const plain = await line.journals.ofItem({ target, item: name });
  const isOwn = plain.some(({ attempt }) => attempt.plan === planKey(plan));
  if (isOwn || !plain.some(isPushed)) return name;
  for (const { attempt } of await packsOfPlan({ line, plan })) {
    if (!isOf(attempt.members)) continue;
    const item = `${name}.${attempt.number}`;
    if ((await line.journals.attempts(planKey(plan), { target, item })).length > 0) return item;
  }
  return null;
}

/** Or was about to be when a kill came. */
function isPushed(journal: Journal): boolean {
  return journal
    .records()
    .some(({ stage, effect }) => stage === 'ship' && (effect === 'push' || effect === 'branch'));
}
