/** What `when: unchanged` goes by next time: blocks that were shipped, and those that are good as they stand. */
import type { GoodWork } from '../../model/good-work.js';
import { askedDigests, textDigest } from '../../system/work-digests.js';
import { keepGoodBlocks } from '../good-work.js';
import { onBaseOf } from './context.js';
import type { PackLine } from './context.js';
import type { PackJournal } from './pack-journals.js';
import type { ShippedBlock } from './shipped-blocks.js';

/** Digests of what each item is asked by rules and regen.yaml as they are now: a pack keeps them from when it was asked. */
export async function askedNow({
  line,
  plan,
  rules,
  signal,
}: Pick<PackLine, 'line' | 'plan' | 'rules' | 'signal'>): Promise<(items: readonly string[]) => Asked> {
  const entries = await line.stations.workspace.tree(rules).entries(signal);
  const digest = askedDigests(line.config, plan.target, entries);
  return (items) => Object.fromEntries(items.map((item) => [item, digest(item)]));
}

type Asked = Readonly<Record<string, string>>;

/** Of a shipment of the pack's answers. Noting something twice is harmless. */
export async function noteShippedBlocks(
  packLine: PackLine,
  pack: PackJournal,
  blocks: ReadonlyMap<string, ShippedBlock>,
): Promise<void> {
  await noteBlocks(packLine, pack, [...blocks]);
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
  await noteBlocks(packLine, pack, blocks);
}

async function noteBlocks(
  packLine: PackLine,
  { attempt }: PackJournal,
  blocks: readonly (readonly [id: string, block: ShippedBlock])[],
): Promise<void> {
  const { surroundings } = packLine.line;
  const { target, rules } = attempt;
  // A pack of an older version has none.
  const isOlder = Object.keys(attempt.asked).length === 0;
  const asked = isOlder ? (await askedNow({ ...packLine, rules }))(attempt.members) : attempt.asked;
  const at = surroundings.now().toISOString();
  const notes = new Map<string, GoodWork[]>();
  for (const [item, { before, text }] of blocks) {
    const digests = { before: textDigest(before.block.text), after: textDigest(text) };
    const { name } = before.file;
    notes.set(name, [...(notes.get(name) ?? []), { item, at, asked: asked[item] ?? '', ...digests }]);
  }
  for (const [file, own] of notes) await keepGoodBlocks(surroundings, { target, file, notes: own });
}
