/** The sessions in a folder: regen's attempts, transcripts with their subagents, and streams. */
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readAttempt, sessionsOf } from './attempts.js';
import type { AttemptRuns } from './attempts.js';
import { agentName, withSubagents } from './claude-home.js';
import { groupBy } from './group-by.js';
import type { SessionFiles } from './sources.js';

export interface FolderContents {
  readonly sessions: readonly SessionFiles[];
  /** Files of JSON lines that are something else. */
  readonly others: number;
}

/** @param known - where the transcripts of sessions are: an attempt keeps only its streams. */
export async function sessionsIn(
  folder: string,
  known: () => Promise<ReadonlyMap<string, readonly string[]>>,
  signal: AbortSignal,
): Promise<FolderContents> {
  const files = await jsonLines(folder);
  const attempts = await attemptsAmong(files, signal);
  const isRegens = (file: string): boolean =>
    attempts.some(({ directory }) => file.startsWith(directory + path.sep));
  const rest = files.filter((file) => !isRegens(file));
  const [others, own] = await parted(rest.filter((file) => !isSubagent(file)));
  const orphans = groupBy(rest.filter(isSubagent), sessionFolder);
  return {
    sessions: [
      ...(await regens(attempts, known)),
      ...(await Promise.all(own.map(ownSession))),
      ...(await Promise.all([...orphans].filter(([of]) => !own.includes(`${of}.jsonl`)).map(subagentsOf))),
    ],
    others: others.length,
  };
}

async function regens(
  attempts: readonly AttemptRuns[],
  known: () => Promise<ReadonlyMap<string, readonly string[]>>,
): Promise<readonly SessionFiles[]> {
  if (attempts.length === 0) return [];
  const transcripts = await known();
  return (await Promise.all(attempts.map((attempt) => sessionsOf(attempt, transcripts)))).flat();
}

async function ownSession(file: string): Promise<SessionFiles> {
  return { session: null, files: await withSubagents(file), step: null };
}

/** Subagents in the folder, and their session's own transcript beside it. */
async function subagentsOf([folder, files]: readonly [string, readonly string[]]): Promise<SessionFiles> {
  const session = path.basename(folder);
  const transcript = `${folder}.jsonl`;
  const isThere = await stat(transcript).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isThere) return { session, files: await withSubagents(transcript), step: null };
  return { session, files: files.map((file) => ({ file, agent: agentName(file) })), step: null };
}

async function attemptsAmong(files: readonly string[], signal: AbortSignal): Promise<readonly AttemptRuns[]> {
  const journals = files.filter((file) => path.basename(file) === 'journal.jsonl');
  const attempts: AttemptRuns[] = [];
  for (const journal of journals) {
    const attempt = await readAttempt(path.dirname(journal), signal);
    if (attempt !== null && attempt.runs.length > 0) attempts.push(attempt);
  }
  return attempts;
}

/** Oldest first, so that what a resumed session's file repeats of an earlier one is counted there. */
async function jsonLines(folder: string): Promise<readonly string[]> {
  const files = await filesBelow(folder);
  const times = new Map<string, number>();
  for (const file of files) times.set(file, await writtenAt(file));
  const at = (file: string): number => times.get(file) ?? 0;
  return files.toSorted((one, other) => at(one) - at(other) || (one < other ? -1 : 1));
}

const passedOver = new Set(['node_modules', '.git']);

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith('.jsonl')) found.push(file);
    else if (entry.isDirectory() && !passedOver.has(entry.name)) found.push(...(await filesBelow(file)));
  }
  return found;
}

async function writtenAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

export function isSubagent(file: string): boolean {
  return path.dirname(file).split(path.sep).includes('subagents');
}

/** The folder of the session that a subagent's file belongs to. */
export function sessionFolder(file: string): string {
  const parts = file.split(path.sep);
  return parts.slice(0, parts.lastIndexOf('subagents')).join(path.sep);
}

/** Files that aren't sessions, and those that look like some. */
async function parted(files: readonly string[]): Promise<[readonly string[], readonly string[]]> {
  const [others, own]: [string[], string[]] = [[], []];
  for (const file of files) ((await looksLikeSession(file)) ? own : others).push(file);
  return [others, own];
}

/** A look at the beginning: reading a ledger of a million lines to the end only to pass it over would take long. */
async function looksLikeSession(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0);
    const text = buffer.toString('latin1', 0, bytesRead);
    return /"(?:sessionId|session_id|parentUuid)"|"type":\s*"assistant"/.test(text);
  } finally {
    await handle.close();
  }
}
