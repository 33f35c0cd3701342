/** How old each target is, as the base tells. */
import type { BaseTree } from '../model/base-tree.js';
import type { ItemsConfig, TargetsConfig } from '../model/config.js';
import { readCommitAges } from './commit-ages.js';
import { readMetadataAges } from './metadata-ages.js';
import type { ListedTarget } from './targets.js';

interface AgeQuestion {
  readonly tree: BaseTree;
  readonly listed: readonly ListedTarget[];
  readonly progress: (line: string) => void;
}

/** The targets' own ages by id; a target that nothing is known of is left out. What its source says goes first. */
export async function readAges(
  config: { readonly targets: TargetsConfig; readonly items: ItemsConfig },
  question: AgeQuestion,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Date>> {
  const ages = new Map<string, Date>();
  for (const { id, updated } of question.listed) if (updated !== null) ages.set(id, updated);
  const ids = new Set(question.listed.map((target) => target.id).filter((id) => !ages.has(id)));
  const source = config.targets.updated;
  if (source === undefined || ids.size === 0) return ages;
  if (source === 'git' && (await question.tree.isShallow(signal))) question.progress(shallowWarning);
  const read =
    source === 'git'
      ? await readCommitAges(config.items, { ...question, ids }, signal)
      : await readMetadataAges(source, { ...question, ids }, signal);
  return new Map([...ages, ...read]);
}

const shallowWarning =
  'warning: this clone is shallow, so what is older than its oldest commit has the age of that commit; ' +
  '"git fetch --unshallow" mends it';
