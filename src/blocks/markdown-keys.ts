import type { BlockKind } from '../model/block.js';
import { uniqueKeys } from './region.js';

/** Names of Markdown's blocks by heading and by number among their kind, and the headings as one reads them. */
export interface Outline {
  enter(level: number, text: string): void;
  /** The key of the heading entered last. */
  headingKey(): string;
  /** The key of the next block of that kind, under the heading or within a list or a quote. */
  next(kind: BlockKind | 'item', within: string | null): string;
  context(): string | undefined;
}

interface Heading {
  readonly level: number;
  readonly text: string;
  /** The keys of what is below begin with it; empty for the file's title, so that renaming it moves no key. */
  readonly path: string;
}

export function createOutline(): Outline {
  let above: readonly Heading[] = [];
  let headings = 0;
  let key = '';
  const unique = uniqueKeys();
  const counts = new Map<string, number>();

  return {
    enter(level, text) {
      above = above.filter((heading) => heading.level < level);
      const parent = above.at(-1)?.path ?? '';
      key = unique(joined(parent, slug(text)));
      headings += 1;
      above = [...above, { level, text, path: headings === 1 && level === 1 ? '' : key }];
    },
    headingKey: () => key,
    next(kind, within) {
      const parent = within ?? above.at(-1)?.path ?? '';
      const group = `${parent}\n${kind}`;
      const count = (counts.get(group) ?? 0) + 1;
      counts.set(group, count);
      return joined(parent, unnamed.has(kind) ? `${count}` : `${kind}-${count}`);
    },
    context: () => (above.length === 0 ? undefined : above.map(({ text }) => text).join(' > ')),
  };
}

// Most of what there is; the number alone is easier to read.
const unnamed: ReadonlySet<string> = new Set(['paragraph', 'item']);

const longestSlug = 40;

function slug(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}\p{M}_]+/gu) ?? ['section'];
  return Array.from(words.join('-')).slice(0, longestSlug).join('').replace(/-$/, '');
}

function joined(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`;
}
