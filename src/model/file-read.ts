/** Files that a run was to open, and those that it did. Pure. */

/** A file that the Read tool was asked for. */
export interface FileRead {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Whether the tool showed it, be it in part. It refuses some kinds of files, and long ones that are asked for whole. */
  readonly isShown: boolean;
  /** Only after the structured answer of its run, or along with it: what comes of a later turn may rest on it. */
  readonly isLate: boolean;
}

export interface FileToOpen {
  /** How a problem calls it. */
  readonly name: string;
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Nobody chose it to be looked at: that the tool was asked is enough, it may be nothing that can be shown. */
  readonly mayBeRefused: boolean;
}

/** A problem for each file that wasn't opened. */
export function unopened(files: readonly FileToOpen[], reads: readonly FileRead[]): readonly string[] {
  return files.flatMap(({ name, path, mayBeRefused }) => {
    const tries = reads.filter((read) => read.path === path);
    if (tries.length === 0) return [`${name} was not opened`];
    return mayBeRefused || tries.some(({ isShown }) => isShown) ? [] : [`${name} could not be opened`];
  });
}
