/** `items.skip`: items that a rule takes out before anything is paid for them. */
import type { BaseTree, TreeEntry } from '../model/base-tree.js';
import type { ItemsConfig } from '../model/config.js';
import { compileGlob } from '../model/glob.js';
import type { Item } from '../model/target.js';
import { fillTemplate } from '../model/template.js';
import { filesUnder } from './files.js';

type SkipRule = ItemsConfig['skip'][number];

interface Question {
  readonly tree: BaseTree;
  readonly target: string;
  readonly ids: readonly string[];
}

/** Bytes; whoever leaves a file blank doesn't do it with more. */
const largestBlank = 4096;

/** Every item, with the reason of the first rule that applies. A file is empty when it holds nothing but blanks. */
export async function applySkips(
  rules: readonly SkipRule[],
  question: Question,
  signal: AbortSignal,
): Promise<readonly Item[]> {
  const { tree, target, ids } = question;
  if (rules.length === 0) return ids.map((id) => ({ id, skipped: null }));
  const entries = await tree.entries(signal);
  const finders = rules.map((rule) => createFinder(rule.path, target, entries));
  const asked = ids.map((id) => ({ id, found: finders.map((find) => find(id)) }));
  const blank = await readBlank(
    asked.flatMap(({ found }) =>
      found.flatMap((files, index) => (rules[index]?.when === 'empty' ? files : [])),
    ),
    tree,
    signal,
  );
  return asked.map(({ id, found }) => {
    const reasons = rules.flatMap((rule, index) => reasonOf(rule, found[index] ?? [], blank) ?? []);
    const [reason = null] = reasons.map((text) => fillTemplate(text, { target, item: id }));
    return { id, skipped: reason };
  });
}

function reasonOf(rule: SkipRule, files: readonly TreeEntry[], blank: ReadonlySet<string>): string | null {
  switch (rule.when) {
    case 'missing':
      return files.length === 0 ? `${rule.path} is missing` : null;
    case 'empty':
      return files.length > 0 && files.every((file) => blank.has(file.path)) ? `${rule.path} is empty` : null;
  }
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

async function readBlank(
  files: readonly TreeEntry[],
  tree: BaseTree,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const blank = new Set(files.filter((file) => file.size === 0).map((file) => file.path));
  const small = files.filter(({ size }) => size !== null && size > 0 && size <= largestBlank);
  if (small.length === 0) return blank;
  await tree.read(
    [...new Set(small.map((file) => file.path))],
    (path, content) => {
      if (content?.toString('utf8').trim() === '') blank.add(path);
    },
    signal,
  );
  return blank;
}
