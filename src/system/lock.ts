/** Locks between processes: a file that is created exclusively and says who holds it. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parsedObject } from '../model/parsed-object.js';
import { createAtomically } from './atomic-write.js';
import { currentProcess, isRunning } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';
import { readOptional } from './read-optional.js';

const pollMs = 5;

export interface LockHolder extends ProcessIdentity {
  /** What the holder was called with, for people. */
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
  /** Tells one holding from the next, also within a process. */
  readonly token: string;
}

export interface HeldLock extends AsyncDisposable {
  readonly kind: 'held';
  readonly holder: LockHolder;
  /** Removes the lock file if it is still ours; may be called again. */
  release(): Promise<void>;
}

interface BusyLock {
  readonly kind: 'busy';
  readonly holder: LockHolder;
}

export type Lock = HeldLock | BusyLock;

export interface LockOptions {
  now(): Date;
  /** The default is this process's command line. */
  readonly command?: string;
}

/** Takes the lock, also from a holder that is gone. Never waits: a live holder is `busy`. */
export async function acquireLock(file: string, options: LockOptions): Promise<Lock> {
  await mkdir(path.dirname(file), { recursive: true });
  const own = await newHolder(options);
  const claim = JSON.stringify(own);
  for (;;) {
    if (await createAtomically(file, claim, { isDurable: false })) return heldLock(file, claim, own);
    const found = await readOptional(file);
    if (found === null) continue; // released in between
    const holder = parseHolder(found);
    if (holder !== null && (await isRunning(holder))) return { kind: 'busy', holder };
    const takeover = await removeDead(file, found, options);
    if (takeover !== null) return takeover;
  }
}

/** The same, but waits for a live holder, at most `waitMs`. Rejects with the signal's reason when it is aborted. */
export async function acquireLockWithin(
  file: string,
  { waitMs, ...options }: LockOptions & { readonly waitMs: number },
  signal: AbortSignal,
): Promise<Lock> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    signal.throwIfAborted();
    const lock = await acquireLock(file, options);
    if (lock.kind === 'held' || performance.now() >= deadline) return lock;
    await delay(pollMs, undefined, { signal }).catch(() => undefined); // an abort is thrown above
  }
}

/** Who holds the lock now; null when nobody does, or nobody who is still alive. */
export async function lockHolder(file: string): Promise<LockHolder | null> {
  const text = await readOptional(file);
  const holder = text === null ? null : parseHolder(text);
  return holder !== null && (await isRunning(holder)) ? holder : null;
}

/**
 * Removes the lock file of a dead holder, under a lock of its own: without it, the slower of two that saw the same
 * dead holder would remove the new lock of the faster one. A process that dies in here leaves a dead lock like any
 * other, which is taken over in the same way. Returns the one who is at it already, if any.
 */
async function removeDead(file: string, found: string, options: LockOptions): Promise<BusyLock | null> {
  const takeover = await acquireLock(`${file}.takeover`, options);
  if (takeover.kind === 'busy') return takeover;
  try {
    await removeIfStill(file, found);
    return null;
  } finally {
    await takeover.release();
  }
}

function heldLock(file: string, claim: string, holder: LockHolder): HeldLock {
  const release = (): Promise<void> => removeIfStill(file, claim);
  return { kind: 'held', holder, release, [Symbol.asyncDispose]: release };
}

/** Its content names one holding; nobody but the holder, or who takes over from it, may remove it. */
async function removeIfStill(file: string, content: string): Promise<void> {
  if ((await readOptional(file)) === content) await rm(file, { force: true });
}

async function newHolder(options: LockOptions): Promise<LockHolder> {
  return {
    ...(await currentProcess()),
    command: options.command ?? ['regen', ...process.argv.slice(2)].join(' '),
    since: options.now().toISOString(),
    token: randomUUID(),
  };
}

/** Null for what no process of ours wrote whole, such as the remains of a power cut: nobody holds that. */
function parseHolder(text: string): LockHolder | null {
  const value = parsedObject(text);
  if (value === null) return null;
  const { bootId, pid, startTime, command, since, token } = value;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return null;
  return {
    bootId: textOr(bootId, null),
    pid,
    startTime: textOr(startTime, null),
    command: textOr(command, 'unknown'),
    since: textOr(since, 'unknown'),
    token: textOr(token, ''),
  };
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}
