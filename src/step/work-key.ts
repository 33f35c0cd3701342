/** What a piece of work was made from: as long as that is the same, the work is worth keeping. */
import { createHash } from 'node:crypto';
import type { ItemRef } from '../model/attempt.js';
import type { BaseTree } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import { compileGlob } from '../model/glob.js';
import { fillTemplate } from '../model/template.js';
import { writesOf } from '../model/writes.js';

/**
 * A digest of what regen.yaml and the plan ask of the item. Where it goes afterwards, what may be spent and how it is
 * cached is not part of it: those may be mended and the work still be used.
 */
export function workKey(config: Config, changeRequests: readonly string[]): string {
  const { items, prompt, agent, checks } = config;
  const { model, tools, allow, profile } = agent;
  return digest({ items, prompt, agent: { model, tools, allow, profile }, checks, changeRequests });
}

/** A digest of how the work is judged and recorded: of no account for work that no judge has answered about. */
export function reviewKey({ evaluate, record }: Config): string {
  return digest({ evaluate, record });
}

function digest(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 32);
}

/** Whether the item's own files, its prompt with its last review, and its rubric are the same on both bases. */
export async function isSameOnBoth(
  config: Config,
  ref: ItemRef,
  trees: { readonly before: BaseTree; readonly now: BaseTree },
  signal: AbortSignal,
): Promise<boolean> {
  if (trees.before.sha === trees.now.sha) return true;
  const isOurs = filesOf(config, ref);
  const [before, now] = await Promise.all(
    [trees.before, trees.now].map(async (tree) => {
      const entries = await tree.entries(signal);
      return entries
        .filter(({ path }) => isOurs(path))
        .map(({ path, mode, sha }) => `${mode} ${sha} ${path}`);
    }),
  );
  return JSON.stringify(before) === JSON.stringify(now);
}

function filesOf(config: Config, { target, item }: ItemRef): (path: string) => boolean {
  const { prompt, evaluate, items, record } = config;
  const globs = writesOf(items).map((source) => compileGlob(source, { target, item }));
  const asked = [
    ...[...prompt.static, ...prompt.target, ...prompt.item, prompt.task],
    ...[evaluate?.rubric ?? '', record?.metadata ?? ''],
  ];
  const named = new Set(asked.map((source) => fillTemplate(source, { target, item })));
  return (path) => named.has(path) || globs.some((glob) => glob.match(path) !== null);
}
