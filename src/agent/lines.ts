/** Lines out of chunks that are cut anywhere, also within a character. */
import { StringDecoder } from 'node:string_decoder';

export interface LineSplitter {
  /** The lines that the chunk completes; what follows the last line break waits for the next chunk. */
  push(chunk: Buffer): string[];
  /** What waits, at the end of the input: a last line without a line break. */
  rest(): string[];
}

export function createLineSplitter(): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let pending: string[] = []; // parts, joined once: a record may be megabytes that come in kilobytes
  return {
    push(chunk) {
      const parts = decoder.write(chunk).split('\n');
      const last = parts.pop() ?? '';
      const lines = parts.map((part, index) => (index === 0 ? [...pending, part].join('') : part));
      if (lines.length > 0) pending = [];
      pending.push(last);
      return lines.filter((line) => line !== '');
    },
    rest() {
      const line = pending.join('') + decoder.end();
      pending = [];
      return line === '' ? [] : [line];
    },
  };
}
