/** Lock files of git beside files that nobody but an item's holder writes. */
import { rm } from 'node:fs/promises';

/**
 * Takes away the lock that a killed git left beside the file: with it there, every later git refuses to write the file.
 * Only for what the attempt alone writes, and its processes have been ended.
 */
export async function dropOwnLock(file: string): Promise<void> {
  await rm(`${file}.lock`, { force: true });
}
