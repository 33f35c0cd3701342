/** The pinned commit's files and their history. */
import type { Buffer } from 'node:buffer';
import path from 'node:path';
import type { BaseTree, TreeEntry } from '../model/base-tree.js';
import { createBatchReader } from './batch-reader.js';
import type { Git } from './git.js';
import { plainDiff } from './git-environment.js';
import { createHistoryReader } from './history-reader.js';

export function createBaseTree(git: Git, sha: string): BaseTree {
  let entries: Promise<readonly TreeEntry[]> | null = null;
  let byPath: ReadonlyMap<string, TreeEntry> | null = null;

  const tree: BaseTree = {
    sha,
    entries(signal) {
      entries ??= listTree(git, sha, signal).catch((error: unknown) => {
        entries = null;
        throw error;
      });
      return entries;
    },
    async read(paths, each, signal) {
      if (paths.length === 0) return;
      byPath ??= new Map((await tree.entries(signal)).map((entry) => [entry.path, entry]));
      const files = byPath;
      const links = paths.filter((name) => files.get(name)?.mode === '120000');
      const resolved = links.length === 0 ? null : await followLinks(git, files, links, signal);
      const asked = paths.map((name) =>
        resolved?.has(name) === true ? resolved.get(name) : files.get(name),
      );
      const take = (index: number, content: Buffer | null) => {
        each(paths[index] ?? '', content);
      };
      await readBlobs(git, asked, take, signal);
    },
    async history(each, signal) {
      // A path's first appearance is its newest commit. Renames are left as they are: finding them costs seconds.
      const format = ['--format=%x00%ct', '--name-only', '-z', '--no-renames', ...plainDiff];
      const reader = createHistoryReader(each);
      await git.stream({ args: ['log', ...format, sha, '--'] }, reader, signal);
    },
    isShallow: async (signal) => (await git.ask(['rev-parse', '--is-shallow-repository'], signal)) === 'true',
  };
  return tree;
}

async function listTree(git: Git, sha: string, signal: AbortSignal): Promise<readonly TreeEntry[]> {
  // Sizes cost 40 ms on 38,000 files, and save reading files to learn that they are empty.
  const listed = await git.ask(['ls-tree', '-r', '-z', '--long', '--full-tree', sha], signal);
  return listed.split('\0').flatMap((line) => readEntry(line) ?? []);
}

/** `<mode> <type> <sha> <size, padded>\t<path>` */
function readEntry(line: string): TreeEntry | null {
  const tab = line.indexOf('\t');
  if (tab === -1) return null;
  const [mode = '', , sha = '', size = ''] = line.slice(0, tab).split(/ +/);
  return { path: line.slice(tab + 1), mode, sha, size: size === '-' ? null : Number(size) };
}

/** One `cat-file --batch`; a submodule and a path that isn't there have no bytes. */
async function readBlobs(
  git: Git,
  asked: readonly (TreeEntry | undefined)[],
  each: (index: number, content: Buffer | null) => void,
  signal: AbortSignal,
): Promise<void> {
  let next = 0;
  const skipMissing = () => {
    while (next < asked.length && !isBlob(asked[next])) each(next++, null);
  };
  skipMissing();
  if (next === asked.length) return;
  const reader = createBatchReader((content) => {
    each(next++, content);
    skipMissing();
  });
  // Ids, not paths: a path may hold a line break. Buffered: by itself git writes each object as soon as it can.
  const input = asked.flatMap((entry) => (isBlob(entry) ? `${entry.sha}\n` : [])).join('');
  await git.stream({ args: ['cat-file', '--batch', '--buffer'], input }, reader, signal);
}

function isBlob(entry: TreeEntry | undefined): entry is TreeEntry {
  return entry !== undefined && entry.mode !== '160000';
}

/** More than the kernel follows. */
const longestChain = 40;

/** What a checkout would show at a symlink's path: the file that it leads to within the tree, or nothing. */
async function followLinks(
  git: Git,
  files: ReadonlyMap<string, TreeEntry>,
  links: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TreeEntry | undefined>> {
  const found = new Map<string, TreeEntry | undefined>(links.map((link) => [link, files.get(link)]));
  for (let step = 0; step < longestChain; step += 1) {
    const open = [...found].filter(([, entry]) => entry?.mode === '120000');
    if (open.length === 0) return found;
    const entries = open.map(([, entry]) => entry);
    const take = (index: number, content: Buffer | null) => {
      const [link, entry] = open[index] ?? ['', undefined];
      const target = path.posix.join(
        path.posix.dirname(entry?.path ?? link),
        content?.toString('utf8') ?? '',
      );
      found.set(link, files.get(target));
    };
    await readBlobs(git, entries, take, signal);
  }
  return new Map([...found].map(([link, entry]) => [link, entry?.mode === '120000' ? undefined : entry]));
}
