/** Reading `.regen/ledger.jsonl`: streamed, since it only ever grows. */
import { isErrno } from '../system/errno.js';
import { wholeLines } from '../system/whole-lines.js';

/**
 * Hands every line over, in the file's order, without its line feed; empty ones are left out. A file that isn't there
 * has no lines.
 *
 * @param needle - only lines that hold this text are of interest: blocks without it aren't even split.
 */
export async function readLines(path: string, each: (line: string) => void, needle = ''): Promise<void> {
  try {
    for await (const block of wholeLines(path)) {
      if (!block.includes(needle)) continue;
      for (const line of block.toString('utf8').split('\n')) {
        if (line !== '' && line.includes(needle)) each(line);
      }
    }
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}
