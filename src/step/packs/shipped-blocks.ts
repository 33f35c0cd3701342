/** What the blocks of a shipment were before it, and what they are in its commit. */
import { membersOf } from '../../model/attempt.js';
import type { BlockItem } from '../../model/block.js';
import type { Journal } from '../journal.js';
import { shippedData } from '../stages/shipped-data.js';
import { packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import { shippedTexts } from './history.js';
import { plannedItems } from './planned-items.js';

export interface ShippedBlock {
  readonly before: BlockItem;
  /** The block's text in the commit. */
  readonly text: string;
}

/** By item; nothing when the attempt has no commit. */
export async function shippedBlocks(
  { line, plan, signal }: Pick<PackLine, 'line' | 'plan' | 'signal'>,
  journal: Journal,
): Promise<ReadonlyMap<string, ShippedBlock>> {
  const { stations } = line;
  const { sha } = shippedData(journal);
  if (sha === undefined) return new Map();
  // Not the line's base: after a kill that may be what the attempt itself has pushed.
  const { target, base } = journal.attempt;
  const shipped = shippedTexts(await packsOfPlan({ line, plan }));
  const { items } = await plannedItems(stations, { plan, base, shipped }, signal);
  const after = await stations.picker.blocks(stations.workspace.tree(sha), target, signal);
  const texts = new Map(
    after.flatMap(({ name, split }) => split.blocks.map((block) => [`${name}#${block.key}`, block.text])),
  );
  return new Map(
    membersOf(journal.attempt).flatMap((id): [string, ShippedBlock][] => {
      const before = items.get(id);
      if (before === undefined) return [];
      const text = texts.get(`${before.file.name}#${before.block.key}`) ?? before.block.text;
      return [[id, { before, text }]];
    }),
  );
}
