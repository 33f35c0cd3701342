/** Runs git for what stays on this machine. The network's commands go through network.ts. */
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { RegenError } from '../model/errors.js';
import { gitEnvironment, fixedSettings } from './git-environment.js';
import { essence } from './git-messages.js';

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
  /** Runs to the end, whatever the exit status. */
  run(call: GitCall | readonly string[], signal: AbortSignal): Promise<GitResult>;
  /** stdout without its last newline; RegenError `environment` unless the exit status is 0. */
  text(call: GitCall | readonly string[], signal: AbortSignal): Promise<string>;
  /** Hands stdout over as it comes, until `take` returns false: then the child is ended. */
  stream(call: GitCall, take: (chunk: Buffer) => boolean, signal: AbortSignal): Promise<void>;
}

/** How long a git that was told to end may take to remove its lock files. */
const graceMs = 3000;

/** node:child_process instead of execa: these runs are on the path of `plan`, and execa costs 40 ms of start-up. */
export function createGit(place: {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Git {
  const base = gitEnvironment(place.env);
  const start = (call: GitCall) => {
    const settings = fixedSettings.flatMap((setting) => ['-c', setting]);
    return spawn('git', [...settings, ...call.args], {
      cwd: call.cwd ?? place.root,
      env: { ...base, ...call.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  };

  const git: Git = {
    async run(given, signal) {
      const call = asCall(given);
      signal.throwIfAborted();
      const chunks: Buffer[] = [];
      const end = await follow(start(call), call, (chunk) => chunks.push(chunk) > 0, signal);
      return { exitCode: end.exitCode, stdout: Buffer.concat(chunks).toString('utf8'), stderr: end.stderr };
    },
    async text(given, signal) {
      const result = await git.run(given, signal);
      if (result.exitCode !== 0) throw gitFailure(asCall(given), result);
      return result.stdout.replace(/\n$/, '');
    },
    async stream(call, take, signal) {
      signal.throwIfAborted();
      const end = await follow(start(call), call, take, signal);
      if (end.exitCode !== 0 && !end.stopped) throw gitFailure(call, end);
    },
  };
  return git;
}

/** A git command that had to succeed and didn't. */
export function gitFailure(call: GitCall, result: Pick<GitResult, 'exitCode' | 'stderr'>): RegenError {
  const what = `git ${call.args[0] ?? ''} failed with exit status ${result.exitCode}`;
  const why = essence(result.stderr);
  if (/not a git repository/.test(why)) {
    return new RegenError('environment', `not a git repository: ${why}`, {
      hint: 'Run regen in a clone of the repository, or point --cwd at one.',
    });
  }
  if (/dubious ownership/.test(why)) {
    return new RegenError('environment', `git refuses the repository: ${why}`, {
      hint: 'It belongs to another user. If you trust it: git config --global --add safe.directory <its path>.',
    });
  }
  return new RegenError('environment', `${what}: ${why}`);
}

interface End {
  readonly exitCode: number;
  readonly stderr: string;
  readonly stopped: boolean;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

async function follow(
  child: Child,
  call: GitCall,
  take: (chunk: Buffer) => boolean,
  signal: AbortSignal,
): Promise<End> {
  let stderr = '';
  const stopping = createStop(child);
  signal.addEventListener('abort', stopping.stop, { once: true });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const failure = new Promise<never>((_resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        if (!stopping.isStopped() && !take(chunk)) stopping.stop();
      } catch (error) {
        stopping.stop();
        reject(asError(error));
      }
    });
  });
  // git may end before it has read everything; its exit status tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.input ?? '');
  try {
    const ended = await Promise.race([closed(child), failure]);
    signal.throwIfAborted();
    if (ended.signal !== null && !stopping.isStopped()) throw killed(call, ended.signal);
    return { exitCode: ended.code ?? 0, stderr, stopped: stopping.isStopped() };
  } finally {
    signal.removeEventListener('abort', stopping.stop);
  }
}

function createStop(child: Child) {
  let force: NodeJS.Timeout | null = null;
  child.once('close', () => {
    if (force !== null) clearTimeout(force);
  });
  return {
    isStopped: () => force !== null,
    stop: () => {
      child.kill('SIGTERM');
      force ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
    },
  };
}

function closed(child: Child): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      const error = new RegenError('environment', `git could not be started: ${cause.message}`, {
        hint: 'Install git and see that it is on the PATH, and that the repository’s folder still exists.',
        cause,
      });
      reject(error);
    });
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
}

/** Ctrl-C reaches the whole foreground process group, so git may be gone before our own handler has run. */
function killed(call: GitCall, signal: NodeJS.Signals): RegenError {
  const isInterrupt = signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP';
  return new RegenError(
    isInterrupt ? 'interrupted' : 'environment',
    `git ${call.args[0] ?? ''} was ended by ${signal}`,
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function asCall(call: GitCall | readonly string[]): GitCall {
  return 'args' in call ? call : { args: call };
}
