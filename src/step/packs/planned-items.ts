/**
 * Which block an item of the plan is, on a base that may have moved since: ids say where a block stood when the plan was
 * made, and what is asked and written goes by its text.
 */
import { blockItems } from '../../model/block.js';
import type { BlockFile, BlockItem } from '../../model/block.js';
import type { Plan } from '../../model/plan.js';
import { textDigest } from '../../system/work-digests.js';
import type { Stations } from '../stations.js';
import { align } from './align.js';
import type { ShippedTexts } from './history.js';

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
  /** What was shipped for the plan's items: the base may have that by now. */
  readonly shipped: ShippedTexts;
}

export async function plannedItems(
  { picker, workspace }: Pick<Stations, 'picker' | 'workspace'>,
  { plan, base, shipped }: PlanOnBase,
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
  return before === null ? { ...placed(files), files } : { ...moved({ before, now: files, shipped }), files };
}

function placed(files: readonly BlockFile[]): Omit<PlannedItems, 'files'> {
  return { items: new Map(blockItems(files).map((item) => [item.id, item])), changed: new Set() };
}

interface Moving {
  readonly before: readonly BlockFile[];
  readonly now: readonly BlockFile[];
  readonly shipped: ShippedTexts;
}

/** A block is one of the same file that has its text, or what was shipped for it; of several alike, the one in its order. Pure. */
export function moved({ before, now, shipped }: Moving): Pick<PlannedItems, 'items' | 'changed'> {
  const items = new Map(blockItems(now).map((item) => [item.id, item]));
  const current = new Map(now.map((file) => [file.split.path, blockItems([file])]));
  const changed = new Set<string>();
  for (const file of before) {
    const own = blockItems([file]);
    const others = current.get(file.split.path) ?? [];
    const digests = new Map(others.map((item) => [item, textDigest(item.block.text)]));
    const pairs = align({
      before: own,
      now: others,
      isSame: (item, other) =>
        item.block.text === other.block.text || shipped.get(item.id)?.has(digests.get(other) ?? '') === true,
    });
    for (const [index, item] of own.entries()) {
      const found = others[pairs.get(index) ?? -1];
      if (found === undefined) {
        items.delete(item.id);
        changed.add(item.id);
      } else items.set(item.id, { ...found, id: item.id });
    }
  }
  return { items, changed };
}
