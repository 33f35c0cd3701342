import type { TreeEntry } from '../../model/base-tree.js';
import type { BlockItem } from '../../model/block.js';
import type { GoodWork } from '../../model/good-work.js';
import { askedDigests, ownDigest, textDigest } from '../../system/work-digests.js';
import type { Candidates, PrefilterParts, Reasons } from './prefilter.js';

/**
 * Items whose last good work was asked for in the same words, of the same models, and whose files or texts are as that work
 * found them (it waits to be merged) or left them.
 */
export async function unchangedReasons(
  { config, goodWork }: PrefilterParts,
  candidates: Candidates,
  signal: AbortSignal,
): Promise<Reasons> {
  const known = await goodWork(candidates.target);
  if (known.length === 0) return new Map();
  const { tree, target, ids, blocks } = candidates;
  const entries = await tree.entries(signal);
  const asked = askedDigests(config, target, entries);
  const goodOf =
    blocks === undefined
      ? fileLookup({ config, target, known, entries })
      : blockLookup(known, [...blocks.values()]);
  return new Map(
    ids.flatMap((item) => {
      const digest = asked(item);
      const good = goodOf(item).find((one) => one.asked === digest);
      return good === undefined ? [] : [[item, reasonOf(good)] as const];
    }),
  );
}

function reasonOf({ at, before, after }: GoodWork): string {
  return `unchanged since it was ${before === after ? 'found good' : 'shipped'} on ${at.slice(0, 10)}`;
}

/** The notes that an item is still as it is told in, whatever it was asked for. */
type Lookup = (item: string) => readonly GoodWork[];

interface OfFiles {
  readonly config: PrefilterParts['config'];
  readonly target: string;
  readonly known: readonly GoodWork[];
  readonly entries: readonly TreeEntry[];
}

function fileLookup({ config, target, known, entries }: OfFiles): Lookup {
  const byItem = new Map(known.map((good) => [good.item, good]));
  return (item) => {
    const good = byItem.get(item);
    if (good === undefined) return [];
    const own = ownDigest(config, { target, item }, entries);
    return [good.before, good.after].includes(own) ? [good] : [];
  };
}

/** A block is known by its file and its text, wherever it stands. */
function blockLookup(known: readonly GoodWork[], items: readonly BlockItem[]): Lookup {
  const found = new Map<string, readonly GoodWork[]>();
  for (const file of new Set(items.map((item) => item.file))) {
    const notes = known.filter(({ item }) => item === file.name || item.startsWith(`${file.name}#`));
    const own = items
      .filter((item) => item.file === file)
      .map(({ id, block }) => ({ id, digest: textDigest(block.text) }));
    for (const one of own) {
      found.set(
        one.id,
        notes.filter((good) => isStill(good, one, own)),
      );
    }
  }
  return (item) => found.get(item) ?? [];
}

interface Standing {
  readonly id: string;
  readonly digest: string;
}

/** What is as the work found it waits to be merged, unless the result stands there; of several alike it is the one in its place. */
function isStill(
  { item, before, after }: GoodWork,
  { id, digest }: Standing,
  blocks: readonly Standing[],
): boolean {
  if (after === digest) return true;
  if (before !== digest || blocks.some((other) => other.digest === after)) return false;
  return item === id || blocks.filter((other) => other.digest === digest).length === 1;
}
