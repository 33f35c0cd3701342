/** What is running, for `regen status`: read without zod, since a status must be quick. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Running } from '../model/status.js';
import type { Surroundings } from '../model/surroundings.js';
import { readOptional } from '../system/read-optional.js';
import { lockHolder } from '../system/lock.js';
import { currentLease } from './lease.js';

/** The items being worked on now: by a step that holds the run lock, or by a session with a lease. */
export async function runningItems(surroundings: Surroundings): Promise<readonly Running[]> {
  const holder = await lockHolder(path.join(surroundings.root, '.regen', 'lock'));
  const lease = await currentLease(surroundings);
  if (holder === null && lease === null) return [];
  const open = await openAttempts(surroundings);
  return open
    .filter(({ item }) => holder !== null || item === lease?.item)
    .map(({ item, stage, since }) => ({ item, stage, pid: holder?.pid ?? null, since }));
}

async function openAttempts(surroundings: Surroundings): Promise<readonly Omit<Running, 'pid'>[]> {
  const pointers = path.join(surroundings.root, '.regen', 'open');
  const names = await readdir(pointers).catch(() => []);
  const attempts = await Promise.all(
    names.map(async (name) => {
      const directory = (await readOptional(path.join(pointers, name)))?.trim();
      if (directory === undefined) return null;
      return lastStage((await readOptional(path.join(surroundings.root, directory, 'journal.jsonl'))) ?? '');
    }),
  );
  return attempts.filter((attempt) => attempt !== null);
}

function lastStage(journal: string): Omit<Running, 'pid'> | null {
  const records = journal.split('\n').flatMap((line) => {
    const record = parse(line);
    return record === null ? [] : [record];
  });
  const opening = records[0];
  const item = (opening?.['data'] as Record<string, unknown> | undefined)?.['item']; // checked below
  const last =
    records.findLast((record) => record['effect'] === 'stage' && record['event'] === 'begin') ?? opening;
  if (typeof item !== 'string' || typeof last?.['stage'] !== 'string' || typeof last['at'] !== 'string')
    return null;
  return { item, stage: last['stage'], since: last['at'] };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null; // an object it is
  } catch {
    return null;
  }
}
