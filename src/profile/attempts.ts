/** Attempts that regen made: which sessions they ran, and what it keeps of them. */
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { decodeId } from '../model/ids.js';
import type { SessionStep } from '../model/profile.js';
import { withSubagents } from './claude-home.js';
import { groupBy } from './group-by.js';
import { fieldsOf, textOf } from './json.js';
import { readRecords } from './records-file.js';
import type { SessionFiles } from './sources.js';

export interface AttemptRuns {
  /** The attempt's folder, absolute. */
  readonly directory: string;
  readonly target: string;
  readonly item: string;
  readonly number: number;
  readonly runs: readonly Run[];
}

interface Run {
  readonly session: string;
  readonly stage: string;
  readonly round: number;
  /** Of the run's files, absolute. */
  readonly directory: string;
}

/** The attempt whose journal is in the folder; null: there is none. Its place tells whose it is, the journal what ran. */
export async function readAttempt(directory: string, signal: AbortSignal): Promise<AttemptRuns | null> {
  const journal = path.join(directory, 'journal.jsonl');
  if (!(await exists(journal))) return null;
  const runs: Run[] = [];
  await readRecords(
    journal,
    (record) => {
      const { sessionId, directory: name } = fieldsOf(record['data']);
      const [session, folder, stage] = [textOf(sessionId), textOf(name), textOf(record['stage'])];
      if (record['event'] !== 'begin' || session === null || folder === null || stage === null) return;
      const round = typeof record['round'] === 'number' ? record['round'] : 0;
      runs.push({ session, stage, round, directory: path.resolve(directory, folder) });
    },
    signal,
  );
  const [target = '', item = '', number = ''] = directory.split(path.sep).slice(-3);
  return { directory, target: decodeId(target), item: decodeId(item), number: Number(number) || 1, runs };
}

/** Every attempt of the repository's runs, whatever the plan. */
export async function allAttempts(root: string, signal: AbortSignal): Promise<readonly AttemptRuns[]> {
  const runs = path.join(root, '.regen', 'runs');
  const names = await readdir(runs, { recursive: true }).catch(() => []);
  const journals = names.filter((name) => path.basename(name) === 'journal.jsonl').sort();
  const attempts: AttemptRuns[] = [];
  for (const journal of journals) {
    const attempt = await readAttempt(path.join(runs, path.dirname(journal)), signal);
    if (attempt !== null) attempts.push(attempt);
  }
  return attempts;
}

/**
 * The attempt's sessions: their transcripts, which know times and subagents, and where Claude Code has removed them, the
 * streams of their runs. A session of which neither is left has no files.
 */
export async function sessionsOf(
  attempt: AttemptRuns,
  known: ReadonlyMap<string, readonly string[]>,
): Promise<readonly SessionFiles[]> {
  const sessions = [...groupBy(attempt.runs, ({ session }) => session)].map(async ([session, runs]) => {
    const transcript = known.get(session)?.[0];
    const files = transcript === undefined ? await streamsOf(runs) : await withSubagents(transcript);
    return { session, files, step: stepOf(attempt, runs) };
  });
  return Promise.all(sessions);
}

/** The step whose run's files are in that folder; null: none of the attempt's. */
export function stepIn(attempt: AttemptRuns, directory: string): SessionStep | null {
  const runs = attempt.runs.filter((run) => run.directory === directory);
  return runs.length === 0 ? null : stepOf(attempt, runs);
}

function stepOf({ target, item, number }: AttemptRuns, runs: readonly Run[]): SessionStep {
  const rounds = [...new Set(runs.map(({ round }) => round))];
  return { target, item, attempt: number, stage: runs[0]?.stage ?? '', rounds };
}

async function streamsOf(runs: readonly Run[]) {
  const streams = [...new Set(runs.map(({ directory }) => path.join(directory, 'stream.jsonl')))];
  const found = await Promise.all(streams.map(exists));
  return streams.flatMap((file, index) => (found[index] === true ? [{ file, agent: null }] : []));
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
