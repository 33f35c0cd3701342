import type { Buffer } from 'node:buffer';
import type { BaseTree } from '../model/base-tree.js';
import type { PromptConfig } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import { sha7 } from '../model/format.js';
import { isTaskFile } from '../model/prompt.js';
import type { Layer, Segment } from '../model/prompt.js';
import { fillTemplate } from '../model/template.js';
import type { Values } from '../model/template.js';

/** A file of the base that the prompt is made of. */
export interface PromptFile {
  readonly layer: Layer;
  readonly path: string;
  /** What is filled in where its text says so. */
  readonly values: Values;
}

/**
 * The files in the order in which they are sent. What a layer may know decides what is filled in: a target's text that
 * knew the item would end the prefix that its items share.
 */
export function promptFiles(prompt: PromptConfig, target: string, item: string): readonly PromptFile[] {
  const own = { target, item };
  const file = (layer: Layer, values: Values) => (path: string) => ({
    layer,
    path: fillTemplate(path, values),
    values,
  });
  return [
    ...prompt.static.map(file('static', {})),
    ...prompt.target.map(file('target', { target })),
    ...prompt.item.map(file('item', own)),
    ...(isTaskFile(prompt.task) ? [file('task', own)(prompt.task)] : []),
  ];
}

/**
 * Reads the files off the base, never off a worktree that an agent may have changed.
 *
 * @throws RegenError `config` when one isn't there or is no text.
 */
export async function readSegments(
  files: readonly PromptFile[],
  tree: BaseTree,
  signal: AbortSignal,
): Promise<readonly Segment[]> {
  const contents = new Map<string, Buffer | null>();
  const paths = [...new Set(files.map((file) => file.path))];
  await tree.read(paths, (path, content) => contents.set(path, content), signal);
  return files.map((file) => ({
    layer: file.layer,
    source: file.path,
    text: fillTemplate(decode(file, contents.get(file.path) ?? null, tree.sha), file.values),
  }));
}

/**
 * Looks for the files in the base's list alone, before anything is made for the item.
 *
 * @throws RegenError `config` when one isn't there.
 */
export async function ensureFiles(
  files: readonly PromptFile[],
  tree: BaseTree,
  signal: AbortSignal,
): Promise<void> {
  const there = new Set((await tree.entries(signal)).map(({ path }) => path));
  const missing = files.find(({ path }) => !there.has(path));
  if (missing !== undefined) throw missingFile(missing, tree.sha);
}

function decode(file: PromptFile, content: Buffer | null, sha: string): string {
  if (content === null) throw missingFile(file, sha);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new RegenError('config', `${named(file)}, which is not UTF-8 text`, {
      hint: 'Name a text file, or convert it to UTF-8.',
      cause,
    });
  }
}

function missingFile(file: PromptFile, sha: string): RegenError {
  return new RegenError('config', `${named(file)}, which is not in the base (${sha7(sha)})`, {
    hint: 'Commit and push the file, or correct its name in regen.yaml: prompts are read from the base, not from the working copy.',
  });
}

function named({ layer, path }: PromptFile): string {
  return `prompt.${layer} names ${path}`;
}
