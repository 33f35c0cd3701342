/** Guesses which files of a repository are many pieces of the same kind. Pure. */

/** Where targets and items are, as globs of regen.yaml. */
export interface Layout {
  readonly targets: string;
  readonly items: string;
  /** What an item consists of: its own file, and files of the same names elsewhere in the target. */
  readonly writes: readonly string[];
  /** A Markdown file that every target has: its title and its specification. */
  readonly specification: string | null;
  readonly isPython: boolean;
  /** How many targets and items there are. */
  readonly counts: { readonly targets: number; readonly items: number };
}

/**
 * A grid is the clearest sign: the same file names again and again under sibling folders. Next best are many text
 * files under a few folders. Anything else is no guess worth making: null.
 *
 * @param paths - the tracked files, `/`-separated.
 */
export function guessLayout(paths: readonly string[]): Layout | null {
  const files = paths.flatMap((path) => parseFile(path) ?? []);
  const groups = groupFiles(files);
  const ranked = [...groups.values()]
    .map((group) => ({ group, score: scoreOf(group) }))
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score || compare(left.group.glob, right.group.glob));
  const best = ranked[0]?.group;
  if (best === undefined) return null;
  const twins = ranked.map(({ group }) => group).filter((group) => isTwin(group, best));
  return { ...placesOf(best, files), writes: [best, ...twins].map((group) => group.glob) };
}

interface File {
  readonly folders: readonly string[];
  readonly stem: string;
  /** With its dot. */
  readonly extension: string;
}

/** Every file that one pattern of a target's folder and an item's name takes in. */
interface Group {
  readonly glob: string;
  /** The folder that holds the targets, with its slash; '' at the root. */
  readonly before: string;
  readonly extension: string;
  readonly items: Map<string, Set<string>>;
}

function parseFile(path: string): File | null {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  const dot = name.lastIndexOf('.');
  if (dot < 1 || folders.length === 0 || name === '__init__.py') return null;
  const extension = name.slice(dot);
  if (folders.some((folder) => folder.startsWith('.') || passedOver.has(folder))) return null;
  return [...folders, extension].some(isStrange) ? null : { folders, stem: name.slice(0, dot), extension };
}

/** Has a glob's own characters, which would not stand for themselves, or such as can't be seen. */
function isStrange(name: string): boolean {
  return /[*?{\p{C}\p{Zl}\p{Zp}]/u.test(name);
}

/** Folders that hold what others made, or what only serves the pieces. */
const passedOver: ReadonlySet<string> = new Set([
  'node_modules',
  'vendor',
  'third_party',
  'dist',
  'build',
  'test',
  'tests',
  '__tests__',
  'fixtures',
]);

function groupFiles(files: readonly File[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const { folders, stem, extension } of files) {
    for (const [index, target] of folders.entries()) {
      const before = folders
        .slice(0, index)
        .map((folder) => `${folder}/`)
        .join('');
      const after = folders
        .slice(index + 1)
        .map((folder) => `${folder}/`)
        .join('');
      const glob = `${before}{target}/${after}{item}${extension}`;
      const group = groups.get(glob) ?? { glob, before, extension, items: new Map<string, Set<string>>() };
      groups.set(glob, group);
      group.items.set(target, (group.items.get(target) ?? new Set()).add(stem));
    }
  }
  return groups;
}

/** The number of files in it that make the pattern likely; 0: no guess. */
function scoreOf(group: Group): number {
  const targets = group.items.size;
  const count = countItems(group);
  if (targets < 2) return 0;
  const repeated = repeatedItems(group);
  const inGrid = [...repeated.values()].reduce((sum, times) => sum + times, 0);
  const isData = textFiles.has(group.extension);
  // Code before the data that describes it; and any grid before the largest heap.
  if (repeated.size >= 2 && inGrid >= 0.6 * count) return inGrid * (isData ? 10 : 11);
  const isHeap = isData && group.before !== '' && count >= 20 && count >= 5 * targets;
  return isHeap ? count : 0;
}

const textFiles: ReadonlySet<string> = new Set(
  ['md', 'mdx', 'rst', 'adoc', 'txt', 'yaml', 'yml', 'json', 'toml', 'html', 'svg', 'po'].map(
    (extension) => `.${extension}`,
  ),
);

/** The items that at least half of the targets have, and how many targets have each. */
function repeatedItems(group: Group): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const items of group.items.values())
    for (const item of items) times.set(item, (times.get(item) ?? 0) + 1);
  const enough = Math.max(2, group.items.size / 2);
  return new Map([...times].filter(([, count]) => count >= enough));
}

function countItems(group: Group): number {
  return [...group.items.values()].reduce((sum, items) => sum + items.size, 0);
}

/** Holds one file for nearly every item of the other: its metadata, for instance. */
function isTwin(group: Group, other: Group): boolean {
  if (group === other || group.before !== other.before) return false;
  const common = [...other.items].reduce((sum, [target, items]) => {
    const own = group.items.get(target);
    return sum + [...items].filter((item) => own?.has(item) === true).length;
  }, 0);
  return common >= 0.8 * countItems(other) && common >= 0.8 * countItems(group);
}

function placesOf(group: Group, files: readonly File[]): Omit<Layout, 'writes'> {
  const shared = sharedFiles(group, files);
  const named = fileNames.flatMap((name) => shared.filter((file) => file.toLowerCase().startsWith(name)));
  const specification = named.find((file) => file.endsWith('.md')) ?? null;
  const inTarget = (file: string): string => `${group.before}{target}/${file}`;
  return {
    targets: named[0] === undefined ? group.glob.replace('{item}', '*') : inTarget(named[0]),
    items: group.glob,
    specification: specification === null ? null : inTarget(specification),
    isPython: group.extension === '.py',
    counts: { targets: group.items.size, items: countItems(group) },
  };
}

/** What a file that describes a target is called, the likeliest first. */
const fileNames = ['specification.', 'spec.', 'readme.', 'description.', 'problem.', 'index.'];

/** The files that lie directly in every target's folder under the same name. */
function sharedFiles(group: Group, files: readonly File[]): string[] {
  const times = new Map<string, number>();
  const depth = group.before.split('/').length;
  for (const { folders, stem, extension } of files) {
    if (folders.length !== depth || !group.items.has(folders.at(-1) ?? '')) continue;
    if (
      folders
        .slice(0, -1)
        .map((folder) => `${folder}/`)
        .join('') !== group.before
    )
      continue;
    times.set(`${stem}${extension}`, (times.get(`${stem}${extension}`) ?? 0) + 1);
  }
  return [...times].flatMap(([name, count]) => (count === group.items.size ? [name] : [])).toSorted();
}

function compare(left: string, right: string): number {
  return left < right ? -1 : 1;
}
