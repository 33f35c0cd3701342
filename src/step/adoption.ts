/** `regen retry --adopt`: a person's word that a branch with our trailers, made by another clone, may be taken over. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ItemRef } from '../model/attempt.js';
import { encodeId } from '../model/ids.js';
import type { Surroundings } from '../model/surroundings.js';
import { writeAtomically } from '../system/atomic-write.js';
import { readOptional } from '../system/read-optional.js';

/** Allows the next attempt at the item to take over a branch that carries its trailers. */
export async function allowAdoption(surroundings: Surroundings, ref: ItemRef): Promise<void> {
  const file = adoptionFile(surroundings, ref);
  await mkdir(path.dirname(file), { recursive: true });
  await writeAtomically(file, 'adopt\n');
}

/** Whether a person allowed it. */
export async function isAdoptionAllowed(surroundings: Surroundings, ref: ItemRef): Promise<boolean> {
  return (await readOptional(adoptionFile(surroundings, ref))) !== null;
}

/** The permission is used up. */
export async function endAdoption(surroundings: Surroundings, ref: ItemRef): Promise<void> {
  await rm(adoptionFile(surroundings, ref), { force: true });
}

function adoptionFile(surroundings: Surroundings, ref: ItemRef): string {
  return path.join(surroundings.root, '.regen', 'adopt', encodeId(ref.target), encodeId(ref.item));
}
