/** Where the repository keeps its things, and which branch of which remote is the base. Looked up once. */
import path from 'node:path';
import { realpath } from 'node:fs/promises';
import { RegenError } from '../model/errors.js';
import { readOptional } from '../system/read-optional.js';
import type { Git } from './git.js';

export interface Places {
  /** The checkout, absolute, symlinks resolved. */
  readonly root: string;
  /** Its git directory; a linked worktree's own. */
  readonly gitDirectory: string;
  /** What all worktrees share: config, hooks, info, refs. */
  readonly commonDirectory: string;
}

export interface Base {
  readonly remote: string;
  readonly branch: string;
  /** Where the branch is kept after a fetch. */
  readonly ref: string;
}

export interface Repository {
  places(signal: AbortSignal): Promise<Places>;
  /** The configured base, split at the name of a remote that is there. */
  base(signal: AbortSignal): Promise<Base>;
}

export function createRepository(git: Git, root: string, configuredBase: string): Repository {
  const places = remembered((signal) => findPlaces(git, root, signal));
  const base = remembered(async (signal) => {
    const [, listed] = await Promise.all([places(signal), git.ask(['remote'], signal)]);
    const remotes = listed.split('\n').filter((name) => name !== '');
    return splitBase(configuredBase, remotes);
  });
  return { places, base };
}

/** Splits `<remote>/<branch>`; the longest remote wins, for both may hold slashes. */
export function splitBase(base: string, remotes: readonly string[]): Base {
  const remote = remotes
    .filter((name) => base.startsWith(`${name}/`))
    .reduce<string | null>((best, name) => (best === null || name.length > best.length ? name : best), null);
  if (remote === null) {
    const name = base.slice(0, base.indexOf('/'));
    throw new RegenError('environment', `base ${base}: the repository has no remote named ${name}`, {
      hint:
        remotes.length === 0
          ? `It has no remote at all: git remote add ${name} <URL>.`
          : `It has ${remotes.join(', ')}: set base in regen.yaml, or git remote add ${name} <URL>.`,
    });
  }
  const branch = base.slice(remote.length + 1);
  return { remote, branch, ref: `refs/remotes/${remote}/${branch}` };
}

async function findPlaces(git: Git, root: string, signal: AbortSignal): Promise<Places> {
  // Two lines that can't hold a line break, then the one path that can.
  const args = ['rev-parse', '--is-inside-work-tree', '--show-prefix', '--path-format=absolute', '--git-dir'];
  const [isInside, prefix, ...rest] = (await git.ask(args, signal)).split('\n');
  if (isInside !== 'true' || prefix !== '') {
    throw new RegenError('environment', `${root} is not the root of a checkout`, {
      hint: 'regen works from the top folder of a clone with a working copy, not from a bare repository.',
    });
  }
  const gitDirectory = rest.join('\n');
  const common = await readOptional(path.join(gitDirectory, 'commondir'));
  return {
    root: await realpath(root),
    gitDirectory,
    commonDirectory:
      common === null ? gitDirectory : await realpath(path.resolve(gitDirectory, common.replace(/\n$/, ''))),
  };
}

/** One look for everybody; a failed or aborted one is made again. */
function remembered<Value>(
  look: (signal: AbortSignal) => Promise<Value>,
): (signal: AbortSignal) => Promise<Value> {
  let found: Promise<Value> | null = null;
  return (signal) => {
    found ??= look(signal).catch((error: unknown) => {
      found = null;
      throw error;
    });
    return found;
  };
}
