/** What is meant by `regen profile <what>`: a file, a folder, an item of regen's, or a session. */
import { readdir, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import { closest } from '../model/suggest.js';
import { isErrno } from '../system/errno.js';
import { allAttempts, readAttempt, sessionsOf, stepIn } from './attempts.js';
import type { AttemptRuns } from './attempts.js';
import { agentName, transcripts, withSubagents } from './claude-home.js';
import { isSubagent, sessionFolder, sessionsIn } from './folder.js';
import type { Subject } from './sources.js';

export interface Surroundings {
  /** What a path is relative to, absolute. */
  readonly cwd: string;
  /** The repository whose runs are meant; null: outside of any. */
  readonly root: string | null;
  /** Claude Code's own folder; null: there is none. */
  readonly claude: string | null;
  /** Which plan an item's id is of; null: no plan is at work. */
  currentPlan(): Promise<{ readonly plan: string; readonly target: string } | null>;
}

const kinds = 'transcripts (<session>.jsonl), streams (stream.jsonl), or runs of regen';

/** @throws RegenError `usage` when nothing, or more than one thing, goes by that name. */
export async function findSubject(what: string, places: Surroundings, signal: AbortSignal): Promise<Subject> {
  if (what === '') {
    throw new RegenError('usage', '"" names nothing', {
      hint: `Name a file or folder (${kinds}), an item, or a session’s id.`,
    });
  }
  const file = path.resolve(places.cwd, what);
  const found = await look(file);
  if (found?.isFile() === true) return fileSubject(file, what, signal);
  if (found !== null && !found.isDirectory()) {
    throw new RegenError('usage', `${what} is neither a file nor a folder`, {
      hint: 'Save the transcript or stream to a file and name that.',
    });
  }
  if (found !== null) {
    const { sessions, others } = await sessionsIn(file, () => transcripts(places.claude), signal);
    if (sessions.length > 0) return { name: what, sessions, others };
  }
  return namedSubject(what, { ...places, isFolder: found !== null }, signal);
}

async function look(file: string): Promise<Stats | null> {
  try {
    return await stat(file);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG')) return null;
    throw error;
  }
}

async function fileSubject(file: string, name: string, signal: AbortSignal): Promise<Subject> {
  if (isSubagent(file)) {
    const session = path.basename(sessionFolder(file));
    return {
      name,
      sessions: [{ session, files: [{ file, agent: agentName(file) }], step: null }],
      others: 0,
    };
  }
  const run = path.dirname(file);
  const attempt = await readAttempt(path.dirname(run), signal);
  const step = attempt === null ? null : stepIn(attempt, run);
  return { name, sessions: [{ session: null, files: await withSubagents(file), step }], others: 0 };
}

interface Named extends Surroundings {
  /** Whether there is a folder of that name, without sessions. */
  readonly isFolder: boolean;
}

async function namedSubject(what: string, places: Named, signal: AbortSignal): Promise<Subject> {
  const attempts = places.root === null ? [] : await allAttempts(places.root, signal);
  const known = await transcripts(places.claude);
  const items = await ofItem(what, attempts, places);
  const sessions = sessionsNamed(what, attempts, known);
  const [first, ...more] = [...items, ...sessions];
  if (first === undefined) throw await nothingNamed(what, places, { attempts, known });
  if (more.length > 0) {
    const names = [first, ...more].map(({ label }) => label);
    throw new RegenError('usage', `"${what}" can mean ${names.length} things: ${listed(names)}`, {
      hint: 'Name one of them: a session by more of its id, an item’s runs by their folder.',
    });
  }
  return { name: first.label, sessions: await first.sessions(known), others: 0 };
}

interface Candidate {
  readonly label: string;
  readonly sessions: (known: ReadonlyMap<string, readonly string[]>) => Promise<Subject['sessions']>;
}

/** The item of the plan at work; without one, of any plan. */
async function ofItem(
  what: string,
  attempts: readonly AttemptRuns[],
  places: Surroundings,
): Promise<readonly Candidate[]> {
  const named = attempts.filter(({ item }) => item === what);
  if (named.length === 0) return [];
  const current = await places.currentPlan();
  const folders = new Map<string, AttemptRuns[]>();
  for (const attempt of named) {
    const folder = path.dirname(attempt.directory);
    folders.set(folder, [...(folders.get(folder) ?? []), attempt]);
  }
  const all = [...folders].map(([folder, own]) => ({
    label: path.relative(places.cwd, folder),
    isCurrent: isOfPlan(folder, current, own[0]),
    sessions: async (known: ReadonlyMap<string, readonly string[]>) =>
      (await Promise.all(own.map((attempt) => sessionsOf(attempt, known)))).flat(),
  }));
  return all.some(({ isCurrent }) => isCurrent) ? all.filter(({ isCurrent }) => isCurrent) : all;
}

function isOfPlan(
  folder: string,
  current: { readonly plan: string; readonly target: string } | null,
  attempt: AttemptRuns | undefined,
): boolean {
  const plan = path.basename(path.dirname(path.dirname(folder)));
  return current?.plan === plan && current.target === attempt?.target;
}

/** Shorter beginnings of an id mean too many. */
const shortestPrefix = 4;

function sessionsNamed(
  what: string,
  attempts: readonly AttemptRuns[],
  known: ReadonlyMap<string, readonly string[]>,
): readonly Candidate[] {
  const isMeant = (session: string): boolean =>
    session === what || (what.length >= shortestPrefix && session.startsWith(what.toLowerCase()));
  const ids = new Set([
    ...known.keys(),
    ...attempts.flatMap(({ runs }) => runs.map(({ session }) => session)),
  ]);
  const meant = ids.has(what) ? [what] : [...ids].filter(isMeant);
  return meant.map((session) => ({
    label: session,
    async sessions() {
      const ours = attempts.filter(({ runs }) => runs.some((run) => run.session === session));
      const made = (await Promise.all(ours.map((attempt) => sessionsOf(attempt, known)))).flat();
      const own = made.filter((one) => one.session === session && one.files.length > 0);
      if (own.length > 0) return own;
      const [file] = known.get(session) ?? [];
      return file === undefined ? [] : [{ session, files: await withSubagents(file), step: null }];
    },
  }));
}

interface Known {
  readonly attempts: readonly AttemptRuns[];
  readonly known: ReadonlyMap<string, readonly string[]>;
}

async function nothingNamed(what: string, places: Named, { attempts, known }: Known): Promise<RegenError> {
  if (places.isFolder) {
    return new RegenError('usage', `no transcript and no stream in ${what}`, {
      hint: `Name a folder with ${kinds}.`,
    });
  }
  const isPath = what.includes(path.sep) || what.endsWith('.jsonl');
  const names = isPath ? await neighbours(path.resolve(places.cwd, what)) : attempts.map(({ item }) => item);
  const near = closest(isPath ? path.basename(what) : what, new Set(names));
  const meant = isPath && near !== null ? path.join(path.dirname(what), near) : near;
  const looked = [
    ...(places.root === null
      ? []
      : [`${new Set(attempts.map(({ item }) => item)).size} items of regen’s runs`]),
    `${known.size} sessions of Claude Code’s`,
  ];
  return new RegenError('usage', isPath ? `there is no ${what}` : `nothing is named "${what}"`, {
    hint:
      meant === null
        ? `Name a file or folder (${kinds}), an item, or a session’s id; looked among ${looked.join(' and ')}.`
        : `Did you mean "${meant}"?`,
  });
}

async function neighbours(file: string): Promise<readonly string[]> {
  const names = await readdir(path.dirname(file)).catch(() => []);
  return names.filter((name) => name !== path.basename(file)); // a link that leads nowhere has that name
}

function listed(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `${names.slice(0, 5).join(', ')}${more}`;
}
