import { readFile } from 'node:fs/promises';
import { isErrno } from './errno.js';

/** A file's text, read as UTF-8; null when there is no such file. */
export async function readOptional(file: string): Promise<string | null> {
  const bytes = await readOptionalBytes(file);
  return bytes === null ? null : bytes.toString('utf8');
}

/** A file's bytes; null when there is no such file. */
export async function readOptionalBytes(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    // The only error of the kind that doesn't say where.
    if (isErrno(error, 'EISDIR') && error instanceof Error) error.message += ` '${file}'`;
    throw error;
  }
}
