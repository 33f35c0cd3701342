/** A file that a person asked for by name. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import { writeAtomically } from './atomic-write.js';
import { isErrno, isSystemError } from './errno.js';

/**
 * Writes the file, over one that is there, as tools with an `-o` do; whole or not at all.
 *
 * @throws RegenError `usage` when no file can stand there, `environment` when it can't be written.
 */
export async function writeOutput(file: string, text: string): Promise<void> {
  await refuseOtherThings(file);
  try {
    await writeAtomically(file, text);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new RegenError('environment', `${file} can’t be written: ${error.message}`, {
      hint: 'Make the folder writable, with room on the disk, or name another file with -o.',
      cause: error,
    });
  }
}

/** @throws RegenError `usage` when no file can stand there. */
export async function refuseOtherThings(file: string): Promise<void> {
  const found = await kindOf(file);
  const folder = path.dirname(file);
  if (found === 'folder') {
    throw new RegenError('usage', `${file} is a folder`, {
      hint: `Name a file in it, such as ${path.join(file, 'report.html')}.`,
    });
  }
  // A rename over a device or a pipe would put a file in its place.
  if (found === 'other') {
    throw new RegenError('usage', `${file} is no file`, { hint: 'Name a file, or "-o -" for stdout.' });
  }
  if ((await kindOf(folder)) !== 'folder') {
    throw new RegenError('usage', `${folder} is no folder`, {
      hint: 'Make the folder first, or name a file in another one.',
    });
  }
}

async function kindOf(place: string): Promise<'none' | 'file' | 'folder' | 'other'> {
  try {
    const found = await stat(place);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'other';
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return 'none';
    if (!isSystemError(error)) throw error;
    throw new RegenError('environment', `${place} can’t be looked at: ${error.message}`, {
      hint: 'Name another file with -o.',
      cause: error,
    });
  }
}
