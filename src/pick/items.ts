import type { TreeEntry } from '../model/base-tree.js';
import type { ItemsConfig } from '../model/config.js';
import { compileGlob } from '../model/glob.js';
import { filesUnder } from './files.js';
import { sortedNames } from './names.js';

/** A target's items: a list as it was written, files by name and each name once. */
export function itemIds(
  entries: readonly TreeEntry[],
  items: ItemsConfig,
  target: string,
): readonly string[] {
  if (items.list !== undefined) return items.list;
  const glob = compileGlob(items.glob ?? '{item}', { target }, 'item');
  const excluded = items.exclude.map((pattern) => compileGlob(pattern, { target }));
  const found = filesUnder(entries, glob.root).flatMap(({ path }) => {
    const item = glob.match(path)?.item ?? null;
    return item === null || excluded.some((exclude) => exclude.match(path) !== null) ? [] : [item];
  });
  return sortedNames(found);
}
