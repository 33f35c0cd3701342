/** Rules about files of the base: the one that the rule names, or the item's own. */
import type { BaseTree, TreeEntry } from '../../model/base-tree.js';
import type { ItemsConfig } from '../../model/config.js';
import { generatedBy } from '../../model/generated.js';
import { compileGlob, withPlaceholder } from '../../model/glob.js';
import { fillTemplate } from '../../model/template.js';
import { wordCount } from '../../model/words.js';
import { filesUnder } from '../files.js';
import type { Candidates, Reasons, SkipRule } from './prefilter.js';

/** Every file is read once, whatever its size up to this many bytes; nothing longer is empty, short, or looked at. */
const largestRead = 1_000_000;

/** Without `path` a rule is about the item's own file, the one that names it. */
export async function fileReasons(
  rule: SkipRule,
  items: ItemsConfig,
  { tree, target, ids }: Candidates,
  signal: AbortSignal,
): Promise<Reasons> {
  const pattern = rule.path ?? ownPattern(items);
  if (pattern === null) return new Map();
  const find = createFinder(pattern, target, await tree.entries(signal));
  const files = new Map(ids.map((id) => [id, find(id)]));
  const facts = needsContent(rule)
    ? await readFacts([...files.values()].flat(), rule, tree, signal)
    : new Map<string, FileFacts>();
  return new Map(
    ids.flatMap((id) => {
      const name = fillTemplate(pattern, { target, item: id });
      const reason = reasonOf(rule, name, files.get(id) ?? [], facts);
      return reason === null ? [] : [[id, reason] as const];
    }),
  );
}

function ownPattern({ glob }: ItemsConfig): string | null {
  return glob === undefined ? null : (withPlaceholder(glob, 'item') ?? glob);
}

/** What a file's content comes to for the rules. */
interface FileFacts {
  readonly isBlank: boolean;
  readonly words: number;
  /** Why it counts as generated; null: nothing says so. */
  readonly generated: string | null;
}

function needsContent({ when, fewerWords }: SkipRule): boolean {
  return fewerWords !== undefined || when === 'empty' || when === 'generated';
}

function reasonOf(
  { when, fewerWords }: SkipRule,
  name: string,
  files: readonly TreeEntry[],
  facts: ReadonlyMap<string, FileFacts>,
): string | null {
  const all = files.map(
    ({ path }) => facts.get(path) ?? { isBlank: false, words: Infinity, generated: null },
  );
  const isThere = files.length > 0;
  if (fewerWords !== undefined) {
    const words = all.reduce((sum, one) => sum + one.words, 0);
    return isThere && words < fewerWords ? `${name} has ${words} words, fewer than ${fewerWords}` : null;
  }
  switch (when) {
    case 'missing':
      return isThere ? null : `${name} is missing`;
    case 'exists':
      return isThere ? `${name} is there` : null;
    case 'empty':
      return isThere && all.every((one) => one.isBlank) ? `${name} is empty` : null;
    case 'generated':
      return isThere && all.every((one) => one.generated !== null)
        ? `${name} is generated: ${all[0]?.generated ?? ''}`
        : null;
    case 'unchanged':
    case undefined:
      return null;
  }
}

async function readFacts(
  files: readonly TreeEntry[],
  rule: SkipRule,
  tree: BaseTree,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileFacts>> {
  const facts = new Map<string, FileFacts>();
  const small = files.filter(({ size }) => size !== null && size <= largestRead);
  await tree.read(
    [...new Set(small.map(({ path }) => path))],
    (path, content) => {
      if (content !== null) facts.set(path, factsOf(path, content.toString('utf8'), rule));
    },
    signal,
  );
  return facts;
}

/** Counting words takes longest: only for the rule that asks. */
function factsOf(path: string, text: string, { fewerWords }: SkipRule): FileFacts {
  return {
    isBlank: text.trim() === '',
    words: fewerWords === undefined ? Infinity : wordCount(text),
    generated: generatedBy(text, path),
  };
}

type Finder = (item: string) => readonly TreeEntry[];

/** A plain path is looked up; only a pattern is matched against the files near it. */
function createFinder(pattern: string, target: string, entries: readonly TreeEntry[]): Finder {
  const near = filesUnder(entries, compileGlob(pattern, { target }).root);
  if (!/[*?]/.test(pattern)) {
    const byPath = new Map(near.map((entry) => [entry.path, entry]));
    return (item) => {
      const entry = byPath.get(fillTemplate(pattern, { target, item }));
      return entry === undefined ? [] : [entry];
    };
  }
  return (item) => {
    const glob = compileGlob(pattern, { target, item });
    return near.filter((entry) => glob.match(entry.path) !== null);
  };
}
