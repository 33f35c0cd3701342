/** Items that are blocks of files: the base's files of a target, cut. */
import type { BaseTree, TreeEntry } from '../model/base-tree.js';
import type { BlockFile, BlockSource, SplitInto } from '../model/block.js';
import type { ItemsConfig } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { filesUnder } from './files.js';
import { itemMatcher } from './items.js';
import { sortedNames } from './names.js';

export interface BlockParts {
  readonly items: ItemsConfig;
  readonly split: SplitInto;
  readonly surroundings: Pick<Surroundings, 'progress'>;
}

/** By the files' names; one that is no UTF-8 text is passed over with a warning. */
export async function blockFiles(
  { items, split, surroundings }: BlockParts,
  { tree, target }: { readonly tree: BaseTree; readonly target: string },
  signal: AbortSignal,
): Promise<readonly BlockFile[]> {
  const source: BlockSource = items.blocks ?? { by: 'file' };
  const named = filesByName(await tree.entries(signal), items, target);
  const texts = new Map<string, string | null>();
  await tree.read(
    [...named.values()].map(({ path }) => path),
    (path, content) => texts.set(path, content === null ? null : decoded(content)),
    signal,
  );
  const files: BlockFile[] = [];
  for (const name of sortedNames([...named.keys()])) {
    const path = named.get(name)?.path ?? '';
    const text = texts.get(path) ?? null;
    if (text === null) surroundings.progress(`warning: ${path} is no UTF-8 text: it has no blocks`);
    else files.push({ name, split: await split(text, source, path) });
  }
  return files;
}

function filesByName(
  entries: readonly TreeEntry[],
  items: ItemsConfig,
  target: string,
): ReadonlyMap<string, TreeEntry> {
  const matcher = itemMatcher(items, target);
  const named = new Map<string, TreeEntry>();
  for (const entry of filesUnder(entries, matcher.root)) {
    const name = matcher.item(entry.path);
    if (name === null) continue;
    const other = named.get(name);
    if (other !== undefined) throw ambiguous(name, [other.path, entry.path]);
    named.set(name, entry);
  }
  return named;
}

function ambiguous(name: string, [one = '', other = '']: readonly string[]): RegenError {
  return new RegenError(
    'config',
    `items.glob calls both ${one} and ${other} ${JSON.stringify(name)}: their blocks couldn’t be told apart`,
    {
      hint: 'Write {item} where the paths differ, for instance as **/{item}.md, or leave one out with items.exclude.',
    },
  );
}

function decoded(content: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}
