/** Reads a file while another process writes it. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 200;

/** Hands over each line as it is complete, and what is left once the writer has ended; resolves then. */
export async function followLines(
  file: string,
  onLine: (line: string) => void,
  ended: Promise<unknown>,
): Promise<void> {
  const handle = await open(file, 'r');
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.filter((line) => line !== '').forEach(onLine);
  };
  const over = ended.then(
    () => true,
    () => true, // told by who awaits it
  );
  try {
    while (!(await isOverWithin(pollMs, over))) await readOn(handle, decoder, take);
    await readOn(handle, decoder, take);
    if (rest !== '') onLine(rest);
  } finally {
    await handle.close();
  }
}

async function isOverWithin(ms: number, over: Promise<boolean>): Promise<boolean> {
  const waiting = new AbortController();
  const still = delay(ms, false, { signal: waiting.signal }).catch(() => false);
  const isOver = await Promise.race([over, still]);
  waiting.abort();
  return isOver;
}

/** From where the last reading stopped to the end as it is now. */
async function readOn(
  handle: FileHandle,
  decoder: StringDecoder,
  take: (text: string) => void,
): Promise<void> {
  const buffer = Buffer.alloc(16 * 1024);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    take(decoder.write(buffer.subarray(0, bytesRead)));
  }
}
