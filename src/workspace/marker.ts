/** Which attempt a worktree belongs to: a file beside git's own record of it, where no commit can pick it up. */
import path from 'node:path';
import * as z from 'zod';
import { writeAtomically } from '../system/atomic-write.js';
import { readOptional } from '../system/read-optional.js';
import type { AdministrativeEntry } from './administration.js';

const markerSchema = z.object({
  attempt: z.string(),
  base: z.string(),
  /** Files of the base that were left out. */
  hidden: z.array(z.string()),
});

export type Marker = z.output<typeof markerSchema>;

/** Written last when a worktree is made: one without it was cut short. */
export async function writeMarker(entry: AdministrativeEntry, marker: Marker): Promise<void> {
  await writeAtomically(markerFile(entry), JSON.stringify(marker));
}

export async function readMarker(entry: AdministrativeEntry): Promise<Marker | null> {
  const text = await readOptional(markerFile(entry));
  if (text === null) return null;
  try {
    return markerSchema.parse(JSON.parse(text));
  } catch {
    return null; // half-written or not ours: the worktree counts as unfinished
  }
}

/** Where the marker is kept. */
export function markerFile(entry: AdministrativeEntry): string {
  return path.join(entry.directory, 'regen.json');
}

/** The index that the guard compares with: the agent's own says whatever the agent told it. */
export function guardIndex(entry: AdministrativeEntry): string {
  return path.join(entry.directory, 'regen-index');
}
