import type { Block, BlockFit, BlockKind } from '../model/block.js';

/** A block before it has its final key: two regions may have asked for the same. */
export interface Region {
  readonly key: string;
  readonly kind: BlockKind;
  readonly start: number;
  readonly end: number;
  readonly shape: string;
  readonly context?: string | undefined;
  readonly layout: Layout;
}

/** A region's text taken apart: what is shown of it, and how an answer takes its place. */
export interface Layout {
  readonly content: string;
  readonly fit: BlockFit;
}

/** What a way of splitting knows, once its parser is loaded. */
export interface Splitter {
  split(text: string): Found;
  /** Why an answer can't be written though it is in one piece; null when it can. */
  objection?(text: string, block: Block, written: string): string | null;
  /** What is to be written for an answer as it fits: the same, where its place asks for nothing more. */
  mended?(text: string, block: Block, written: string): string;
  /** Whether a block may cease to be found once it is changed: a pattern `TODO: (.*)` is meant to. */
  readonly mayVanish?: boolean;
}

export interface Found {
  readonly regions: readonly Region[];
  readonly faults: number;
}

/** Regions in order of place as blocks; the second of a name is `name#2`. */
export function toBlocks(text: string, regions: readonly Region[]): readonly Block[] {
  const unique = uniqueKeys();
  return regions.map(({ key, kind, start, end, shape, context, layout }) => ({
    key: unique(key),
    kind,
    start,
    end,
    text: text.slice(start, end),
    content: layout.content,
    ...(context === undefined || context === '' ? {} : { context }),
    fit: layout.fit,
    shape,
  }));
}

/** Tells names apart that are equal: `usage`, `usage#2`. */
export function uniqueKeys(): (key: string) => string {
  const used = new Set<string>();
  const counts = new Map<string, number>();
  return (key) => {
    let count = counts.get(key) ?? 0;
    let name: string;
    do {
      count += 1;
      name = count === 1 ? key : `${key}#${count}`;
    } while (used.has(name));
    counts.set(key, count);
    used.add(name);
    return name;
  };
}
