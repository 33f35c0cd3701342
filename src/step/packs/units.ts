/**
 * What shipments are called, and with them their branches and pull requests. What an earlier plan has pushed, or another
 * clone, may wait to be merged still: a later plan leaves its names alone. Packs are numbered over all plans of a target.
 */
import { membersOf } from '../../model/attempt.js';
import { planKey } from '../../model/plan.js';
import type { Line } from '../stage.js';
import { isPushed } from '../stages/shipped-data.js';
import { packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import type { Shipment } from './shipment.js';

/** Whose names are told. */
type Naming = Pick<PackLine, 'line' | 'plan' | 'taken'>;

/** `pack-3`, and `pack-3.11` for what is tried by itself from its eleventh item on; or the name of its item or target. */
export async function unitOf(
  naming: Naming,
  { pack, answers }: Pick<Shipment, 'pack' | 'answers'>,
): Promise<string> {
  const [first] = answers;
  const { number, members } = pack.attempt;
  const per = shippedPer(naming.line);
  if (per === 'target') return (await targetUnit(naming)) ?? `${wholeTarget}.${number}`;
  if (per === 'item' && first !== undefined && answers.length === 1)
    return (await nameOf(naming, { name: first.id, isOf: isMember(first.id) })) ?? `${first.id}.${number}`;
  const place = members.indexOf(first?.id ?? '');
  return place <= 0 ? `pack-${number}` : `pack-${number}.${place + 1}`;
}

/** `all`, of a later plan `all.7` after the first pack that it ships; null: it has shipped none. */
export function targetUnit(naming: Naming): Promise<string | null> {
  return nameOf(naming, { name: wholeTarget, isOf: () => true });
}

/** Whether a pack of these couldn't have the number: somebody's branch is called after it, or another item is. */
export async function isNumberTaken(
  { line, plan, taken }: Naming,
  members: readonly string[],
  number: number,
): Promise<boolean> {
  switch (shippedPer(line)) {
    case 'pack':
      return (await taken.has(`pack-${number}`)) || (await taken.hasAny(`pack-${number}.`));
    case 'target':
      return taken.has(`${wholeTarget}.${number}`);
    case 'item': {
      const ids = new Set(plan.items.map(({ id }) => id));
      const names = members.map((id) => `${id}.${number}`);
      return (
        names.some((name) => ids.has(name)) ||
        (await Promise.all(names.map((name) => taken.has(name)))).includes(true)
      );
    }
  }
}

const wholeTarget = 'all';

function shippedPer({ config }: Pick<Line, 'config'>): 'item' | 'pack' | 'target' {
  return config.ship.per ?? 'pack';
}

function isMember(id: string): (members: readonly string[]) => boolean {
  return (members) => members.includes(id);
}

interface Named {
  readonly name: string;
  /** Whether a pack of these may be called so. */
  readonly isOf: (members: readonly string[]) => boolean;
}

/** The one that the plan has begun to use, or else the plain one; null: somebody has pushed that. */
async function nameOf({ line, plan, taken }: Naming, { name, isOf }: Named): Promise<string | null> {
  const { target } = plan;
  const plain = await line.journals.ofItem({ target, item: name });
  // An item may have the name that another one was shipped under.
  const own = plain.filter(({ attempt }) => attempt.plan === planKey(plan) && isOf(membersOf(attempt)));
  if (own.length > 0) return name;
  for (const { attempt } of await packsOfPlan({ line, plan })) {
    if (!isOf(attempt.members)) continue;
    const item = `${name}.${attempt.number}`;
    if ((await line.journals.attempts(planKey(plan), { target, item })).length > 0) return item;
  }
  return plain.some(isPushed) || (await taken.has(name)) ? null : name;
}
