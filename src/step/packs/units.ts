/**
 * What shipments are called, and with them their branches and pull requests. What an earlier plan has pushed, or another
 * clone, may wait to be merged still: a later plan leaves its names alone. Packs are numbered over all plans of a target.
 */
import { membersOf } from '../../model/attempt.js';
import { planKey } from '../../model/plan.js';
import { branchTip } from '../branch-tip.js';
import type { Line } from '../stage.js';
import { hasLanded, isPushed, pushedSha, shippedData } from '../stages/shipped-data.js';
import type { PackLine } from './context.js';
import { settledOf } from './history.js';
import type { Shipment } from './shipment.js';

/** Whose names are told. */
type Naming = Pick<PackLine, 'line' | 'plan' | 'taken' | 'rules' | 'signal'>;

/** `pack-3`, and `pack-3.11` for what is tried by itself from its eleventh item on; or the name of its item or target. */
export async function unitOf(
  naming: Naming,
  { pack, answers }: Pick<Shipment, 'pack' | 'answers'>,
): Promise<string> {
  const [first] = answers;
  const { number, members } = pack.attempt;
  const per = shippedPer(naming.line);
  const place = members.indexOf(first?.id ?? '');
  // What comes before may have been left as it was.
  const isFirst = place <= 0 || first?.id === settledOf(pack)?.good[0]?.id;
  const ofPack = isFirst ? `pack-${number}` : `pack-${number}.${place + 1}`;
  if (per === 'pack') return freeName(naming, ofPack, () => true);
  const named = per === 'target' || first === undefined ? whole : itemNamed(first.id);
  return (await firstOf(naming, named)) ?? freeName(naming, `${named.plain}.${number}`, named.isOf);
}

/** `all`, of a later plan `all.7` after the first pack that it ships; null: it has shipped none. */
export function targetUnit(naming: Naming): Promise<string | null> {
  return firstOf(naming, whole);
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

interface Named {
  readonly plain: string;
  /** Whether a shipment of these may be called so. */
  readonly isOf: (members: readonly string[]) => boolean;
}

const whole: Named = { plain: wholeTarget, isOf: () => true };

function itemNamed(id: string): Named {
  return { plain: id, isOf: (members) => members.includes(id) };
}

/** What the plan has called such shipments so far, the newest first. */
async function begunNames({ line, plan }: Naming, { plain, isOf }: Named): Promise<readonly string[]> {
  const own = (await line.journals.ofPlan(planKey(plan), plan.target)).filter(
    ({ attempt }) =>
      isOf(membersOf(attempt)) && (attempt.item === plain || attempt.item.startsWith(`${plain}.`)),
  );
  const byPack = own.sort((one, other) => (other.attempt.pack ?? 0) - (one.attempt.pack ?? 0));
  return [...new Set(byPack.map(({ attempt }) => attempt.item))];
}

/** The newest that the plan has begun to use, or else the plain one; null: somebody has pushed that. */
async function firstOf(naming: Naming, named: Named): Promise<string | null> {
  const { plain, isOf } = named;
  if (!naming.taken.isDistinct) return plain;
  for (const name of await begunNames(naming, named)) {
    if (!(await isLost(naming, name))) return name;
  }
  return (await isFree(naming, plain, isOf)) ? plain : null;
}

/** Else with a number behind it: another clone may have pushed the same since the pack was opened. */
async function freeName(naming: Naming, fresh: string, isOf: Named['isOf']): Promise<string> {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? fresh : `${fresh}-${count}`;
    const isOwn = await isBegun(naming, name, isOf);
    if (isOwn ? !(await isLost(naming, name)) : await isFree(naming, name, isOf)) return name;
  }
}

async function isBegun({ line, plan }: Naming, name: string, isOf: Named['isOf']): Promise<boolean> {
  const attempts = await line.journals.attempts(planKey(plan), { target: plan.target, item: name });
  return attempts.some(({ attempt }) => isOf(membersOf(attempt)));
}

async function isFree({ line, plan, taken }: Naming, name: string, isOf: Named['isOf']): Promise<boolean> {
  const before = await line.journals.ofItem({ target: plan.target, item: name });
  // An item may have the name that another one was shipped under in this plan.
  const isOthers = before.some(({ attempt }) => attempt.plan === planKey(plan) && !isOf(membersOf(attempt)));
  return !isOthers && !before.some(isPushed) && !(await taken.has(name));
}

/** Whether somebody else has the branch by now: nothing of ours is below its tip. What a person does to ours is told elsewhere. */
export async function isLost({ line, plan, taken, rules, signal }: Naming, name: string): Promise<boolean> {
  if (!(await taken.has(name))) return false;
  const ref = { target: plan.target, item: name };
  const { texts, workspace } = line.stations;
  const tip = await branchTip(line, { branch: texts.branch(ref), base: rules }, signal);
  if (tip === null || !('sha' in tip)) return false;
  const own = await line.journals.ofItem(ref);
  // One that is merged, or that a person has made anew, was ours.
  if (own.some(hasLanded) && (tip.isMerged || tip.owner === null)) return false;
  if (own.some(({ attempt }) => attempt.uuid === tip.owner?.attempt)) return false;
  for (const sha of own.flatMap((journal) => shippedData(journal).sha ?? pushedSha(journal) ?? [])) {
    if (await workspace.isAncestor(sha, tip.sha, signal)) return false;
  }
  return true;
}
