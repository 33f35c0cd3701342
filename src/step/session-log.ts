/**
 * Which sessions called `regen` for which attempts, and when: `.regen/sessions/<session>.jsonl`, one line per command.
 * What the sessions said is told apart by it. A line without a command closes the log: what the session said up to two
 * hours after its last command is on the books.
 */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Attempt } from '../model/attempt.js';
import { decodeId, encodeId } from '../model/ids.js';
import type { Surroundings } from '../model/surroundings.js';
import { appendDurably } from '../system/append.js';
import { isErrno } from '../system/errno.js';
import { readOptional } from '../system/read-optional.js';

const callSchema = z.object({
  v: z.literal(1),
  at: z.iso.datetime(),
  /** `item`: the session does the work itself (`regen item …`). `step`: it has a headless step do it. */
  by: z.enum(['item', 'step']),
  plan: z.string(),
  target: z.string(),
  item: z.string(),
  attempt: z.string(),
});

const entrySchema = z.union([
  callSchema,
  z.object({ v: z.literal(1), at: z.iso.datetime(), closed: z.literal(true) }),
]);

export type SessionCall = z.output<typeof callSchema>;

/** A call of the session for the attempt, which begins now. */
export async function noteCall(
  surroundings: Surroundings,
  {
    session,
    by,
    attempt,
  }: { readonly session: string; readonly by: SessionCall['by']; readonly attempt: Attempt },
): Promise<void> {
  const { plan, target, item, uuid } = attempt;
  const call: SessionCall = {
    v: 1,
    at: surroundings.now().toISOString(),
    by,
    plan,
    target,
    item,
    attempt: uuid,
  };
  const file = fileOf(surroundings, session);
  await mkdir(path.dirname(file), { recursive: true });
  await appendDurably(file, JSON.stringify(call));
}

/** Until it calls again, nobody needs to read it. */
export async function closeLog(surroundings: Surroundings, session: string): Promise<void> {
  const line = { v: 1, at: surroundings.now().toISOString(), closed: true };
  await appendDurably(fileOf(surroundings, session), JSON.stringify(line));
}

/** Oldest first; a line that a crash cut off is passed over. */
export async function callsOf(surroundings: Surroundings, session: string): Promise<readonly SessionCall[]> {
  return (await entriesOf(surroundings, session)).filter((entry) => 'attempt' in entry);
}

/** Those whose log isn't closed, and when they called last. */
export async function openSessions(
  surroundings: Surroundings,
): Promise<readonly { readonly session: string; readonly lastCall: Date }[]> {
  const sessions = await loggedSessions(surroundings);
  const last = await Promise.all(
    sessions.map(async (session) => ({ session, entry: (await entriesOf(surroundings, session)).at(-1) })),
  );
  return last.flatMap(({ session, entry }) =>
    entry === undefined || 'closed' in entry ? [] : [{ session, lastCall: new Date(entry.at) }],
  );
}

async function entriesOf(
  surroundings: Surroundings,
  session: string,
): Promise<readonly z.output<typeof entrySchema>[]> {
  const text = (await readOptional(fileOf(surroundings, session))) ?? '';
  return text.split('\n').flatMap((line) => {
    const parsed = entrySchema.safeParse(parseJson(line));
    return parsed.success ? [parsed.data] : [];
  });
}

async function loggedSessions(surroundings: Surroundings): Promise<readonly string[]> {
  try {
    const names = await readdir(folderOf(surroundings));
    return names
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => decodeId(name.slice(0, -'.jsonl'.length)));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

function fileOf(surroundings: Surroundings, session: string): string {
  return path.join(folderOf(surroundings), `${encodeId(session)}.jsonl`);
}

function folderOf({ root }: Surroundings): string {
  return path.join(root, '.regen', 'sessions');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
