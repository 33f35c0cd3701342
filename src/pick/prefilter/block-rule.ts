import type { BlockItem } from '../../model/block.js';
import { generatedBy } from '../../model/generated.js';
import { wordCount } from '../../model/words.js';
import type { Reasons, SkipRule } from './prefilter.js';

/** Rules about blocks themselves: what kind they are, and what their text is. */
export function blockReasons(rule: SkipRule, blocks: readonly BlockItem[]): Reasons {
  const generated = generatedFiles(rule, blocks);
  return new Map(
    blocks.flatMap((item) => {
      const reason = reasonOf(rule, item, generated);
      return reason === null ? [] : [[item.id, reason] as const];
    }),
  );
}

function reasonOf(
  { when, kind, fewerWords }: SkipRule,
  { file, block }: BlockItem,
  generated: ReadonlyMap<string, string>,
): string | null {
  if (kind !== undefined) return kind.includes(block.kind) ? `a block of kind ${block.kind}` : null;
  if (fewerWords !== undefined) {
    const words = wordCount(block.content);
    return words < fewerWords ? `it has ${words} words, fewer than ${fewerWords}` : null;
  }
  if (when === 'empty') return block.content.trim() === '' ? 'it is empty' : null;
  const by = when === 'generated' ? generated.get(file.split.path) : undefined;
  return by === undefined ? null : `${file.split.path} is generated: ${by}`;
}

/** Every file is looked at once, whatever the number of its blocks. */
function generatedFiles({ when }: SkipRule, blocks: readonly BlockItem[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (when !== 'generated') return found;
  for (const { split } of new Set(blocks.map(({ file }) => file))) {
    const by = generatedBy(split.text, split.path);
    if (by !== null) found.set(split.path, by);
  }
  return found;
}
