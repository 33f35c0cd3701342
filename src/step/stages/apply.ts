/** Writes a pack's answers into the worktree: each block's place, and nothing else. No model is asked. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BlockItem } from '../../model/block.js';
import { textDigest } from '../../system/work-digests.js';
import { settledOf, shippedTexts } from '../packs/history.js';
import type { SettledPack } from '../packs/history.js';
import { packsOf } from '../packs/pack-journals.js';
import { plannedItems } from '../packs/planned-items.js';
import { membersOf } from '../../model/attempt.js';
import { fail, next, stop, unchanged } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { whatAPersonDid } from '../still-wanted.js';
import { prepared } from './prepare.js';

export const apply: Stage = { name: 'apply', run };

async function run(context: StageContext): Promise<StageEnd> {
  const edited = await whatAPersonDid(context);
  if (edited !== null) return stop(edited);
  const found = await answersOf(context);
  const stale = found.filter(
    ({ item, answer }) => item === undefined || textDigest(item.block.text) !== answer.asked,
  );
  if (stale.length > 0) {
    const names = stale.map(({ answer }) => answer.id).join(', ');
    return unchanged(`the base has other text now than was asked about: ${names}`, { isStale: true });
  }
  const written: string[] = [];
  for (const [file, results] of byFile(found)) {
    const { text, unfit } = await (await context.stations.worker()).apply(file.split, results);
    const [first] = unfit;
    if (first !== undefined) return fail(`the result for ${file.name}#${first.key} ${first.reason}`);
    if (text === file.split.text) continue;
    await writeFile(path.join(worktreeOf(context), file.split.path), text);
    written.push(file.split.path);
  }
  return written.length === 0 ? unchanged('the results are what the base has') : next({ written });
}

function worktreeOf(context: StageContext): string {
  return path.resolve(context.surroundings.root, prepared(context).worktree);
}

interface Answered {
  readonly answer: SettledPack['good'][number];
  /** undefined: the base has no such block any more. */
  readonly item: BlockItem | undefined;
}

async function answersOf({
  attempt,
  stations,
  surroundings,
  signal,
}: StageContext): Promise<readonly Answered[]> {
  const packs = await packsOf(surroundings, attempt);
  const pack = packs.find((one) => one.attempt.number === attempt.pack);
  const good = pack === undefined ? [] : (settledOf(pack)?.good ?? []);
  const members = new Set(membersOf(attempt));
  const plan = (await stations.plans.read()) ?? { target: attempt.target, base: null };
  const { items } = await plannedItems(
    stations,
    { plan, base: attempt.base, shipped: shippedTexts(packs) },
    signal,
  );
  return good.filter(({ id }) => members.has(id)).map((answer) => ({ answer, item: items.get(answer.id) }));
}

function byFile(found: readonly Answered[]) {
  const files = new Map<BlockItem['file'], Map<string, string>>();
  for (const { answer, item } of found) {
    if (item === undefined) continue;
    const results = files.get(item.file) ?? new Map<string, string>();
    results.set(item.block.key, answer.result);
    files.set(item.file, results);
  }
  return files;
}
