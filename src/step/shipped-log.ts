/** When each target last had an item shipped: what `minAge` counts from besides the archives, whatever became of the plan. */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { decodeId, encodeId } from '../model/ids.js';
import type { Surroundings } from '../model/surroundings.js';
import { writeAtomically } from '../system/atomic-write.js';
import { isErrno } from '../system/errno.js';
import { readOptional } from '../system/read-optional.js';

/** Notes that an item of the target was shipped now. */
export async function noteShipped(surroundings: Surroundings, target: string): Promise<void> {
  const folder = shippedFolder(surroundings);
  await mkdir(folder, { recursive: true });
  await writeAtomically(path.join(folder, encodeId(target)), `${surroundings.now().toISOString()}\n`);
}

/** The instants that were noted, by target. */
export async function lastShipped(surroundings: Surroundings): Promise<ReadonlyMap<string, Date>> {
  const folder = shippedFolder(surroundings);
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  const noted = await Promise.all(
    names.map(async (name) => {
      const at = Date.parse((await readOptional(path.join(folder, name)))?.trim() ?? '');
      return Number.isNaN(at) ? [] : [[decodeId(name), new Date(at)] as const];
    }),
  );
  return new Map(noted.flat());
}

function shippedFolder(surroundings: Surroundings): string {
  return path.join(surroundings.root, '.regen', 'shipped');
}
