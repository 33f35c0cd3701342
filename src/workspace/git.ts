/** Runs git for what stays on this machine. The network's commands go through network.ts. */
import { Buffer } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { simpleGit } from 'simple-git';
import type { SimpleGitOptions } from 'simple-git';
import { RegenError } from '../model/errors.js';
import { fixedArguments, fixedSettings, gitEnvironment } from './git-environment.js';
import { essence } from './git-messages.js';
import { collectGitProcess, notStarted, runGitProcess } from './git-process.js';

export interface GitCall {
  readonly args: readonly string[];
  /** What git reads from stdin. */
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An abort of the signal ends the child and rejects with the signal's reason. */
export interface Git {
  /** The answer to an ordinary question, without its last newline; RegenError `environment` unless the status is 0. */
  ask(args: readonly string[], signal: AbortSignal): Promise<string>;
  /** stdout of a command with input, an index or a folder of its own; RegenError `environment` unless the status is 0. */
  text(call: GitCall, signal: AbortSignal): Promise<string>;
  /** Runs to the end, whatever the exit status. */
  run(call: GitCall | readonly string[], signal: AbortSignal): Promise<GitResult>;
  /** Hands stdout over as it comes, until `take` returns false: then the child is ended. */
  stream(call: GitCall, take: (chunk: Buffer) => boolean, signal: AbortSignal): Promise<void>;
}

interface Place {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function createGit(place: Place): Git {
  const env = gitEnvironment(place.env);
  const processOf = (call: GitCall) => ({
    args: [...fixedArguments, ...call.args],
    cwd: call.cwd ?? place.root,
    env: { ...env, ...call.env },
    input: call.input,
  });

  const git: Git = {
    ask: (args, signal) => ask({ root: place.root, env }, args, signal),
    run: (call, signal) => collectGitProcess(processOf('args' in call ? call : { args: call }), signal),
    async text(call, signal) {
      const result = await git.run(call, signal);
      if (result.exitCode !== 0) throw gitFailure(call.args, result);
      return result.stdout.replace(/\n$/, '');
    },
    async stream(call, take, signal) {
      const end = await runGitProcess(processOf(call), take, signal);
      if (end.exitCode !== 0 && end.stopped === null) throw gitFailure(call.args, end);
    },
  };
  return git;
}

/** simple-git refuses what could run programs, for it may come from untrusted hands; this is ours or the user's own. */
const unsafe: NonNullable<SimpleGitOptions['unsafe']> = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeCustomBinary: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
};

/**
 * By simple-git: questions need neither input nor an environment of their own, and always have an answer (it waits
 * 50 ms after a command that printed nothing, and can't end what git itself has started).
 */
async function ask(
  place: { readonly root: string; readonly env: Record<string, string> },
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  let ended = { exitCode: 0, stderr: '' };
  try {
    const client = simpleGit({
      baseDir: place.root,
      config: [...fixedSettings],
      abort: signal,
      // Only the streams' end is the end: otherwise it goes on 50 ms after the exit, with whatever has come by then.
      completion: { onClose: true, onExit: false },
      unsafe,
      allowEnvironment: Object.keys(place.env),
      errors: (_error, { exitCode, stdErr }) => {
        ended = { exitCode, stderr: Buffer.concat(stdErr).toString('utf8') };
      },
    });
    const answer = await client.env(place.env).raw([...args]);
    if (ended.exitCode === 0) return answer.replace(/\n$/, '');
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw notStarted(place.root, why, cause);
  }
  // Ctrl-C reaches this child together with us: it may be gone before our own handler has run.
  await setImmediate();
  signal.throwIfAborted();
  // A child that couldn't be started is told of like one that failed, its error's stack as its stderr.
  const why = ended.exitCode < 0 ? /spawn git E[A-Z]+/.exec(ended.stderr)?.[0] : undefined;
  throw why === undefined ? gitFailure(args, ended) : notStarted(place.root, why);
}

/** A git command that had to succeed and didn't. */
export function gitFailure(
  args: readonly string[],
  result: Pick<GitResult, 'exitCode' | 'stderr'>,
): RegenError {
  const why = essence(result.stderr);
  if (/not a git repository/.test(why)) {
    return new RegenError('environment', why, {
      hint: 'Run regen in a clone of the repository, or point --cwd at one.',
    });
  }
  if (/dubious ownership/.test(why)) {
    return new RegenError('environment', `git refuses the repository: ${why}`, {
      hint: 'It belongs to another user. If you trust it: git config --global --add safe.directory <its path>.',
    });
  }
  return new RegenError(
    'environment',
    `git ${args[0] ?? ''} failed with exit status ${result.exitCode}: ${why}`,
    { hint: 'Mend what git names, then run regen again.' },
  );
}
