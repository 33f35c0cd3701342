import { stat } from 'node:fs/promises';
import { RegenError } from '../model/errors.js';

/** @throws RegenError `usage` when there is no folder of that name. */
export async function ensureFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() === true) return;
  throw new RegenError('usage', `${folder} is no folder`, { hint: 'Correct --cwd.' });
}
