import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory } from './sync-directory.js';

const newline = 0x0a;

/**
 * Appends one or more lines, durable when it returns; the last line's newline may be left out. What a kill left of an
 * earlier line stays as it is: the new ones begin on a line of their own.
 */
export async function appendDurably(file: string, lines: string): Promise<void> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const start = (await isTorn(handle, size)) ? '\n' : '';
    await handle.appendFile(`${start}${lines}${lines.endsWith('\n') ? '' : '\n'}`);
    await handle.datasync(); // with the size, without the times
    if (size === 0) await syncDirectory(path.dirname(file));
  } finally {
    await handle.close();
  }
}

async function isTorn(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] !== newline;
}
