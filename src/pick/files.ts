/** Which files of the base belong to what. */
import type { TreeEntry } from '../model/base-tree.js';
import { compileGlob } from '../model/glob.js';

/**
 * The regular files below a folder; '' is the root. A symlink is another name of a file and a submodule is another
 * repository: neither is a piece to redo.
 */
export function filesUnder(entries: readonly TreeEntry[], folder: string): TreeEntry[] {
  return under(entries, folder).filter(isRegular);
}

/** What is there below the folder besides the regular files. */
export function othersUnder(entries: readonly TreeEntry[], folder: string): TreeEntry[] {
  return under(entries, folder).filter((entry) => !isRegular(entry));
}

function under(entries: readonly TreeEntry[], folder: string): TreeEntry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return entries.filter((entry) => entry.path.startsWith(prefix));
}

function isRegular({ mode }: TreeEntry): boolean {
  return mode.startsWith('100');
}

/** The target of every file that the pattern finds for one of the ids, by the file's path. */
export function filesByTarget(
  entries: readonly TreeEntry[],
  pattern: string,
  ids: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const any = compileGlob(pattern, {}, 'target');
  for (const { path } of filesUnder(entries, any.root)) {
    const target = any.match(path)?.target ?? null;
    if (target !== null && ids.has(target)) owners.set(path, target);
  }
  // A capture ends at a slash; the few ids that hold one (they come from a list) are looked for by name.
  for (const target of [...ids].filter((id) => id.includes('/'))) {
    const own = compileGlob(pattern, { target });
    for (const { path } of filesUnder(entries, own.root))
      if (own.match(path) !== null) owners.set(path, target);
  }
  return owners;
}
