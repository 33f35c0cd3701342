/** Files that are there whole or not at all, whatever kills the process or the machine. */
import { link, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from './errno.js';
import { readOptionalBytes } from './read-optional.js';
import { syncDirectory } from './sync-directory.js';
import { temporaryName } from './temporaries.js';

type Bytes = string | Uint8Array;

/** Writes the file, over what is there; a symlink's target is written, a file's mode is kept. Durable when it returns. */
export async function writeAtomically(file: string, bytes: Bytes): Promise<void> {
  const target = await followed(file);
  await throughTemporary(target, { bytes, isDurable: true }, async (temporary) => {
    await rename(temporary, target);
    return true;
  });
}

/**
 * The same, but only over the bytes that the change was made from: what somebody else wrote, moved or removed since
 * then wins. Looked at last thing before the rename; returns false when nothing was written.
 */
export async function replaceAtomically(file: string, bytes: Bytes, expected: Uint8Array): Promise<boolean> {
  const target = await followed(file);
  return throughTemporary(target, { bytes, isDurable: true }, async (temporary) => {
    const current = await readOptionalBytes(target);
    if (current === null || !current.equals(expected)) return false;
    await rename(temporary, target);
    return true;
  });
}

/** Creates the file with its whole content at once; returns false when something of that name is there. */
export async function createAtomically(
  file: string,
  bytes: Bytes,
  { isDurable }: { readonly isDurable: boolean },
): Promise<boolean> {
  return throughTemporary(file, { bytes, isDurable }, async (temporary) => {
    try {
      // Unlike a rename, a hard link never replaces what is there.
      await link(temporary, file);
      return true;
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return false;
      throw error;
    }
  });
}

interface Content {
  readonly bytes: Bytes;
  readonly isDurable: boolean;
}

/** Writes the content beside the target, lets `settle` put it in place, and leaves nothing else behind. */
async function throughTemporary(
  target: string,
  content: Content,
  settle: (temporary: string) => Promise<boolean>,
): Promise<boolean> {
  const folder = path.dirname(target);
  const temporary = path.join(folder, temporaryName(target));
  try {
    await writeNew(temporary, content, await modeOf(target));
    const isSettled = await settle(temporary);
    if (isSettled && content.isDurable) await syncDirectory(folder);
    return isSettled;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeNew(file: string, { bytes, isDurable }: Content, mode: number | null): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(bytes);
    if (mode !== null) await handle.chmod(mode);
    if (isDurable) await handle.sync();
  } finally {
    await handle.close();
  }
}

async function followed(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return file;
    throw error;
  }
}

async function modeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mode & 0o7777;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}
