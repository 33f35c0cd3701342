/**
 * Which block an item of the plan is, on a base that may have moved since: ids say where a block stood when the plan was
 * made, and what is asked and written goes by its text.
 */
import { blockItems } from '../../model/block.js';
import type { BlockFile, BlockItem } from '../../model/block.js';
import type { Plan } from '../../model/plan.js';
import type { Stations } from '../stations.js';

export interface PlannedItems {
  readonly files: readonly BlockFile[];
  /** The blocks as they stand on the base, by the plan's ids. */
  readonly items: ReadonlyMap<string, BlockItem>;
  /** Items whose text the base doesn't have any more. */
  readonly changed: ReadonlySet<string>;
}

export interface PlanOnBase {
  readonly plan: Pick<Plan, 'target' | 'base'>;
  /** 40 hex digits. */
  readonly base: string;
}

export async function plannedItems(
  { picker, workspace }: Pick<Stations, 'picker' | 'workspace'>,
  { plan, base }: PlanOnBase,
  signal: AbortSignal,
): Promise<PlannedItems> {
  const files = await picker.blocks(workspace.tree(base), plan.target, signal);
  const origin = /@([0-9a-f]{7,40})$/.exec(plan.base ?? '')?.[1];
  if (origin === undefined || base.startsWith(origin)) return { ...placed(files), files };
  // A plan from elsewhere may name a commit that isn't here: then its ids are all there is to go by.
  const before = await picker.blocks(workspace.tree(origin), plan.target, signal).catch(() => {
    signal.throwIfAborted();
    return null;
  });
  return before === null ? { ...placed(files), files } : { ...moved(before, files), files };
}

function placed(files: readonly BlockFile[]): Omit<PlannedItems, 'files'> {
  return { items: new Map(blockItems(files).map((item) => [item.id, item])), changed: new Set() };
}

/** A block is the one of the same file with the same text; of several alike, the one of the same rank. Pure. */
export function moved(
  before: readonly BlockFile[],
  now: readonly BlockFile[],
): Pick<PlannedItems, 'items' | 'changed'> {
  const alike = new Map<string, BlockItem[]>();
  for (const item of blockItems(now)) {
    const key = keyOf(item);
    alike.set(key, [...(alike.get(key) ?? []), item]);
  }
  const ranks = new Map<string, number>();
  const items = new Map(blockItems(now).map((item) => [item.id, item]));
  const changed = new Set<string>();
  for (const item of blockItems(before)) {
    const key = keyOf(item);
    const rank = ranks.get(key) ?? 0;
    ranks.set(key, rank + 1);
    const found = alike.get(key)?.[rank];
    if (found === undefined) {
      items.delete(item.id);
      changed.add(item.id);
    } else items.set(item.id, { ...found, id: item.id });
  }
  return { items, changed };
}

function keyOf({ file, block }: BlockItem): string {
  return `${file.split.path}\n${block.text}`;
}
