/** The part of the composition root for `run_checks`: the check stage's own work, on the agent's demand. */
import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { createChecks } from './checks/checks.js';
import type { CheckBench, WorktreeState } from './mcp/run-checks.js';
import type { Change } from './model/change.js';
import type { Config } from './model/config.js';
import type { Surroundings } from './model/surroundings.js';
import type { CheckResult } from './model/verdict.js';
import type { Journal } from './step/journal.js';
import { positionOf } from './step/position.js';
import { checkPlace, earlierRounds } from './step/stages/place.js';
import type { Stations } from './step/stations.js';
import { stageNames } from './step/walk.js';
import { writesOf } from './model/writes.js';

/** An open attempt whose agent calls. */
interface OpenAttempt {
  readonly surroundings: Surroundings;
  readonly config: Config;
  readonly stations: Pick<Stations, 'workspace' | 'picker'>;
  readonly journal: Journal;
  /** The worktree, absolute. */
  readonly cwd: string;
}

export function checkBench(open: OpenAttempt): CheckBench {
  const { config, journal } = open;
  const checks = config.checks.run;
  const position = positionOf(journal.records(), stageNames);
  // Where the last runs were logged, the newest first: the stage's, then those of this server.
  let before = earlierRounds(journal.attempt, position.kind === 'at' ? position.round : 0);
  return {
    names: checks.map(({ name }) => name),
    products: checks.some(({ produces }) => produces.length > 0) ? artifactsOf(journal) : null,
    state: (signal) => worktreeState(open, signal),
    async run(names, signal) {
      const logs = path.join(journal.attempt.directory, 'run-checks', open.surroundings.newId().slice(0, 8));
      const results = await runChecks(open, { names, logs, before }, signal);
      before = [logs, ...before];
      return results;
    },
  };
}

/** The guard's verdict, and a digest of everything that differs from the base. */
async function worktreeState(
  { config, cwd, journal, stations }: OpenAttempt,
  signal: AbortSignal,
): Promise<WorktreeState> {
  const guard = await stations.workspace.guard(journal.attempt, writesOf(config.items), signal);
  switch (guard.kind) {
    case 'violated':
      return guard;
    case 'unchanged':
      return { kind: 'permitted', key: '' };
    case 'clean':
      return { kind: 'permitted', key: await digestOf(cwd, guard.changes) };
  }
}

async function digestOf(cwd: string, changes: readonly Change[]): Promise<string> {
  const hash = createHash('sha256');
  for (const change of changes) {
    const file = path.join(cwd, change.path);
    const found = await lstat(file).catch(() => null);
    hash.update(JSON.stringify([change.path, change.kind, found?.mode ?? null]));
    if (found?.isFile() === true) hash.update(await readFile(file));
    if (found?.isSymbolicLink() === true) hash.update(await readlink(file));
  }
  return hash.digest('hex');
}

/** What the checks of the last call produced, for the agent to look at. */
function artifactsOf({ attempt }: Journal): string {
  return path.join(attempt.directory, 'run-checks', 'artifacts');
}

interface Asked {
  readonly names: readonly string[];
  readonly logs: string;
  readonly before: readonly string[];
}

/** As the check stage would, in a folder beside the stage's: its logs and artifacts must not be written over. */
async function runChecks(
  { config, cwd, journal, stations, surroundings }: OpenAttempt,
  { names, logs, before }: Asked,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const run = config.checks.run.filter(({ name }) => names.includes(name));
  const checks = createChecks({
    surroundings,
    config: { ...config, checks: { ...config.checks, run } },
    isGuest: true,
  });
  const facts = { attempt: journal.attempt, config, stations, round: 0 };
  const place = { ...checkPlace(facts, cwd), artifacts: artifactsOf(journal), logs, before };
  const results = await checks.run(place, signal);
  return results.map((result) => withAbsoluteLog(result, surroundings.root));
}

/** The agent's own directory is the worktree: a path relative to the repository would lead nowhere. */
function withAbsoluteLog(result: CheckResult, root: string): CheckResult {
  const log = path.resolve(root, result.log);
  const { digest } = result;
  return {
    ...result,
    log,
    digest: result.log === '' ? digest : (digest?.replaceAll(result.log, log) ?? null),
  };
}
