/**
 * Money set aside: a file for each reservation in `.regen/reserved/`, which counts as long as the process lives that wrote
 * it. Decisions are taken under `.regen/ledger.lock`, held for as long as the sums take to read.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import type { Claim, Reservation, Reserved } from '../model/reservation.js';
import type { Surroundings } from '../model/surroundings.js';
import { isErrno } from '../system/errno.js';
import { acquireLockWithin } from '../system/lock.js';
import { currentProcess, isRunning } from '../system/process-identity.js';
import type { ProcessIdentity } from '../system/process-identity.js';
import { readOptional } from '../system/read-optional.js';
import { writeAtomically } from '../system/atomic-write.js';

export type Decide = (others: readonly Reserved[]) => Promise<number>;

export interface Reservations {
  reserve(claim: Claim, decide: Decide, signal: AbortSignal): Promise<Reservation>;
  reserved(): Promise<readonly Reserved[]>;
}

export function createReservations(surroundings: Pick<Surroundings, 'root' | 'now' | 'newId'>): Reservations {
  const own = path.join(surroundings.root, '.regen');
  const folder = path.join(own, 'reserved');
  return {
    async reserve(claim, decide, signal) {
      await mkdir(folder, { recursive: true });
      const lock = await acquireLockWithin(
        path.join(own, 'ledger.lock'),
        { waitMs: patienceMs, now: () => surroundings.now() },
        signal,
      );
      if (lock.kind === 'busy') {
        const { pid, command } = lock.holder;
        throw new RegenError('wait', `the ledger’s lock is held by pid ${pid} (${JSON.stringify(command)})`, {
          hint: 'Wait for it, or end it if it hangs.',
        });
      }
      try {
        const usd = await decide(await readLiving(folder));
        return await writeReservation(path.join(folder, `${surroundings.newId()}.json`), claim, usd);
      } finally {
        await lock.release();
      }
    },
    reserved: () => readLiving(folder),
  };
}

/** Under the lock there is nothing to do but to read. */
const patienceMs = 10_000;

async function writeReservation(file: string, claim: Claim, usd: number): Promise<Reservation> {
  const holder = await currentProcess();
  const write = (left: number): Promise<void> =>
    writeAtomically(file, JSON.stringify({ v: 1, ...claim, usd: left, holder }));
  let left = usd;
  let isReleased = false;
  await write(left);
  return {
    usd,
    async spend(amount) {
      if (isReleased || amount === 0) return;
      left = Math.max(0, left - amount);
      await write(left);
    },
    async release() {
      isReleased = true;
      await rm(file, { force: true });
    },
  };
}

/** Those of processes that are gone are removed: what they have spent is on the books, or will be with the next step. */
async function readLiving(folder: string): Promise<readonly Reserved[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  const found = names.filter((name) => name.endsWith('.json')).map((name) => path.join(folder, name));
  const living = await Promise.all(found.map(readOne));
  return living.filter((one) => one !== null);
}

async function readOne(file: string): Promise<Reserved | null> {
  const text = await readOptional(file);
  if (text === null) return null; // released in between
  const parsed = parse(text);
  if (parsed !== null && (await isRunning(parsed.holder))) return parsed.reserved;
  await rm(file, { force: true });
  return null;
}

interface Parsed {
  readonly reserved: Reserved;
  readonly holder: ProcessIdentity;
}

/** null: nothing that a process of ours wrote whole. */
function parse(text: string): Parsed | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || !isRecord(value['holder'])) return null;
  const { plan, target, item, attempt, usd } = value;
  const { bootId, pid, startTime } = value['holder'];
  const texts = [plan, target, item, attempt];
  if (typeof usd !== 'number' || typeof pid !== 'number' || !texts.every(isText)) return null;
  return {
    reserved: {
      plan: String(plan),
      target: String(target),
      item: String(item),
      attempt: String(attempt),
      usd,
    },
    holder: { bootId: textOrNull(bootId), pid, startTime: textOrNull(startTime) },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function textOrNull(value: unknown): string | null {
  return isText(value) ? value : null;
}
