/** Digests of what an item is made from and of what comes of it, off a tree. */
import type { ItemRef } from '../model/attempt.js';
import type { TreeEntry } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import { compileGlob } from '../model/glob.js';
import { fillTemplate } from '../model/template.js';
import { writesOf } from '../model/writes.js';
import { hashOf } from './content-hash.js';

export type MadeFrom = Pick<
  Config,
  'items' | 'prompt' | 'agent' | 'engine' | 'worker' | 'routing' | 'retrieval'
>;

/**
 * Digest of what an author is asked: task, prompt files, references and models. Another limit, tool or check asks for nothing
 * new.
 */
export function askedDigest(
  config: MadeFrom,
  { target, item }: ItemRef,
  entries: readonly TreeEntry[],
): string {
  return askedDigests(config, target, entries)(item);
}

/** The same for item after item of a target. */
export function askedDigests(
  config: MadeFrom,
  target: string,
  entries: readonly TreeEntry[],
): (item: string) => string {
  const { prompt } = config;
  const named = [...prompt.static, ...prompt.target, ...prompt.item, prompt.task];
  const lines = new Map(entries.map(({ path, sha }) => [path, `${sha} ${path}`]));
  const documents = documentsOf(config, target, entries);
  return (item) => {
    const paths = new Set([...documents, ...named.map((source) => fillTemplate(source, { target, item }))]);
    const files = [...paths].flatMap((path) => lines.get(path) ?? []);
    return hashOf([modelsOf(config), prompt.task, ...named, ...files.sort()].join('\n'));
  };
}

/** Those that an item can be given to. */
function modelsOf({ routing, engine, worker, agent }: MadeFrom): string {
  if (routing !== undefined) return routing.models.join(' ');
  return engine === 'worker' ? worker.model : agent.model;
}

/** Those that are sent and those that a tool searches. An item's file is no reference, whatever the globs say. */
function documentsOf(
  { items, prompt, retrieval }: MadeFrom,
  target: string,
  entries: readonly TreeEntry[],
): readonly string[] {
  const sources = [...(retrieval?.documents ?? []), ...prompt.references];
  if (sources.length === 0) return [];
  const globs = sources.map((source) => compileGlob(source, { target }));
  const itemFiles = compileGlob(items.glob ?? '{item}', {}, 'item');
  return entries
    .map(({ path }) => path)
    .filter((path) => globs.some((glob) => glob.match(path) !== null) && itemFiles.match(path) === null);
}

/** Digest of the files that the item may write and that are its own. */
export function ownDigest(
  { items }: Pick<MadeFrom, 'items'>,
  { target, item }: ItemRef,
  entries: readonly TreeEntry[],
): string {
  const globs = writesOf(items)
    .filter((source) => source.includes('{item}'))
    .map((source) => compileGlob(source, { target, item }));
  const own = entries.filter(({ path }) => globs.some((glob) => glob.match(path) !== null));
  return hashOf(
    own
      .map(({ path, sha }) => `${sha} ${path}`)
      .sort()
      .join('\n'),
  );
}

/** The same of a block: of its text alone, wherever it stands. */
export function textDigest(text: string): string {
  return hashOf(text);
}
