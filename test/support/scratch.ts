/** A folder of a test's own, removed afterwards. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Absolute and without symlinks. `await using` removes it. */
export interface Scratch extends AsyncDisposable {
  readonly folder: string;
  /** A path in the folder. */
  in(...names: readonly string[]): string;
}

export async function makeScratch(): Promise<Scratch> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'regen-scratch-')));
  return {
    folder,
    in: (...names) => path.join(folder, ...names),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
