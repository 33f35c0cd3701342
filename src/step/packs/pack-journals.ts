/**
 * Journals of packs: `.regen/packs/<plan>/<target>/<number>/journal.jsonl`, like an attempt's. `.regen/open-packs/` points to
 * those that something is left to do of.
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
import type { EffectKey, Journal } from '../journal.js';

/** What a pack is asked for: its members are items of one plan, and are asked in one call of one model. */
export interface Pack extends Commission {
  readonly members: readonly string[];
  readonly model: string;
  /** The batch that it is a request of, by its number; null: asked at once. */
  readonly batch: number | null;
  /** The commit that rules and references are read from. */
  readonly rules: string;
  /** Digests of what each member is asked, see work-digests.ts. */
  readonly asked: Readonly<Record<string, string>>;
}

export type PackJournal = Journal<Pack>;

export type NewPack = Omit<Pack, 'uuid' | 'sessionId' | 'number' | 'directory' | 'item'>;

const openingKey: EffectKey = { stage: 'pack', round: 0, effect: 'open' };
export const closingKey: EffectKey = { stage: 'pack', round: 0, effect: 'close' };

type IsTaken = (number: number) => Promise<boolean>;

const openingSchema = z.object({
  uuid: z.string(),
  sessionId: z.string(),
  number: z.int(),
  plan: z.string(),
  target: z.string(),
  base: z.string(),
  members: z.array(z.string()),
  model: z.string(),
  batch: z.int().nullable(),
  /** Left out by older versions. */
  rules: z.string().optional(),
  asked: z.record(z.string(), z.string()).default({}),
});

/** Every pack of the plan, by number. */
export async function packsOf(
  surroundings: Surroundings,
  { plan, target }: { readonly plan: string; readonly target: string },
): Promise<readonly PackJournal[]> {
  const folder = folderOf(surroundings, plan, target);
  const found = (await numbersIn(folder)).map((number) =>
    readPack(path.join(folder, String(number)), surroundings),
  );
  return (await Promise.all(found)).filter((pack) => pack !== null);
}

/** Packs of any plan that something is left to do of. */
export async function openPacks(surroundings: Surroundings): Promise<readonly PackJournal[]> {
  const folder = pointersIn(surroundings);
  const found = (await namesIn(folder)).map(async (name) => {
    const pointed = await readOptional(path.join(folder, name));
    return pointed === null ? null : readPack(path.join(surroundings.root, pointed.trim()), surroundings);
  });
  return (await Promise.all(found)).filter((pack) => pack !== null);
}

/**
 * Writes the opening record, and with it the pack.
 *
 * @param isTaken - whether it may not have the number: somebody else's branch is called after it.
 */
export async function openPack(
  surroundings: Surroundings,
  start: NewPack,
  isTaken: IsTaken = () => Promise.resolve(false),
): Promise<PackJournal> {
  const folder = folderOf(surroundings, start.plan, start.target);
  const last = await lastNumber(surroundings, start.target);
  const { number, directory } = await freeFolder(folder, last, isTaken);
  const ids = { uuid: surroundings.newId(), sessionId: surroundings.newId() };
  const opening = { ...start, ...ids, number };
  const journal = journalOf<Pack>({ ...opening, item: null, directory }, [], surroundings);
  await journal.append(openingKey, 'begin', opening);
  // After the journal: a kill in between leaves no pointer to nothing, and the plan's packs are found without.
  await mkdir(pointersIn(surroundings), { recursive: true });
  const relative = path.relative(surroundings.root, directory);
  await writeAtomically(path.join(pointersIn(surroundings), ids.uuid), `${relative}\n`);
  return journal;
}

/** After this nothing of the pack is left to do. */
export async function closePack(surroundings: Surroundings, pack: PackJournal): Promise<void> {
  if (!isPackClosed(pack)) await pack.append(closingKey, 'end');
  await rm(path.join(pointersIn(surroundings), pack.attempt.uuid), { force: true });
}

export function isPackClosed(pack: PackJournal): boolean {
  return pack
    .records()
    .some(({ stage, effect, event }) => stage === 'pack' && effect === 'close' && event === 'end');
}

/** Of any plan: branches are called after packs, and those of an earlier plan may wait to be merged still. */
async function lastNumber({ root }: Surroundings, target: string): Promise<number> {
  const folder = path.join(root, '.regen', 'packs');
  const found = (await namesIn(folder)).map((plan) => numbersIn(path.join(folder, plan, encodeId(target))));
  return Math.max(0, ...(await Promise.all(found)).flat());
}

/** Steps side by side open packs at the same time: a folder is whose who makes it. */
async function freeFolder(
  folder: string,
  last: number,
  isTaken: IsTaken,
): Promise<{ readonly number: number; readonly directory: string }> {
  await mkdir(folder, { recursive: true });
  for (let number = last + 1; ; number += 1) {
    if (await isTaken(number)) continue;
    const directory = path.join(folder, String(number));
    try {
      await mkdir(directory);
      return { number, directory };
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
}

async function readPack(directory: string, surroundings: Surroundings): Promise<PackJournal | null> {
  const records = parseRecords((await readOptional(path.join(directory, 'journal.jsonl'))) ?? '');
  const opening = openingSchema.safeParse(records[0]?.data);
  if (!opening.success) return null; // killed before anything was begun
  const { rules = opening.data.base } = opening.data;
  return journalOf<Pack>({ ...opening.data, rules, item: null, directory }, records, surroundings);
}

function folderOf({ root }: Surroundings, plan: string, target: string): string {
  return path.join(root, '.regen', 'packs', plan, encodeId(target));
}

function pointersIn({ root }: Surroundings): string {
  return path.join(root, '.regen', 'open-packs');
}

async function numbersIn(folder: string): Promise<readonly number[]> {
  const numbers = (await namesIn(folder))
    .map(Number)
    .filter((number) => Number.isInteger(number) && number > 0);
  return numbers.sort((left, right) => left - right);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
}
