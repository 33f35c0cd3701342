/** Questions to git that change nothing: for what only looks at a repository. */
import { RegenError } from '../model/errors.js';
import { formatDuration } from '../model/duration.js';
import { runChild } from './child.js';

export interface GitAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `git` with the arguments; an exit status other than 0 is an answer. */
export type AskGit = (args: readonly string[], signal: AbortSignal) => Promise<GitAnswer>;

const limitMs = 30_000;

/** @throws RegenError `environment`, on asking, when there is no git or it doesn't answer within half a minute. */
export function createAskGit(place: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): AskGit {
  const env = queryEnvironment(place.env);
  return async (args, signal) => {
    // A planted fsmonitor would be run by the most harmless question.
    const command = ['git', '-c', 'core.fsmonitor=false', ...args] as const;
    const { end, stdout, stderr } = await runChild(
      { command: [...command], cwd: place.cwd, env, timeoutMs: limitMs },
      signal,
    );
    signal.throwIfAborted();
    if (end.kind === 'exited') return { code: end.code, stdout, stderr };
    throw end.kind === 'missing' ? noGit(end.cause) : noAnswer(args, end.kind);
  };
}

/** The caller's own environment, but not the repository that a hook of git was called for, and no questions back. */
function queryEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || callersRepository.has(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}

const callersRepository: ReadonlySet<string> = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
]);

function noGit(cause: Error): RegenError {
  return new RegenError('environment', `git could not be started: ${cause.message}`, {
    hint: 'Install git, and see that it is on the PATH.',
    cause,
  });
}

function noAnswer(args: readonly string[], how: 'timed_out' | 'signalled' | 'aborted'): RegenError {
  const why = how === 'timed_out' ? `did not answer within ${formatDuration(limitMs)}` : 'was ended';
  return new RegenError('environment', `"git ${args.join(' ')}" ${why}`, {
    hint: 'Run it by hand to see what it waits for.',
  });
}
