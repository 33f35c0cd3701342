import { createReadStream } from 'node:fs';

const chunkBytes = 1 << 20;
const lineFeed = 0x0a;

/**
 * A file in blocks of about a megabyte that end where lines end, so that neither a line nor a character is cut in two.
 * Only the last block may lack its line feed.
 */
export async function* wholeLines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    const block = chunk as Buffer; // no encoding was set, so the stream gives buffers
    const end = block.lastIndexOf(lineFeed) + 1;
    if (end === 0) {
      rest.push(block);
      continue;
    }
    yield Buffer.concat([...rest, block.subarray(0, end)]);
    rest = [block.subarray(end)];
  }
  const tail = Buffer.concat(rest);
  if (tail.length > 0) yield tail;
}
