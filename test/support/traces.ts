/** All that a command may have left: what a refused one must not have touched. */
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { runGit } from './git-repo.js';
import type { World } from './world.js';

export interface Traces {
  /** The working copy's files: path to kind, mode and content; without `.git` and `.regen`. */
  readonly files: Readonly<Record<string, string>>;
  /** HEAD, config, index, hooks and whatever operation is under way; without `info/exclude` and objects. */
  readonly git: Readonly<Record<string, string>>;
  /** Every ref but those that a fetch moves. */
  readonly refs: string;
  readonly worktrees: string;
  readonly remote: string;
  /** Requests that the model got. */
  readonly requests: number;
  readonly ledger: string | null;
}

export async function tracesOf(world: World): Promise<Traces> {
  const { root, repository, model } = world;
  const git = (...args: readonly string[]) => runGit(repository.remote, ['-C', root, ...args]);
  const refs = (await git('for-each-ref')).split('\n').filter((line) => !line.includes('\trefs/remotes/'));
  return {
    files: await filesIn(root, isOurOwn),
    git: await filesIn(path.join(root, '.git'), isOfAFetch),
    refs: refs.join('\n'),
    worktrees: await git('worktree', 'list', '--porcelain'),
    remote: await runGit(repository.remote, ['for-each-ref']),
    requests: model.requests.length,
    ledger: await world.read('.regen/ledger.jsonl'),
  };
}

/** The same but for the plan, which a step that did its work has marked. */
export function withoutPlan(traces: Traces): Traces {
  const files = Object.entries(traces.files).filter(([name]) => name !== '.regen-plan.md');
  return { ...traces, files: Object.fromEntries(files) };
}

function isOurOwn(name: string): boolean {
  return name === '.git' || name === '.regen';
}

function isOfAFetch(name: string): boolean {
  return ['objects', 'info', 'refs', 'logs', 'worktrees'].includes(name);
}

async function filesIn(root: string, isLeftOut: (name: string) => boolean): Promise<Record<string, string>> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((name) => !isLeftOut(name.split(path.sep)[0] ?? ''));
  const found = names.map(async (name) => [name, await describe(path.join(root, name))] as const);
  return Object.fromEntries(await Promise.all(found));
}

async function describe(file: string): Promise<string> {
  const { mode } = await lstat(file);
  const isLink = (mode & 0o170000) === 0o120000;
  const content = isLink ? await readlink(file) : await readFile(file);
  return `${mode.toString(8)} ${createHash('sha256').update(content).digest('hex')}`;
}
