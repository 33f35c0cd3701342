/** Reads a file while another process writes it. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createLineSplitter } from './lines.js';

const chunkBytes = 64 * 1024;
const intervalMs = 50;

export interface Follower {
  line(line: string): void;
  /** After each look, whether there was anything new or not. */
  looked(hasNews: boolean): void;
}

/** Hands over the lines that are added from `start` (bytes) on, until `end` settles, and then what is left. */
export async function followLines(
  file: { readonly path: string; readonly start: number },
  follower: Follower,
  end: Promise<unknown>,
): Promise<void> {
  const handle = await open(file.path, 'r');
  const splitter = createLineSplitter();
  let position = file.start;
  const ended = end.then(
    () => true,
    () => true,
  );
  try {
    for (let isOver = false; !isOver;) {
      isOver = await Promise.race([ended, pause()]);
      const before = position;
      for await (const chunk of chunksFrom(handle, position)) {
        position += chunk.length;
        splitter.push(chunk).forEach((line) => {
          follower.line(line);
        });
      }
      follower.looked(position > before);
    }
    splitter.rest().forEach((line) => {
      follower.line(line);
    });
  } finally {
    await handle.close();
  }
}

function pause(): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(false);
    }, intervalMs);
  });
}

async function* chunksFrom(handle: FileHandle, start: number): AsyncGenerator<Buffer> {
  for (let position = start; ;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
