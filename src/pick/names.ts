import { RegenError } from '../model/errors.js';
import { encodeId } from '../model/ids.js';

/** Code point order, which is also git's order of bytes; `<` on strings compares UTF-16 units. */
export function compareNames(left: string, right: string): number {
  if (left === right) return 0;
  if (hasSurrogate(left) || hasSurrogate(right)) return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return left < right ? -1 : 1;
}

/** Each name once, in order. */
export function sortedNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort(compareNames);
}

/** Bytes of an encoded id: a file's or ref's name has 255, and some of ours add an instant or an ending to it. */
const longestEncoded = 200;

/**
 * The ids, when each can be the name of a folder and a branch.
 *
 * @throws RegenError `config` naming the first that is too long for it.
 */
export function nameable(ids: readonly string[], what: 'target' | 'item'): readonly string[] {
  const tooLong = ids.find((id) => encodeId(id).length > longestEncoded);
  if (tooLong === undefined) return ids;
  throw new RegenError(
    'config',
    `the ${what} "${tooLong}" has too long a name: percent-encoded, as folders and branches have it, it comes to ${encodeId(tooLong).length} bytes of at most ${longestEncoded}`,
    {
      hint:
        what === 'item'
          ? 'Give it a shorter name on the base, or leave it out with items.exclude.'
          : 'Give it a shorter name on the base, or narrow targets in regen.yaml.',
    },
  );
}

function hasSurrogate(text: string): boolean {
  return /[\uD800-\uDFFF]/.test(text);
}
