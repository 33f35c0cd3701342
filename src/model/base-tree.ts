/** Reading the pinned base commit: the only source of targets, items, prompts and metadata. */

export interface TreeEntry {
  readonly path: string;
  /** Octal, as git prints it: `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
  readonly mode: string;
  readonly sha: string;
  /** Bytes; null for a submodule. */
  readonly size: number | null;
}

export interface BaseTree {
  /** The commit, 40 hex digits. */
  readonly sha: string;
  /** Every file, in one `git ls-tree` the first time. */
  entries(signal: AbortSignal): Promise<readonly TreeEntry[]>;
  /**
   * The files' bytes, in one `git cat-file --batch` per call, handed over one by one in the order asked.
   * A path that isn't in the tree comes with null. Who keeps a file's bytes keeps up to 64 KiB around them alive.
   */
  read(
    paths: readonly string[],
    each: (path: string, content: Buffer | null) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** The newest commit that touched each path, streamed newest first, until `each` returns false. */
  history(each: (path: string, committed: Date) => boolean, signal: AbortSignal): Promise<void>;
  /** Whether this clone's history is cut off: its oldest commit then seems to have touched every file. */
  isShallow(signal: AbortSignal): Promise<boolean>;
}
