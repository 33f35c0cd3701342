/**
 * What is waited for, kept from one invocation to the next in `.regen/wait.json`, so that a job that comes every minute
 * neither starts the agent nor asks the network before there is a chance. Read without zod: a status must be quick.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Mode } from '../model/plan.js';
import type { Surroundings } from '../model/surroundings.js';
import { backoffMs, waitRules } from '../model/wait.js';
import type { Waiting, WaitKind } from '../model/wait.js';
import { parsedObject } from '../model/parsed-object.js';
import { writeAtomically } from '../system/atomic-write.js';
import { readOptional } from '../system/read-optional.js';

export interface WaitState extends Waiting {
  /** How often in a row; decides how long the next wait is, while nobody says. */
  readonly tries: number;
  /** ISO 8601: when it was last noted. */
  readonly at: string;
  /** Key of the plan whose step had to wait; null: there was none. */
  readonly plan: string | null;
}

/** A step that has to wait. */
export interface WaitFacts {
  readonly kind: WaitKind;
  readonly reason: string;
  /** null: nobody says. */
  readonly retryAt: Date | null;
  readonly plan: string | null;
}

/** Notes the wait over the one before it; returns it as it stands now. */
export async function noteWait(surroundings: Surroundings, facts: WaitFacts): Promise<WaitState> {
  const before = await loadWait(surroundings);
  const state = nextWait(before === 'unreadable' ? null : before, facts, surroundings.now());
  await mkdir(path.dirname(waitFile(surroundings)), { recursive: true });
  await writeAtomically(waitFile(surroundings), `${JSON.stringify({ v: 1, ...state })}\n`);
  return state;
}

/** What was noted, whether it is in force or not; a file that can't be read is told of and counts as none. */
export async function readWait(surroundings: Surroundings): Promise<WaitState | null> {
  const state = await loadWait(surroundings);
  if (state !== 'unreadable') return state;
  surroundings.progress('.regen/wait.json is none of ours: ignored, as if nothing were waited for');
  return null;
}

/**
 * A step got through: whatever it has tried isn't waited for any more. What another process noted while the step ran
 * stands.
 */
export async function clearWait(
  surroundings: Surroundings,
  tried: { readonly mode: Mode; readonly startedAt: Date },
): Promise<void> {
  const state = await loadWait(surroundings);
  if (state === null) return;
  if (state !== 'unreadable') {
    const isNewer = Date.parse(state.at) > tried.startedAt.getTime();
    const isUntried =
      tried.mode === 'done' || (tried.mode === 'plan' && !waitRules[state.kind].stopsPlanning);
    if (isNewer || isUntried) return;
  }
  await dropWait(surroundings);
}

/** Nothing is waited for. */
export async function dropWait(surroundings: Surroundings): Promise<void> {
  await rm(waitFile(surroundings), { force: true });
}

/** The wait that follows from one before it. Pure. */
export function nextWait(before: WaitState | null, facts: WaitFacts, now: Date): WaitState {
  const { kind, reason, plan } = facts;
  const same = before?.kind === kind && Date.parse(before.at) <= now.getTime() ? before : null;
  // Several steps of one `regen run` meet the same trouble at the same time: that is one try.
  const isSameTry = same !== null && facts.retryAt === null && isInForce(same, now);
  const tries = same === null ? 1 : same.tries + (isSameTry ? 0 : 1);
  return {
    kind,
    reason,
    retryAt: isSameTry ? same.retryAt : retryAtOf(facts, tries, now),
    since: same?.since ?? now.toISOString(),
    tries,
    at: now.toISOString(),
    plan,
  };
}

/** Whether it is to be waited still. A clock that went back, or a time that no wait can have, ends it. */
export function isInForce({ kind, at, retryAt }: WaitState, now: Date): boolean {
  const time = now.getTime();
  if (time < Date.parse(at) - clockSlackMs) return false;
  if (retryAt === null) return true;
  const left = Date.parse(retryAt) - time;
  return left > 0 && left <= waitRules[kind].longestMs;
}

/** Two machines, or a clock that was set right by a little. */
const clockSlackMs = 60_000;

function retryAtOf({ kind, retryAt }: WaitFacts, tries: number, now: Date): string | null {
  const { isBudget, longestMs } = waitRules[kind];
  if (isBudget) return retryAt?.toISOString() ?? null;
  // A time that is over already says nothing.
  const isSaid = retryAt !== null && retryAt.getTime() > now.getTime();
  const wait = isSaid ? Math.min(retryAt.getTime() - now.getTime(), longestMs) : backoffMs(tries);
  return new Date(now.getTime() + wait).toISOString();
}

async function loadWait(surroundings: Pick<Surroundings, 'root'>): Promise<WaitState | 'unreadable' | null> {
  const text = await readOptional(waitFile(surroundings));
  return text === null ? null : (parseWait(text) ?? 'unreadable');
}

function waitFile({ root }: Pick<Surroundings, 'root'>): string {
  return path.join(root, '.regen', 'wait.json');
}

function parseWait(text: string): WaitState | null {
  const value = parsedObject(text);
  if (value === null) return null;
  const { kind, reason, retryAt, since, tries, at, plan } = value;
  if (!isWaitKind(kind) || typeof reason !== 'string') return null;
  if (!isInstant(since) || !isInstant(at)) return null;
  if (retryAt !== null && !isInstant(retryAt)) return null;
  if (typeof tries !== 'number' || !Number.isInteger(tries)) return null;
  return { kind, reason, retryAt, since, tries, at, plan: typeof plan === 'string' ? plan : null };
}

function isWaitKind(value: unknown): value is WaitKind {
  return typeof value === 'string' && Object.hasOwn(waitRules, value);
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
