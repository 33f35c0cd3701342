/** Splits the output of `git cat-file --batch`: `<id> <type> <size>\n<bytes>\n`, again and again. */
import { Buffer } from 'node:buffer';

/** A taker of chunks; it calls back once per object, with null for one that the repository doesn't have. */
export function createBatchReader(each: (content: Buffer | null) => void): (chunk: Buffer) => boolean {
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Bytes of the object that is coming and its line feed; null: a header comes. */
  let wanted: number | null = null;

  const takeHeader = (buffer: Buffer): Buffer | null => {
    const end = buffer.indexOf(0x0a);
    if (end === -1) return null;
    const size = /^[0-9a-f]+ \w+ (\d+)$/.exec(buffer.toString('latin1', 0, end))?.[1];
    if (size === undefined) each(null);
    else wanted = Number(size) + 1;
    return buffer.subarray(end + 1);
  };

  const takeContent = (buffer: Buffer, size: number): Buffer | null => {
    if (buffer.length < size) return null;
    // No copy: reading metadata of a large repository would spend a third of its time on them.
    each(buffer.subarray(0, size - 1));
    wanted = null;
    return buffer.subarray(size);
  };

  /** Takes the objects that are whole; returns what is left. */
  const takeAll = (buffer: Buffer): Buffer => {
    for (;;) {
      const rest: Buffer | null = wanted === null ? takeHeader(buffer) : takeContent(buffer, wanted);
      if (rest === null) return buffer;
      buffer = rest;
    }
  };

  const hold = (part: Buffer): void => {
    if (part.length > 0) held.push(part);
    heldBytes += part.length;
  };

  const takeHeld = (): Buffer => {
    const [first, ...more] = held;
    held = [];
    heldBytes = 0;
    if (first === undefined) return nothing;
    return takeAll(more.length === 0 ? first : Buffer.concat([first, ...more]));
  };

  return (chunk) => {
    // Only the object that two chunks share is copied, and only once all of it is there.
    const missing = wanted === null ? 0 : wanted - heldBytes;
    const parts = missing > chunk.length ? [] : [chunk.subarray(0, missing), chunk.subarray(missing)];
    if (parts.length === 0) hold(chunk);
    for (const part of parts) {
      hold(part);
      hold(takeHeld());
    }
    return true;
  };
}

const nothing = Buffer.alloc(0);
