/** Digests of what an item is made from and of what comes of it, off a tree. */
import type { ItemRef } from '../model/attempt.js';
import type { TreeEntry } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import { compileGlob } from '../model/glob.js';
import { fillTemplate } from '../model/template.js';
import { writesOf } from '../model/writes.js';
import { hashOf } from './content-hash.js';

type MadeFrom = Pick<Config, 'items' | 'prompt' | 'agent' | 'engine' | 'worker'>;

/** Digest of what an author is asked: task, prompt files and model. Another limit, tool or check asks for nothing new. */
export function askedDigest(
  { prompt, agent, engine, worker }: MadeFrom,
  { target, item }: ItemRef,
  entries: readonly TreeEntry[],
): string {
  const named = [...prompt.static, ...prompt.target, ...prompt.item, prompt.task];
  const paths = new Set(named.map((source) => fillTemplate(source, { target, item })));
  const files = entries.filter(({ path }) => paths.has(path)).map(({ path, sha }) => `${sha} ${path}`);
  const { model } = engine === 'worker' ? worker : agent;
  return hashOf([model, prompt.task, ...named, ...files.sort()].join('\n'));
}

/** Digest of the files that the item may write and that are its own. */
export function ownDigest(
  { items }: MadeFrom,
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
