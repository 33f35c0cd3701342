/** What `when: unchanged` goes by next time: blocks that were shipped, and those that are good as they stand. */
import type { Commission } from '../../model/attempt.js';
import type { GoodWork } from '../../model/good-work.js';
import { askedDigests, textDigest } from '../../system/work-digests.js';
import { keepGoodBlocks } from '../good-work.js';
import { onBaseOf } from './context.js';
import type { PackLine } from './context.js';
import type { PackJournal } from './pack-journals.js';
import type { ShippedBlock } from './shipped-blocks.js';

/** Of a shipment. Noting something twice is harmless. */
export async function noteShippedBlocks(
  packLine: Pick<PackLine, 'line' | 'signal'>,
  attempt: Pick<Commission, 'target' | 'base'>,
  blocks: ReadonlyMap<string, ShippedBlock>,
): Promise<void> {
  await noteBlocks(packLine, attempt, [...blocks]);
}

/** Items of the pack that the model had nothing to change in. Where that is a failure, nothing is noted. */
export async function noteKeptBlocks(
  packLine: PackLine,
  pack: PackJournal,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0 || packLine.line.config.items.unchanged === 'fail') return;
  // The base may have moved since it was asked.
  const { items } = await onBaseOf(packLine, pack);
  const blocks = ids.flatMap((id): [string, ShippedBlock][] => {
    const before = items.get(id);
    return before === undefined ? [] : [[id, { before, text: before.block.text }]];
  });
  await noteBlocks(packLine, pack.attempt, blocks);
}

async function noteBlocks(
  { line, signal }: Pick<PackLine, 'line' | 'signal'>,
  { target, base }: Pick<Commission, 'target' | 'base'>,
  blocks: readonly (readonly [id: string, block: ShippedBlock])[],
): Promise<void> {
  const { config, stations, surroundings } = line;
  const asked = askedDigests(config, target, await stations.workspace.tree(base).entries(signal));
  const at = surroundings.now().toISOString();
  const notes = new Map<string, GoodWork[]>();
  for (const [item, { before, text }] of blocks) {
    const digests = { before: textDigest(before.block.text), after: textDigest(text) };
    const { name } = before.file;
    notes.set(name, [...(notes.get(name) ?? []), { item, at, asked: asked(item), ...digests }]);
  }
  for (const [file, own] of notes) await keepGoodBlocks(surroundings, { target, file, notes: own });
}
