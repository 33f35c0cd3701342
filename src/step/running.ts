/** What is running, for `regen status`: read without zod, since a status must be quick. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Running } from '../model/status.js';
import type { Surroundings } from '../model/surroundings.js';
import { readOptional } from '../system/read-optional.js';
import { itemHolder } from './item-lock.js';
import { currentLease } from './lease.js';

/** The items being worked on now: by a living process, or by a session with a lease. */
export async function runningItems(surroundings: Surroundings): Promise<readonly Running[]> {
  const [open, lease] = await Promise.all([openAttempts(surroundings), currentLease(surroundings)]);
  const running = await Promise.all(
    open.map(async ({ target, item, stage, since }): Promise<readonly Running[]> => {
      const holder = await itemHolder(surroundings, { target, item });
      const isLeased = lease?.item === item && lease.target === target;
      return holder !== null || isLeased ? [{ item, stage, pid: holder?.pid ?? null, since }] : [];
    }),
  );
  return running.flat();
}

interface OpenAttempt extends Omit<Running, 'pid'> {
  readonly target: string;
}

async function openAttempts(surroundings: Surroundings): Promise<readonly OpenAttempt[]> {
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

function lastStage(journal: string): OpenAttempt | null {
  const records = journal.split('\n').flatMap((line) => {
    const record = parse(line);
    return record === null ? [] : [record];
  });
  const opening = records[0];
  const { target, item } = (opening?.['data'] ?? {}) as Record<string, unknown>; // checked below
  const last =
    records.findLast((record) => record['effect'] === 'stage' && record['event'] === 'begin') ?? opening;
  if (typeof target !== 'string' || typeof item !== 'string') return null;
  if (typeof last?.['stage'] !== 'string' || typeof last['at'] !== 'string') return null;
  return { target, item, stage: last['stage'], since: last['at'] };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null; // an object it is
  } catch {
    return null;
  }
}
