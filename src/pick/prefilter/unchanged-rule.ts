import { askedDigest, ownDigest, textDigest } from '../../system/work-digests.js';
import type { Candidates, PrefilterParts, Reasons } from './prefilter.js';

/**
 * Items whose last good work was asked for in the same words, of the same model, and whose files are as that work found
 * them (it waits to be merged) or left them.
 */
export async function unchangedReasons(
  { config, goodWork }: PrefilterParts,
  { tree, target, ids, blocks }: Candidates,
  signal: AbortSignal,
): Promise<Reasons> {
  const known = await goodWork(target);
  if (known.size === 0) return new Map();
  const entries = await tree.entries(signal);
  return new Map(
    ids.flatMap((item) => {
      const good = known.get(item);
      if (good === undefined) return [];
      const ref = { target, item };
      const block = blocks?.get(item)?.block;
      const own = block === undefined ? ownDigest(config, ref, entries) : textDigest(block.text);
      const isSame =
        good.asked === askedDigest(config, ref, entries) && [good.before, good.after].includes(own);
      const since = good.at.slice(0, 10);
      return isSame ? [[item, `unchanged since it was shipped on ${since}`] as const] : [];
    }),
  );
}
