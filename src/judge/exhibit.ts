/** What the judge gets to see of an item: its files, and what the checks made of them. */
import { lstat, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { FileToOpen } from '../model/file-read.js';
import { isInside } from '../system/inside.js';
import type { NamedText } from './question.js';
import { worktreeFile } from './worktree-file.js';

/** Longer files are named and not shown: the judge may open them piece by piece. */
const longestShown = 60_000;

export interface ItemFiles {
  readonly files: readonly NamedText[];
  readonly toOpen: readonly string[];
}

/** The files that are there, in the order given; one that an agent has turned into a link isn't followed. */
export async function readItemFiles(worktree: string, paths: readonly string[]): Promise<ItemFiles> {
  const files: NamedText[] = [];
  const toOpen: string[] = [];
  for (const path of paths) {
    const content = await (await worktreeFile(worktree, path))?.read();
    if (content === undefined || content.kind === 'missing') continue;
    if (content.kind === 'text' && content.text.length <= longestShown)
      files.push({ path, text: content.text });
    else toOpen.push(path);
  }
  return { files, toOpen };
}

export type Attached =
  | { readonly kind: 'found'; readonly paths: readonly string[] }
  | { readonly kind: 'missing'; readonly path: string };

/**
 * The attachments' absolute paths.
 *
 * @param wanted - relative to the folder; one that ends in `?` may be missing.
 */
export async function findAttachments(folder: string, wanted: readonly string[]): Promise<Attached> {
  const paths: string[] = [];
  for (const each of wanted) {
    const path = each.replace(/\?$/, '');
    if (await isFile(folder, path)) paths.push(join(folder, path));
    else if (path === each) return { kind: 'missing', path };
  }
  return { kind: 'found', paths };
}

/** What the judge has to open. Attachments were chosen to be looked at; a file of the item may be of any kind. */
export async function filesToOpen(
  { worktree, artifacts }: { readonly worktree: string; readonly artifacts: string },
  attachments: readonly string[],
  files: readonly string[],
): Promise<readonly FileToOpen[]> {
  const attached = attachments.map((path) => ({
    name: relative(artifacts, path),
    path,
    mayBeRefused: false,
  }));
  const own = files.map((name) => ({ name, path: join(worktree, name), mayBeRefused: true }));
  return Promise.all(
    [...attached, ...own].map(async (file) => ({ ...file, path: await realpath(file.path) })),
  );
}

async function isFile(folder: string, path: string): Promise<boolean> {
  if (!isInside(folder, path)) return false;
  const stats = await lstat(join(folder, path)).catch(() => null);
  return stats !== null && stats.isFile() && stats.size > 0;
}
