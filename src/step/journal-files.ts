/**
 * Journals on disk: `.regen/runs/<plan>/<target>/<item>/<attempt>/journal.jsonl`. A pointer in `.regen/open/` stands for
 * each attempt that isn't closed, so that a sweep reads only those.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ItemRef } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';
import { decodeId, encodeId } from '../model/ids.js';
import type { Surroundings } from '../model/surroundings.js';
import { writeAtomically } from '../system/atomic-write.js';
import { isSystemError } from '../system/errno.js';
import { readOptional } from '../system/read-optional.js';
import { isAnybodyAtWork } from './item-lock.js';
import { journalOf } from './journal-file.js';
import { parseJournal } from './journal-records.js';
import type { EffectKey, Journal } from './journal.js';
import type { KeptWork } from './taken-up.js';

const openingKey: EffectKey = { stage: 'attempt', round: 0, effect: 'open' };
const closingKey: EffectKey = { stage: 'attempt', round: 0, effect: 'close' };

export interface NewAttempt extends ItemRef {
  readonly plan: string;
  readonly base: string;
  /** A kept commit to go on from. */
  readonly resumes?: KeptWork;
  /** Of a shipment, see model/attempt.ts. */
  readonly members?: readonly string[];
  readonly files?: readonly string[];
  readonly pack?: number;
  readonly model?: string;
  readonly planned?: string | null;
}

export interface Journals {
  /** Every attempt at the item in the plan's life, oldest first. */
  attempts(plan: string, ref: ItemRef): Promise<readonly Journal[]>;
  /** The UUIDs of all our attempts at the item, whatever the plan: what makes a branch ours. */
  ownUuids(ref: ItemRef): Promise<readonly string[]>;
  /** Every attempt at any item of the target in the plan's life. */
  ofPlan(plan: string, target: string): Promise<readonly Journal[]>;
  /** Every attempt there ever was. */
  all(): Promise<readonly Journal[]>;
  /** Every attempt at the item, whatever the plan. */
  ofItem(ref: ItemRef): Promise<readonly Journal[]>;
  /** Attempts that no record closes, of any plan. */
  unfinished(): Promise<readonly Journal[]>;
  /** Writes the opening record, and with it the attempt. */
  open(attempt: NewAttempt): Promise<Journal>;
  /** After this nothing of the attempt is left to do. */
  close(journal: Journal): Promise<void>;
}

/** @param surroundings - root folder, clock and ids of the records. */
export function createJournals(surroundings: Surroundings): Journals {
  const runs = path.join(surroundings.root, '.regen', 'runs');
  const pointers = path.join(surroundings.root, '.regen', 'open');
  const folderOf = (plan: string, ref: ItemRef): string =>
    path.join(runs, plan, encodeId(ref.target), encodeId(ref.item));

  const attempts = async (plan: string, ref: ItemRef): Promise<readonly Journal[]> => {
    const folder = folderOf(plan, ref);
    const numbers = (await attemptNumbers(folder)).map((number) => path.join(folder, String(number)));
    const journals = await Promise.all(numbers.map((directory) => readJournal(directory, surroundings)));
    return journals.filter((journal) => journal !== null);
  };

  const ofItem = async (ref: ItemRef): Promise<readonly Journal[]> => {
    const plans = await foldersIn(runs);
    return (await Promise.all(plans.map((plan) => attempts(plan, ref)))).flat();
  };

  const ofPlan = async (plan: string, target: string): Promise<readonly Journal[]> => {
    const items = await foldersIn(path.join(runs, plan, encodeId(target)));
    const found = items.map((item) => attempts(plan, { target, item: decodeId(item) }));
    return (await Promise.all(found)).flat();
  };

  return {
    attempts,
    ofItem,
    ownUuids: async (ref) => (await ofItem(ref)).map((journal) => journal.attempt.uuid),
    ofPlan,
    async all() {
      const plans = await foldersIn(runs);
      const found = plans.map(async (plan) => {
        const targets = await foldersIn(path.join(runs, plan));
        return (await Promise.all(targets.map((target) => ofPlan(plan, decodeId(target))))).flat();
      });
      return (await Promise.all(found)).flat();
    },
    async unfinished() {
      const found = await Promise.all(
        (await namesIn(pointers)).filter(isPointer).map(async (name) => {
          const pointer = path.join(pointers, name);
          const directory = await readOptional(pointer);
          const journal =
            directory === null
              ? null
              : await readJournal(path.join(surroundings.root, directory.trim()), surroundings);
          // Another process's attempt has its pointer a moment before its opening record.
          if (journal === null && !(await isAnybodyAtWork(surroundings))) await rm(pointer, { force: true });
          return journal;
        }),
      );
      return found.filter((journal) => journal !== null);
    },
    async open(start) {
      const folder = folderOf(start.plan, start);
      const number = Math.max(0, ...(await attemptNumbers(folder))) + 1;
      const directory = path.join(folder, String(number));
      const opening = { ...start, uuid: surroundings.newId(), sessionId: surroundings.newId(), number };
      await mkdir(directory, { recursive: true });
      await mkdir(pointers, { recursive: true });
      await writeAtomically(
        path.join(pointers, opening.uuid),
        `${path.relative(surroundings.root, directory)}\n`,
      );
      const journal = journalOf({ ...opening, directory }, [], surroundings);
      await journal.append(openingKey, 'begin', opening);
      return journal;
    },
    async close(journal) {
      await journal.append(closingKey, 'end');
      await rm(path.join(pointers, journal.attempt.uuid), { force: true });
    },
  };
}

/**
 * Every attempt whose journal can be read, and what is wrong with the others, a line each: for whoever only looks. What
 * goes by the journals must not pass any over.
 */
export async function readableJournals(
  surroundings: Surroundings,
): Promise<{ readonly journals: readonly Journal[]; readonly unreadable: readonly string[] }> {
  let folders = [path.join(surroundings.root, '.regen', 'runs')];
  // Plans, targets, items, attempts.
  for (let level = 0; level < 4; level += 1) {
    const below = folders.map(async (folder) =>
      (await foldersIn(folder)).sort().map((name) => path.join(folder, name)),
    );
    folders = (await Promise.all(below)).flat();
  }
  const unreadable: string[] = [];
  const journals: Journal[] = [];
  for (const folder of folders) {
    try {
      const journal = await readJournal(folder, surroundings);
      if (journal !== null) journals.push(journal);
    } catch (error) {
      if (!(error instanceof RegenError) && !isSystemError(error)) throw error;
      unreadable.push(error.message);
    }
  }
  return { journals, unreadable };
}

/** The others are temporary files of whoever writes one. */
function isPointer(name: string): boolean {
  return !name.endsWith('.tmp');
}

/** Whether nothing of the attempt is left to do. */
export function isClosed(journal: Journal): boolean {
  return journal.records().some(({ effect, event }) => effect === closingKey.effect && event === 'end');
}

async function readJournal(directory: string, surroundings: Surroundings): Promise<Journal | null> {
  const file = path.join(directory, 'journal.jsonl');
  const parsed = parseJournal((await readOptional(file)) ?? '', path.relative(surroundings.root, file));
  return parsed === null ? null : journalOf({ ...parsed.opening, directory }, parsed.records, surroundings);
}

async function attemptNumbers(folder: string): Promise<number[]> {
  const numbers = (await foldersIn(folder))
    .map(Number)
    .filter((number) => Number.isInteger(number) && number > 0);
  return numbers.sort((left, right) => left - right);
}

async function foldersIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).map(({ name }) => name);
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
