/** Decides whether an attempt's changes are within what its item may write. Pure. */
import type { ItemRef } from '../model/attempt.js';
import type { Change, GuardResult, Violation } from '../model/change.js';
import { compileGlob } from '../model/glob.js';
import { fillTemplate } from '../model/template.js';

/** What `writes` allows, bound to one item. */
export interface Allowance {
  /** The item's own file, a file of its target, or null: not to be touched. */
  owner(path: string): 'item' | 'target' | null;
  /** Paths that are named without a wildcard: these count even when git ignores them. */
  readonly named: readonly string[];
}

/** @param writes - globs with placeholders; one without `{item}` is for files of the target. */
export function allowanceOf(writes: readonly string[], ref: ItemRef): Allowance {
  const bound = { target: ref.target, item: ref.item };
  const globs = writes.map((source) => ({
    glob: compileGlob(source, bound),
    isItems: source.includes('{item}'),
  }));
  return {
    owner(path) {
      const matching = globs.filter(({ glob }) => glob.match(path) !== null);
      if (matching.length === 0) return null;
      return matching.some(({ isItems }) => isItems) ? 'item' : 'target';
    },
    // An id may hold a star of its own, so the pattern is looked at before it is filled.
    named: writes
      .filter((source) => !/[*?]/.test(source))
      .map((source) => fillTemplate(source, bound))
      .filter(isPathOfGit),
  };
}

/** An id such as `..` may turn a pattern into a path that git never has. */
function isPathOfGit(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part !== '.git');
}

export interface Observed {
  readonly changes: readonly Change[];
  /** Files of the base that were kept out of the worktree. */
  readonly hidden: ReadonlySet<string>;
  /** What makes a path dangerous although it may be written, such as a link out of the worktree. */
  readonly hazards: ReadonlyMap<string, string>;
}

export function decideGuard(observed: Observed, allowance: Allowance): GuardResult {
  const { changes } = observed;
  const listed = new Set(changes.map((change) => change.path));
  const strays = [...observed.hazards]
    .filter(([path]) => !listed.has(path))
    .map(([path, reason]) => ({ path, reason }));
  const violations = [...strays, ...changes.flatMap((change) => judge(change, observed, allowance) ?? [])];
  if (violations.length > 0) return { kind: 'violated', violations };
  if (changes.length === 0) return { kind: 'unchanged' };
  const targetFiles = changes
    .map((change) => change.path)
    .filter((path) => allowance.owner(path) === 'target');
  return { kind: 'clean', changes, targetFiles };
}

function judge(change: Change, observed: Observed, allowance: Allowance): Violation | null {
  const { path, kind } = change;
  const violation = (reason: string): Violation => ({ path, reason });
  if (kind === 'submodule') return violation('it is a repository of its own (a submodule)');
  if (observed.hidden.has(path))
    return violation('it belongs to another item and was kept out of this worktree');
  if (allowance.owner(path) === null) return violation(`${verbs[kind]}, but this item may not write it`);
  const hazard = observed.hazards.get(path);
  return hazard === undefined ? null : violation(hazard);
}

const verbs = {
  added: 'it was added',
  modified: 'it was changed',
  deleted: 'it was deleted',
  type: 'it was turned into another kind of file',
  mode: 'its mode was changed',
} as const;
