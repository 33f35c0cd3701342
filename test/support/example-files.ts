/** The files of examples/, as a test puts them into a repository of its own. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FilesLiteral } from './git-repo.js';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** An example's regen.yaml. */
export function exampleConfig(name: string): Promise<string> {
  return readFile(path.join(examples, name, 'regen.yaml'), 'utf8');
}

/** Everything below the example's `repo/`. */
export async function exampleFiles(name: string): Promise<FilesLiteral> {
  const root = path.join(examples, name, 'repo');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  const texts = files.map(async (file) => [file, await readFile(path.join(root, file), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** The text with its one occurrence of `from` replaced. */
export function replaceOnce(text: string, from: string, to: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(from)} is there ${parts.length - 1} times`);
  return parts.join(to);
}
