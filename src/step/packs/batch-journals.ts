/**
 * Journals of batches: `.regen/batches/<plan>/<target>/<number>/journal.jsonl`. `.regen/open-batches/` points to those that
 * were not collected yet.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Commission } from '../../model/attempt.js';
import { encodeId } from '../../model/ids.js';
import type { Surroundings } from '../../model/surroundings.js';
import { writeAtomically } from '../../system/atomic-write.js';
import { isErrno } from '../../system/errno.js';
import { readOptional } from '../../system/read-optional.js';
import { journalOf } from '../journal-file.js';
import { parseRecords } from '../journal-records.js';
import { ended } from '../journal.js';
import type { EffectKey, Journal } from '../journal.js';

/** Many packs, sent off together. */
export interface Batch extends Commission {
  readonly members: readonly string[];
}

export type BatchJournal = Journal<Batch>;

export type NewBatch = Pick<Batch, 'plan' | 'target' | 'base' | 'members'>;

const key = (effect: string): EffectKey => ({ stage: 'batch', round: 0, effect });

const openKey = key('open');
/** Begun before the request is sent, ended with the batch's id. */
export const submitKey = key('submit');
export const markKey = key('mark');
export const collectKey = key('collect');

const openingSchema = z.object({
  uuid: z.string(),
  sessionId: z.string(),
  number: z.int(),
  plan: z.string(),
  target: z.string(),
  base: z.string(),
  members: z.array(z.string()),
});

const submittedSchema = z.object({ id: z.string() });

/** The API's id of it; null: it wasn't submitted, as far as is known. */
export function batchId(batch: BatchJournal): string | null {
  return submittedSchema.safeParse(ended(batch, submitKey)).data?.id ?? null;
}

/** Batches that something is left to do of, of any plan, oldest first. */
export async function openBatches(surroundings: Surroundings): Promise<readonly BatchJournal[]> {
  const folder = pointersIn(surroundings);
  const found = (await namesIn(folder)).map(async (name) => {
    const pointed = await readOptional(path.join(folder, name));
    return pointed === null ? null : readBatch(path.join(surroundings.root, pointed.trim()), surroundings);
  });
  const batches = (await Promise.all(found)).filter((batch) => batch !== null);
  return batches.toSorted((one, other) => one.attempt.number - other.attempt.number);
}

/** Ids of all batches that the plan has submitted, collected or not. */
export async function knownBatchIds(
  surroundings: Surroundings,
  { plan, target }: { readonly plan: string; readonly target: string },
): Promise<ReadonlySet<string>> {
  const folder = folderOf(surroundings, plan, target);
  const found = (await namesIn(folder)).map((name) => readBatch(path.join(folder, name), surroundings));
  const batches = (await Promise.all(found)).filter((batch) => batch !== null);
  return new Set(batches.flatMap((batch) => batchId(batch) ?? []));
}

export async function openBatch(surroundings: Surroundings, start: NewBatch): Promise<BatchJournal> {
  const folder = folderOf(surroundings, start.plan, start.target);
  const number = Math.max(0, ...(await namesIn(folder)).map(Number).filter(Number.isInteger)) + 1;
  const directory = path.join(folder, String(number));
  await mkdir(directory, { recursive: true });
  const opening = { ...start, uuid: surroundings.newId(), sessionId: surroundings.newId(), number };
  const journal = journalOf<Batch>({ ...opening, item: null, directory }, [], surroundings);
  await journal.append(openKey, 'begin', opening);
  // After the journal: a kill in between leaves no pointer to nothing, and nothing that was submitted.
  await mkdir(pointersIn(surroundings), { recursive: true });
  const pointer = path.join(pointersIn(surroundings), opening.uuid);
  await writeAtomically(pointer, `${path.relative(surroundings.root, directory)}\n`);
  return journal;
}

/** After this nothing of the batch is left to do. */
export async function closeBatch(surroundings: Surroundings, batch: BatchJournal): Promise<void> {
  await rm(path.join(pointersIn(surroundings), batch.attempt.uuid), { force: true });
}

async function readBatch(directory: string, surroundings: Surroundings): Promise<BatchJournal | null> {
  const records = parseRecords((await readOptional(path.join(directory, 'journal.jsonl'))) ?? '');
  const opening = openingSchema.safeParse(records[0]?.data);
  return opening.success
    ? journalOf<Batch>({ ...opening.data, item: null, directory }, records, surroundings)
    : null;
}

function folderOf({ root }: Surroundings, plan: string, target: string): string {
  return path.join(root, '.regen', 'batches', plan, encodeId(target));
}

function pointersIn({ root }: Surroundings): string {
  return path.join(root, '.regen', 'open-batches');
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
}
