/** `updated: git`: the newest commit on the base that touched one of the target's items. */
import type { BaseTree, TreeEntry } from '../model/base-tree.js';
import type { ItemsConfig } from '../model/config.js';
import { compileGlob, withPlaceholder } from '../model/glob.js';
import { filesByTarget, filesUnder } from './files.js';

interface Question {
  readonly tree: BaseTree;
  readonly ids: ReadonlySet<string>;
}

/** Walks the history back only until every target that has files was seen. */
export async function readCommitAges(
  items: ItemsConfig,
  { tree, ids }: Question,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Date>> {
  const owners = ownersOf(await tree.entries(signal), items, ids);
  const awaited = new Set([...owners.values()].flat());
  const ages = new Map<string, Date>();
  if (awaited.size === 0) return ages;
  await tree.history((path, committed) => {
    for (const target of owners.get(path) ?? []) if (!ages.has(target)) ages.set(target, committed);
    return ages.size < awaited.size;
  }, signal);
  return ages;
}

/** Which targets each file belongs to: one, or all of them when the pattern doesn't name the target. */
function ownersOf(
  entries: readonly TreeEntry[],
  items: ItemsConfig,
  ids: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const patterns =
    items.glob === undefined ? (items.writes ?? []) : [withPlaceholder(items.glob, 'item') ?? items.glob];
  const owners = new Map<string, readonly string[]>();
  for (const pattern of patterns) {
    if (pattern.includes('{target}')) {
      for (const [path, target] of filesByTarget(entries, pattern, ids)) owners.set(path, [target]);
      continue;
    }
    const glob = compileGlob(pattern);
    const shared = filesUnder(entries, glob.root).filter(({ path }) => glob.match(path) !== null);
    for (const { path } of shared) owners.set(path, [...ids]);
  }
  return withoutExcluded(owners, items);
}

function withoutExcluded(
  owners: ReadonlyMap<string, readonly string[]>,
  items: ItemsConfig,
): ReadonlyMap<string, readonly string[]> {
  const excluded = items.exclude.map((pattern) => compileGlob(pattern));
  if (excluded.length === 0) return owners;
  return new Map([...owners].filter(([path]) => !excluded.some((glob) => glob.match(path) !== null)));
}
