/** What differs between the base commit and an item's worktree. */

export type ChangeKind = 'added' | 'modified' | 'deleted' | 'type' | 'mode' | 'submodule';

export interface Change {
  /** Path in the repository, `/`-separated. */
  readonly path: string;
  readonly kind: ChangeKind;
}

/** A change that an item must not make, with the sentence that says so. */
export interface Violation {
  readonly path: string;
  readonly reason: string;
}

/** What the guard says of an attempt's changes. */
export type GuardResult =
  | { readonly kind: 'clean'; readonly changes: readonly Change[]; readonly targetFiles: readonly string[] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'violated'; readonly violations: readonly Violation[] };
