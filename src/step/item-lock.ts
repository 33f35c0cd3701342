/**
 * The lease of an item by a process: who works on it holds a lock, so that the children of one `regen run`, or a step and
 * what a killed run left at work, never meet at an item. A session's lease (lease.ts) outlives its processes; this doesn't.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { membersOf } from '../model/attempt.js';
import type { Attempt, ItemRef } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';
import { encodeId } from '../model/ids.js';
import type { Surroundings } from '../model/surroundings.js';
import { isErrno } from '../system/errno.js';
import { acquireLock, lockHolder } from '../system/lock.js';
import type { Lock, LockHolder } from '../system/lock.js';
import { holderText } from './run-lock.js';

/** Takes the item for this process, also from one that is gone; never waits. */
export function lockItem(surroundings: Surroundings, ref: ItemRef): Promise<Lock> {
  return acquireLock(itemLockFile(surroundings, ref), surroundings);
}

/** The same of an attempt at several items: who works on it holds all of them. */
export function lockAttempt(surroundings: Surroundings, attempt: Attempt): Promise<Lock> {
  return lockItem(surroundings, { target: attempt.target, item: membersOf(attempt)[0] ?? attempt.item });
}

/** Who works on the item; null: no living process. */
export function itemHolder(
  surroundings: Pick<Surroundings, 'root'>,
  ref: ItemRef,
): Promise<LockHolder | null> {
  return lockHolder(itemLockFile(surroundings, ref));
}

/** @throws RegenError `wait` while a process works on the item. */
export async function ensureItemFree(surroundings: Surroundings, ref: ItemRef): Promise<void> {
  const holder = await itemHolder(surroundings, ref);
  if (holder !== null) throw heldError(`${ref.item} is being worked on`, holder);
}

/** @throws RegenError `wait` while a process works on any item: for what concerns the plan as a whole. */
export async function ensureNobodyWorks(surroundings: Surroundings): Promise<void> {
  const holder = await anyHolder(surroundings);
  if (holder !== null) throw heldError('an item is still being worked on', holder);
}

/** Whether a living process works on any item. */
export async function isAnybodyAtWork(surroundings: Pick<Surroundings, 'root'>): Promise<boolean> {
  return (await anyHolder(surroundings)) !== null;
}

async function anyHolder(surroundings: Pick<Surroundings, 'root'>): Promise<LockHolder | null> {
  const folder = leaseFolder(surroundings);
  for (const name of await lockNames(folder)) {
    const holder = await lockHolder(path.join(folder, name));
    if (holder !== null) return holder;
  }
  return null;
}

/** The wait of who finds every item taken, or one that it must have. */
export function heldError(what: string, holder: LockHolder): RegenError {
  return new RegenError('wait', `${what}: ${holderText(holder)}`, {
    hint: 'Wait for it; "regen status" shows what it does.',
  });
}

async function lockNames(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.lock'));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

function itemLockFile(surroundings: Pick<Surroundings, 'root'>, ref: ItemRef): string {
  return path.join(leaseFolder(surroundings), `${nameOf(ref)}.lock`);
}

function leaseFolder({ root }: Pick<Surroundings, 'root'>): string {
  return path.join(root, '.regen', 'leases');
}

/** Target and item in one name, parted by what neither holds when encoded; file names have 255 bytes at most. */
function nameOf({ target, item }: ItemRef): string {
  const name = `${encodeId(target)}~${encodeId(item)}`;
  if (name.length <= 200) return name;
  return `${name.slice(0, 150)}~${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}
