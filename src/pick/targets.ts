/** The targets that a config's one source names. */
import type { BaseTree, TreeEntry } from '../model/base-tree.js';
import type { TargetsConfig } from '../model/config.js';
import { compileGlob } from '../model/glob.js';
import { parseInstant } from '../model/instant.js';
import type { Surroundings } from '../model/surroundings.js';
import { filesUnder, othersUnder } from './files.js';
import { compareNames, sortedNames } from './names.js';

export interface ListedTarget {
  readonly id: string;
  /** What the source itself says; null when it says nothing. */
  readonly title: string | null;
  readonly updated: Date | null;
}

interface Source {
  readonly tree: BaseTree;
  readonly surroundings: Surroundings;
}

/** By name, each once. @throws RegenError `config` when the configured command fails or prints nonsense. */
export async function listTargets(
  config: TargetsConfig,
  { tree, surroundings }: Source,
  signal: AbortSignal,
): Promise<readonly ListedTarget[]> {
  if (config.list !== undefined) return byName(config.list.map(fromList));
  if (config.command !== undefined) {
    const { runTargetsCommand } = await import('./command.js');
    return byName(await runTargetsCommand(config.command, surroundings, signal));
  }
  const glob = compileGlob(config.glob ?? '{target}', {}, 'target');
  const files = filesUnder(await tree.entries(signal), glob.root);
  const ids = sortedNames(files.flatMap((file) => glob.match(file.path)?.target ?? []));
  return ids.map((id) => ({ id, title: null, updated: null }));
}

/** Paths that name a target and are none: symlinks and submodules. */
export function passedOverTargets(entries: readonly TreeEntry[], config: TargetsConfig): readonly string[] {
  if (config.glob === undefined) return [];
  const glob = compileGlob(config.glob, {}, 'target');
  return othersUnder(entries, glob.root)
    .map(({ path }) => path)
    .filter((path) => glob.match(path) !== null);
}

type ConfiguredTarget = NonNullable<TargetsConfig['list']>[number];

function fromList(target: ConfiguredTarget): ListedTarget {
  const title = 'title' in target ? target.title : undefined;
  const updated = 'updated' in target ? target.updated : undefined;
  return { id: target.id, title: title ?? null, updated: parseInstant(updated ?? '') };
}

function byName(listed: readonly ListedTarget[]): ListedTarget[] {
  return listed.toSorted((left, right) => compareNames(left.id, right.id));
}
