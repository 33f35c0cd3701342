/** What is running, for `regen status`: read without zod, since a status must be quick. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Running } from '../model/status.js';
import type { Surroundings } from '../model/surroundings.js';
import { readOptional } from '../system/read-optional.js';
import { itemHolder } from './item-lock.js';
import { currentLease } from './lease.js';
import { runHolder } from './run-lock.js';

/** What is being worked on now, items, packs or an audit: by a living process, or by a session with a lease. */
export async function runningItems(surroundings: Surroundings): Promise<readonly Running[]> {
  const [attempts, packs, lease] = await Promise.all([
    openWork(surroundings, 'open'),
    openWork(surroundings, 'open-packs'),
    currentLease(surroundings),
  ]);
  // A pack whose answers are being shipped is told of by its shipment.
  const asked = packs.filter(
    ({ target, pack }) => !attempts.some((attempt) => attempt.target === target && attempt.pack === pack),
  );
  const running = await Promise.all(
    [...attempts, ...asked].map(async (work): Promise<readonly Running[]> => {
      const { target, item, stage, since, members } = work;
      const holder = await itemHolder(surroundings, { target, item: members?.[0] ?? item });
      const isLeased = lease?.item === item && lease.target === target;
      if (holder === null && !isLeased) return [];
      return [
        { item, stage, pid: holder?.pid ?? null, since, ...(members === undefined ? {} : { members }) },
      ];
    }),
  );
  return [...running.flat(), ...(await runningAudit(surroundings))];
}

/** Made in plan mode, which has the whole repository to itself. */
async function runningAudit(surroundings: Surroundings): Promise<readonly Running[]> {
  const { root } = surroundings;
  const directory = await readOptional(path.join(root, '.regen', 'audit'));
  const opening = directory === null ? undefined : (await recordsIn(root, directory))[0];
  const { target } = dataOf(opening);
  const since = opening?.['at'];
  if (typeof target !== 'string' || typeof since !== 'string') return [];
  const holder = await runHolder(surroundings);
  return holder === null ? [] : [{ item: target, stage: 'audit', pid: holder.pid, since }];
}

interface OpenWork extends Omit<Running, 'pid'> {
  readonly target: string;
  /** The pack that it is, or that it ships; null: neither. */
  readonly pack: number | null;
}

/** @param folder - of pointers to journals. */
async function openWork({ root }: Surroundings, folder: 'open' | 'open-packs'): Promise<readonly OpenWork[]> {
  const pointers = path.join(root, '.regen', folder);
  const names = await readdir(pointers).catch(() => []);
  const open = await Promise.all(
    names.map(async (name) => {
      const directory = await readOptional(path.join(pointers, name));
      return directory === null ? null : lastStage(await recordsIn(root, directory), folder);
    }),
  );
  return open.filter((work) => work !== null);
}

type Fields = Readonly<Record<string, unknown>>;

async function recordsIn(root: string, directory: string): Promise<readonly Fields[]> {
  const journal = (await readOptional(path.join(root, directory.trim(), 'journal.jsonl'))) ?? '';
  return journal.split('\n').flatMap((line) => {
    const record = parse(line);
    return record === null ? [] : [record];
  });
}

function lastStage(records: readonly Fields[], folder: 'open' | 'open-packs'): OpenWork | null {
  const opening = records[0];
  const { target, item, number, pack = null, members } = dataOf(opening);
  const isPack = folder === 'open-packs';
  const last =
    records.findLast(({ effect, event }) => event === 'begin' && (isPack || effect === 'stage')) ?? opening;
  const name = isPack ? `pack-${String(number)}` : item;
  if (typeof target !== 'string' || typeof name !== 'string') return null;
  if (typeof last?.['stage'] !== 'string' || typeof last['at'] !== 'string') return null;
  const which = isPack ? number : pack;
  return {
    ...{ target, item: name, stage: last['stage'], since: last['at'] },
    pack: typeof which === 'number' ? which : null,
    ...(isTexts(members) ? { members } : {}),
  };
}

function dataOf(record: Fields | undefined): Fields {
  const data = record?.['data'];
  return isFields(data) ? data : {};
}

function parse(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
