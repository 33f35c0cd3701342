/** The lease of an item that an agent session works on by itself: `regen item start` … `ship`. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { parsedObject } from '../model/parsed-object.js';
import { writeAtomically } from '../system/atomic-write.js';
import { readOptional } from '../system/read-optional.js';

/** Renewed by every `item` command. */
export const leaseMs = 2 * 3_600_000;

export interface Lease {
  readonly target: string;
  readonly item: string;
  readonly token: string;
  /** The Claude Code session that took it, where there is one: it need not name the token. */
  readonly session: string | null;
  /** ISO 8601. */
  readonly until: string;
}

/** The lease in force; null when there is none or it ran out. */
export async function currentLease(surroundings: Surroundings): Promise<Lease | null> {
  const text = await readOptional(leaseFile(surroundings));
  const lease = text === null ? null : parseLease(text);
  return lease !== null && Date.parse(lease.until) > surroundings.now().getTime() ? lease : null;
}

/** Takes or renews the lease. */
export async function writeLease(surroundings: Surroundings, lease: Omit<Lease, 'until'>): Promise<Lease> {
  const until = new Date(surroundings.now().getTime() + leaseMs).toISOString();
  const full: Lease = { ...lease, until };
  await mkdir(path.dirname(leaseFile(surroundings)), { recursive: true });
  await writeAtomically(leaseFile(surroundings), `${JSON.stringify(full)}\n`);
  return full;
}

/** Gives the item back. */
export async function dropLease(surroundings: Surroundings): Promise<void> {
  await rm(leaseFile(surroundings), { force: true });
}

/** Whether the caller is the lease's holder: by its token, or as the same session. */
export function isHolder(lease: Lease, token: string | null, session: string | null): boolean {
  return token === null ? lease.session === session : lease.token === token;
}

/** The wait of everybody but the holder. */
export async function leaseInTheWay(surroundings: Surroundings): Promise<RegenError | null> {
  const lease = await currentLease(surroundings);
  return lease === null ? null : leasedError(lease);
}

/** The same, for a lease that is known. */
export function leasedError(lease: Lease): RegenError {
  return new RegenError(
    'wait',
    `${lease.item} is being worked on by a session ("regen item start"), at most until ${lease.until}`,
    {
      hint: 'Let it finish ("regen item ship" or "regen item fail").',
      retryAt: new Date(lease.until),
    },
  );
}

function leaseFile(surroundings: Surroundings): string {
  return path.join(surroundings.root, '.regen', 'lease.json');
}

function parseLease(text: string): Lease | null {
  const value = parsedObject(text);
  if (value === null) return null;
  const { target, item, token, session, until } = value;
  if (typeof target !== 'string' || typeof item !== 'string' || typeof token !== 'string') return null;
  if (typeof until !== 'string') return null;
  return { target, item, token, session: typeof session === 'string' ? session : null, until };
}
