/** Splits the output of `git log --format=%x00%ct --name-only -z`. */
import type { Buffer } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';

/**
 * A taker of chunks that calls back once per path, newest commit first, until the callback returns false.
 * git writes `\0<seconds>\0\n<path>\0<path>\0` per commit, and only `\0<seconds>\0` for one without files.
 */
export function createHistoryReader(
  each: (path: string, committed: Date) => boolean,
): (chunk: Buffer) => boolean {
  const decoder = new StringDecoder('utf8');
  const seen = new Set<string>();
  let rest = '';
  let next: 'time' | 'first' | 'path' = 'path';
  let committed = new Date(0);

  const takeField = (field: string): boolean => {
    if (field === '') {
      next = 'time';
      return true;
    }
    if (next === 'time') {
      committed = new Date(Number(field) * 1000);
      next = 'first';
      return true;
    }
    const path = next === 'first' ? field.replace(/^\n/, '') : field;
    next = 'path';
    if (seen.has(path)) return true;
    seen.add(path);
    return each(path, committed);
  };

  return (chunk) => {
    const fields = (rest + decoder.write(chunk)).split('\0');
    rest = fields.pop() ?? '';
    return fields.every(takeField);
  };
}
