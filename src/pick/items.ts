import type { TreeEntry } from '../model/base-tree.js';
import type { ItemsConfig } from '../model/config.js';
import { compileGlob } from '../model/glob.js';
import { filesUnder, othersUnder } from './files.js';
import { nameable, sortedNames } from './names.js';

/** A target's items: a list as it was written, files by name and each name once. */
export function itemIds(
  entries: readonly TreeEntry[],
  items: ItemsConfig,
  target: string,
): readonly string[] {
  if (items.list !== undefined) return nameable(items.list, 'item');
  const matcher = itemMatcher(items, target);
  const ids = filesUnder(entries, matcher.root).flatMap(({ path }) => matcher.item(path) ?? []);
  return nameable(sortedNames(ids), 'item');
}

/** Paths that name an item and are none: symlinks and submodules. */
export function passedOverFiles(
  entries: readonly TreeEntry[],
  items: ItemsConfig,
  target: string,
): readonly string[] {
  if (items.list !== undefined) return [];
  const matcher = itemMatcher(items, target);
  return othersUnder(entries, matcher.root)
    .map(({ path }) => path)
    .filter((path) => matcher.item(path) !== null);
}

/** Which item a path names. */
export function itemMatcher(items: ItemsConfig, target: string) {
  const glob = compileGlob(items.glob ?? '{item}', { target }, 'item');
  const excluded = items.exclude.map((pattern) => compileGlob(pattern, { target }));
  return {
    root: glob.root,
    item(path: string): string | null {
      const item = glob.match(path)?.item ?? null;
      return item === null || excluded.some((exclude) => exclude.match(path) !== null) ? null : item;
    },
  };
}
