/**
 * What only a person may change is compared around the agent and the checks. The state before is kept on disk until
 * nothing differs from it: what was planted by an agent must not be used by the next step, nor by one that goes on after
 * a kill.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { writeAtomically } from '../system/atomic-write.js';
import { isErrno } from '../system/errno.js';
import { readOptional } from '../system/read-optional.js';
import type { StageContext } from './stage.js';
import type { Fingerprint, Workspace } from './workspace-station.js';

export interface Watched<T> {
  readonly result: T;
  /** What isn't the item's and differs now, in words for a person. */
  readonly touched: readonly string[];
}

const fingerprintSchema = z.object({
  shared: z.record(z.string(), z.string()),
  worktree: z.record(z.string(), z.string()).nullable(),
});

/** How long, in ms, the last look may take when the step itself is being ended. */
const lastLookMs = 10_000;

/** Does the work and looks at what it touched, also when it was broken off. */
export async function watched<T>(context: StageContext, work: () => Promise<T>): Promise<Watched<T>> {
  const { attempt, signal, stations, surroundings } = context;
  const { workspace } = stations;
  const file = path.join(watchFolder(surroundings), attempt.uuid);
  // The same attempt's earlier window, which a kill left open, began with what a person had last seen to.
  const before = (await readState(file)) ?? (await workspace.fingerprint(attempt, signal));
  await mkdir(path.dirname(file), { recursive: true });
  await writeAtomically(file, JSON.stringify(before));
  const look = async (): Promise<readonly string[]> => {
    const after = await workspace.fingerprint(attempt, AbortSignal.timeout(lastLookMs));
    const touched = workspace.drift(before, after);
    if (workspace.drift(shared(before), shared(after)).length === 0) await rm(file, { force: true });
    return touched;
  };
  try {
    return { result: await work(), touched: await look() };
  } catch (error) {
    await look();
    throw error;
  }
}

/**
 * @throws RegenError `environment` while what an agent may have planted is still there: a fetch would run a planted
 *   `core.sshCommand`.
 */
export async function ensureUntouched(
  surroundings: Pick<Surroundings, 'root'>,
  workspace: Pick<Workspace, 'fingerprint' | 'drift'>,
  signal: AbortSignal,
): Promise<void> {
  const folder = watchFolder(surroundings);
  for (const uuid of await namesIn(folder)) {
    const before = await readState(path.join(folder, uuid));
    if (before === null) continue; // a sibling step just closed its own
    const touched = workspace.drift(shared(before), await workspace.fingerprint(null, signal));
    if (touched.length > 0) throw touchedError(touched);
    await removeUnlessOpen(surroundings, uuid);
  }
}

/** Whether git may be asked to read the attempt's files: a planted filter would run. */
export async function isUntouched({
  attempt,
  signal,
  stations,
  surroundings,
}: Omit<StageContext, 'round'>): Promise<boolean> {
  const before = await readState(path.join(watchFolder(surroundings), attempt.uuid));
  if (before === null) return true;
  const { workspace } = stations;
  return workspace.drift(shared(before), await workspace.fingerprint(null, signal)).length === 0;
}

/** The last words of an item whose agent or check touched what it must not. */
export function touchedReason(who: string, touched: readonly string[]): string {
  return `${who} changed what only you may change: ${list(touched)}; nothing was committed`;
}

function touchedError(touched: readonly string[]): RegenError {
  return new RegenError('environment', `changed while an agent or a check was at work: ${list(touched)}`, {
    hint: 'Put it back, or, if the change is yours, remove the folder .regen/watch; then run regen again.',
  });
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function shared(state: Fingerprint): Fingerprint {
  return { ...state, worktree: null };
}

/** An open attempt's may still be needed; a closed one's said all it had to say. */
async function removeUnlessOpen({ root }: Pick<Surroundings, 'root'>, uuid: string): Promise<void> {
  const isOpen = (await readOptional(path.join(root, '.regen', 'open', uuid))) !== null;
  if (!isOpen) await rm(path.join(watchFolder({ root }), uuid), { force: true });
}

async function readState(file: string): Promise<Fingerprint | null> {
  const text = await readOptional(file);
  if (text === null) return null;
  try {
    return fingerprintSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new RegenError('environment', `${file} isn't what regen wrote there`, {
      hint: 'Look at git’s config, .git/hooks, .git/info and regen.yaml, then remove the file.',
      cause,
    });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^[0-9a-f-]{36}$/.test(name));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

function watchFolder({ root }: Pick<Surroundings, 'root'>): string {
  return path.join(root, '.regen', 'watch');
}
