/** Reading `.regen/ledger.jsonl`: in blocks of whole lines, since it only ever grows. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isAscii } from 'node:buffer';
import { isErrno } from '../system/errno.js';

/** Bytes from one place to another, both beginnings of lines; left out: from the beginning, to the end. */
export interface FileRange {
  readonly start?: number;
  readonly end?: number;
}

/** Where a line stands: from its first byte to that of the next one. */
export interface LinePlace {
  readonly start: number;
  readonly end: number;
  /** Whether it has its line feed; without, it is the file's last one, and may still be being written. */
  readonly isWhole: boolean;
}

/** Is told of each line; the place is worth something only during the call. */
export type EachLine = (line: string, place: LinePlace) => void;

export interface LineQuestion extends FileRange {
  /** Only lines that hold this text are of interest: blocks without it aren't even split. */
  readonly needle?: string;
}

/**
 * Hands every line over, in the file's order, without its line feed; empty ones are left out. A file that isn't there
 * has no lines.
 *
 * @returns the end of the last whole line.
 */
export async function readLines(path: string, each: EachLine, question: LineQuestion = {}): Promise<number> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (handle === null) return question.start ?? 0;
  try {
    return await readFrom(handle, each, question);
  } finally {
    await handle.close();
  }
}

/** Small enough that what it is cut into is garbage of the cheap kind. */
const blockBytes = 1 << 18;
const lineFeed = 0x0a;

async function readFrom(handle: FileHandle, each: EachLine, question: LineQuestion): Promise<number> {
  const { start = 0, end = Infinity, needle = '' } = question;
  let buffer = Buffer.allocUnsafe(blockBytes);
  let kept = 0; // bytes at the buffer's beginning whose line has no end yet
  let position = start; // of the buffer's beginning in the file
  for (;;) {
    if (kept === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length); // one line fills all of it
    const wanted = Math.min(buffer.length - kept, end - position - kept);
    const { bytesRead } =
      wanted > 0 ? await handle.read(buffer, kept, wanted, position + kept) : { bytesRead: 0 };
    const filled = buffer.subarray(0, kept + bytesRead);
    if (bytesRead === 0) {
      splitLines(filled, { position, needle }, each);
      return position;
    }
    const whole = filled.lastIndexOf(lineFeed) + 1;
    splitLines(filled.subarray(0, whole), { position, needle }, each);
    buffer.copyWithin(0, whole, filled.length);
    kept = filled.length - whole;
    position += whole;
  }
}

interface Block {
  readonly position: number;
  readonly needle: string;
}

function splitLines(block: Buffer, { position, needle }: Block, each: EachLine): void {
  if (block.length === 0 || !block.includes(needle)) return;
  // Each line is a text of its own: one cut out of the block's would keep the whole block in memory.
  const encoding = isAscii(block) ? 'latin1' : 'utf8';
  const place = { start: 0, end: 0, isWhole: true };
  for (let start = 0; start < block.length;) {
    const found = block.indexOf(lineFeed, start);
    const end = found < 0 ? block.length : found;
    const line = end === start ? '' : block.toString(encoding, start, end);
    place.start = position + start;
    place.end = position + end + 1;
    place.isWhole = found >= 0;
    if (line !== '' && (needle === '' || line.includes(needle))) each(line, place);
    start = end + 1;
  }
}
