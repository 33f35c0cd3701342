/** The files that are compared: what an item may write, as far as it is the item's alone. */
import type { BaseTree, TreeEntry } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import { compileGlob } from '../model/glob.js';
import { fillTemplate } from '../model/template.js';
import { writesOf } from '../model/writes.js';
import type { NamedText } from './features.js';

/** Bytes; what is larger was generated, and isn't even read. */
const largestFile = 1_000_000;

/** Characters of a file that are looked at: some two thousand lines. */
export const longestText = 100_000;

/** Characters of an item's files together, in the order of their paths. */
const mostText = 200_000;

/** The texts of each item, in the order of the items. */
export async function readItems(
  {
    target,
    items,
    tree,
  }: { readonly target: string; readonly items: readonly string[]; readonly tree: BaseTree },
  config: Config,
  signal: AbortSignal,
): Promise<readonly (readonly NamedText[])[]> {
  const paths = ownPaths(await tree.entries(signal), { target, items }, config);
  const texts = new Map<string, string>();
  await tree.read(
    paths.flat(),
    (path, content) => {
      const text = content === null ? null : decode(content);
      if (text !== null) texts.set(path, head(text, longestText));
    },
    signal,
  );
  return paths.map((own) => withinLimit(own.map((path) => ({ path, text: texts.get(path) ?? '' }))));
}

/** What several items may write is nobody's own, and the metadata say what an evaluation thought. */
function ownPaths(
  entries: readonly TreeEntry[],
  { target, items }: { readonly target: string; readonly items: readonly string[] },
  config: Config,
): readonly (readonly string[])[] {
  const writes = writesOf(config.items);
  const roots = writes.map((source) => compileGlob(source, { target }).root);
  const readable = entries.filter(
    ({ path, mode, size }) =>
      mode.startsWith('100') && (size ?? 0) <= largestFile && roots.some((root) => path.startsWith(root)),
  );
  const matched = items.map((item) => {
    const globs = writes.map((source) => compileGlob(source, { target, item }));
    return readable.map(({ path }) => path).filter((path) => globs.some((glob) => glob.match(path) !== null));
  });
  const owners = new Map<string, number>();
  for (const path of matched.flat()) owners.set(path, (owners.get(path) ?? 0) + 1);
  return matched.map((own, index) => {
    const metadata = fillTemplate(config.record?.metadata ?? '', { target, item: items[index] ?? '' });
    return own.filter((path) => owners.get(path) === 1 && path !== metadata).toSorted();
  });
}

function withinLimit(files: readonly NamedText[]): readonly NamedText[] {
  let room = mostText;
  return files.flatMap(({ path, text }) => {
    const shown = head(text, room);
    room -= shown.length;
    return shown === '' ? [] : [{ path, text: shown }];
  });
}

/** Never half a character. */
function head(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** null when it is no text. */
export function decode(content: Uint8Array): string | null {
  if (content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return null;
  }
}
