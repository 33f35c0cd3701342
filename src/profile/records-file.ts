/** A file of JSON lines, record by record. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { excerpt, isFields } from './json.js';
import type { Fields } from './json.js';

export interface RecordsFile {
  readonly lines: number;
  /** Lines that hold no JSON object, other than a torn last one. */
  readonly malformed: number;
  /** The first of them. */
  readonly firstMalformed: { readonly line: number; readonly text: string } | null;
  /** The last line was cut off, as a kill or a running session leaves it. */
  readonly isTorn: boolean;
}

/** Hands every record over, in the file's order; what is no record is counted and never stops it. */
export async function readRecords(
  file: string,
  add: (record: Fields) => void,
  signal: AbortSignal,
): Promise<RecordsFile> {
  const found = { lines: 0, malformed: 0, firstMalformed: null as RecordsFile['firstMalformed'] };
  let isTorn = false;
  const take = (block: Block, line: Line): void => {
    found.lines += 1;
    if (isSkipped(block, line)) return;
    const record = parse(block, line);
    if (record !== null) add(record);
    else if (!line.isWhole) isTorn = true;
    else {
      found.malformed += 1;
      found.firstMalformed ??= { line: found.lines, text: beginning(block, line) };
    }
  };
  const handle = await open(file);
  try {
    await eachBlock(handle, take, signal);
  } finally {
    await handle.close();
  }
  return { ...found, isTorn };
}

/** Bytes of the file, and where in them each of the `copyKeys` comes next. */
interface Block {
  readonly bytes: Buffer;
  readonly nextCopies: number[];
}

interface Line {
  readonly start: number;
  readonly end: number;
  /** false: the file ends before the line does. */
  readonly isWhole: boolean;
}

const lineFeed = 0x0a;
const blockBytes = 1 << 20;

/**
 * One buffer for the whole file: blocks of their own, as `wholeLines` hands out, would be most of what the garbage
 * collector has to do here. It grows for a line that doesn't fit.
 */
async function eachBlock(
  handle: FileHandle,
  take: (block: Block, line: Line) => void,
  signal: AbortSignal,
): Promise<void> {
  let bytes: Buffer = Buffer.allocUnsafeSlow(blockBytes);
  for (let filled = 0; ;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled);
    filled += bytesRead;
    const end = bytesRead === 0 ? filled : bytes.lastIndexOf(lineFeed, filled - 1) + 1;
    const block = { bytes, nextCopies: copyKeys.map(() => -1) };
    for (let start = 0; start < end;) {
      const feed = bytes.indexOf(lineFeed, start);
      const isWhole = feed !== -1 && feed < end;
      const line = { start, end: isWhole ? feed : end, isWhole };
      take(block, line);
      start = line.end + 1;
    }
    if (bytesRead === 0) return;
    bytes.copyWithin(0, end, filled);
    filled -= end;
    if (filled === bytes.length) bytes = grown(bytes);
  }
}

function grown(bytes: Buffer): Buffer {
  const larger = Buffer.allocUnsafeSlow(bytes.length * 2);
  bytes.copy(larger);
  return larger;
}

/** The pieces in which partial messages come are most of a stream, and tell nothing that the whole blocks don't. */
const piece = Buffer.from('{"type":"stream_event","event":{"type":"content_block_');

function isSkipped({ bytes }: Block, { start, end }: Line): boolean {
  if (end - start < 2) return bytes.toString('latin1', start, end).trim() === '';
  // Cheaper than comparing the bytes: most lines differ in the tenth.
  if (bytes[start + 9] !== piece[9] || bytes[start + 10] !== piece[10]) return false;
  return bytes.compare(piece, 0, piece.length, start, Math.min(end, start + piece.length)) === 0;
}

/** null: no JSON object. A line of more than half a gigabyte can't become a string: it counts as none. */
function parse(block: Block, line: Line): Fields | null {
  const { bytes } = block;
  const copy = copyWithin(block, line);
  if (copy !== -1) {
    const value = parseText(`${bytes.toString('utf8', line.start, copy)}}`);
    // In another order, or deeper, it isn't what it was taken for.
    if (value !== null && isFields(value['message'])) return value;
  }
  return parseText(textOfLine(bytes, line));
}

/**
 * Claude Code writes a tool's result down twice, as the model gets it and as the tool gave it, and the second one is not
 * needed here: without it, half as much has to be parsed. Within a text the quotes would be escaped.
 */
const copyKeys = [Buffer.from(',"toolUseResult":'), Buffer.from(',"tool_use_result":')];

/** Where the copy begins; -1: the line has none. Each key is looked for once in a block, not once in a line. */
function copyWithin({ bytes, nextCopies }: Block, { start, end }: Line): number {
  for (const [number, key] of copyKeys.entries()) {
    if ((nextCopies[number] ?? -1) < start) {
      const at = bytes.indexOf(key, start);
      nextCopies[number] = at === -1 ? Infinity : at;
    }
  }
  const first = Math.min(...nextCopies);
  return first < end ? first : -1;
}

function textOfLine(bytes: Buffer, { start, end }: Line): string {
  try {
    const text = bytes.toString('utf8', start, end);
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  } catch {
    return '';
  }
}

function parseText(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function beginning({ bytes }: Block, { start, end }: Line): string {
  return excerpt(bytes.toString('utf8', start, Math.min(end, start + 1000)));
}
