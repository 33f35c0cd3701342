/** What differs between an attempt's base and its worktree. */
import type { Change, ChangeKind } from '../model/change.js';
import type { Git } from './git.js';
import { plainDiff } from './git-environment.js';
import { guardIndex } from './marker.js';
import type { Places } from './repository.js';
import { worktreeEnvironment } from './worktree.js';
import type { OpenWorktree } from './worktree.js';

/**
 * Compares the files themselves with the base, by an index that the agent has no business with: commits, staged
 * entries and `assume-unchanged` flags of its own change nothing. Renames come as a deletion and an addition.
 *
 * @param named - paths that count even when git ignores them.
 */
export async function observeChanges(
  { git, places }: { readonly git: Git; readonly places: Places },
  worktree: OpenWorktree,
  named: readonly string[],
  signal: AbortSignal,
): Promise<readonly Change[]> {
  const index = worktreeEnvironment(places, worktree.path, guardIndex(worktree.entry));
  const env = { ...index, GIT_LITERAL_PATHSPECS: '1' };
  const ask = (args: readonly string[]) => git.text({ args, cwd: worktree.path, env }, signal);
  // "dirty": looking into a submodule would run git with that repository's config.
  const diff = ['diff', '--raw', '-z', '--no-renames', '--ignore-submodules=dirty', ...plainDiff];
  const others = ['ls-files', '-z', '--others'];
  const [tracked, untracked, ignored] = await Promise.all([
    ask(diff),
    ask([...others, '--exclude-standard']),
    named.length === 0 ? '' : ask([...others, '--', ...named]),
  ]);
  const wanted = new Set(named);
  const added = [...readNames(untracked), ...readNames(ignored).filter((path) => wanted.has(path))];
  const changes = [...readRawDiff(tracked), ...added.map(asAddition)];
  const unique = new Map(changes.map((change) => [change.path, change]));
  return [...unique.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/**
 * What git would open although nobody would ever close it: a named pipe where the base has a file. To be asked before
 * anything that reads contents; this looks at the files' dates and kinds alone.
 */
export async function statChanges(
  { git, places }: { readonly git: Git; readonly places: Places },
  worktree: OpenWorktree,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const env = worktreeEnvironment(places, worktree.path, guardIndex(worktree.entry));
  const args = ['diff-files', '--raw', '-z', '--no-renames', '--ignore-submodules=dirty', ...plainDiff];
  const listed = await git.text({ args, cwd: worktree.path, env }, signal);
  return readRawDiff(listed).map(({ path }) => path);
}

/** `:<old mode> <new mode> <old id> <new id> <status>\0<path>\0` */
export function readRawDiff(output: string): Change[] {
  const fields = output.split('\0');
  const changes: Change[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [oldMode = '', newMode = '', , , status = ''] = (fields[index] ?? '').slice(1).split(' ');
    changes.push({ path: fields[index + 1] ?? '', kind: kindOf(status, oldMode, newMode) });
  }
  return changes;
}

function kindOf(status: string, oldMode: string, newMode: string): ChangeKind {
  if (oldMode === '160000' || newMode === '160000') return 'submodule';
  if (status === 'A') return 'added';
  if (status === 'D') return 'deleted';
  if (status === 'T') return 'type';
  return oldMode === newMode ? 'modified' : 'mode';
}

function readNames(output: string): string[] {
  return output.split('\0').filter((name) => name !== '');
}

/** git doesn't look into a repository within the worktree; it names the folder with a slash. */
function asAddition(name: string): Change {
  return name.endsWith('/') ? { path: name.slice(0, -1), kind: 'submodule' } : { path: name, kind: 'added' };
}
