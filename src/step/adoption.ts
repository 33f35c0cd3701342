/** `regen retry --adopt`: a person's word that a branch with our trailers, made by another clone, may be taken over. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { membersOf } from '../model/attempt.js';
import type { Attempt, ItemRef } from '../model/attempt.js';
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

/** Whether a person allowed it, for each of the attempt's items. */
export async function isAdoptionAllowed(surroundings: Surroundings, attempt: Adopting): Promise<boolean> {
  const files = filesOf(surroundings, attempt);
  const allowed = await Promise.all(files.map(async (file) => (await readOptional(file)) !== null));
  return allowed.length > 0 && allowed.every(Boolean);
}

/** The permission is used up. */
export async function endAdoption(surroundings: Surroundings, attempt: Adopting): Promise<void> {
  await Promise.all(filesOf(surroundings, attempt).map((file) => rm(file, { force: true })));
}

type Adopting = Pick<Attempt, 'target' | 'item' | 'members'>;

function filesOf(surroundings: Surroundings, attempt: Adopting): readonly string[] {
  return membersOf(attempt).map((item) => adoptionFile(surroundings, { target: attempt.target, item }));
}

function adoptionFile(surroundings: Surroundings, ref: ItemRef): string {
  return path.join(surroundings.root, '.regen', 'adopt', encodeId(ref.target), encodeId(ref.item));
}
