/** Children that end for certain: by themselves, at their time limit or on abort, with everything they started. */
import { open, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Options } from 'execa';
import { createFamily } from './family.js';
import type { Family } from './family.js';
import { register, signalGroup } from './living.js';
import type { Marker } from './processes.js';
import { sweep } from './sweep.js';
import { makeScratch } from './temporaries.js';

export interface ChildRequest {
  /** A program with its arguments, or a user's command line for `/bin/sh`. */
  readonly command: readonly [file: string, ...args: string[]] | { readonly shell: string };
  readonly cwd: string;
  /** The whole environment: nothing of ours is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** What the child reads; without it stdin is closed. */
  readonly stdin?: string;
  /** Files that the output is appended to; both may be the same. Without a file the output is captured. */
  readonly stdout?: string;
  readonly stderr?: string;
  /** Wall time in ms. */
  readonly timeoutMs?: number;
  /** The first, friendly signal. Default SIGTERM. */
  readonly stopSignal?: 'SIGINT' | 'SIGTERM';
  /** How long after it SIGKILL follows, in ms. Default 5 s. */
  readonly graceMs?: number;
  /** What {@link sweep} knows the child's descendants by; it must be part of `env` or be set by the child. */
  readonly marker?: Marker;
  /** Called some times a second when something that the child started computes, or when that can't be told. */
  readonly onWork?: () => void;
}

/** How a child ended. `missing`: there is no such program, or it may not be run. */
export type ChildEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'missing'; readonly cause: Error };

export interface ChildResult {
  readonly end: ChildEnd;
  readonly durationMs: number;
  /** All of it when captured, else the last 64 KiB that the file holds. */
  readonly stdout: string;
  readonly stderr: string;
}

const defaultGraceMs = 5000;
const tailBytes = 64 * 1024;

/** Looking costs some ms; whoever drops environment, session and parent faster than this is lost sight of. */
const lookMs = 250;

/**
 * Runs one child in a process group of its own. Failing is a result, not an exception; on abort the result is
 * `aborted` once the child and its descendants are gone.
 */
export async function runChild(request: ChildRequest, signal: AbortSignal): Promise<ChildResult> {
  // Input and output are files, never pipes: a daemon that a command leaves behind can't hold a file open against us,
  // a child outlives our own end without SIGPIPE, and there is no buffer to overflow.
  const scratch = await makeScratch('child');
  const stdout = request.stdout ?? join(scratch, 'stdout');
  const stderr = request.stderr ?? join(scratch, 'stderr');
  try {
    const started = performance.now();
    const end = await runOnFiles(request, { stdin: join(scratch, 'stdin'), stdout, stderr }, signal);
    return {
      end,
      durationMs: Math.round(performance.now() - started),
      stdout: await readEnd(stdout, request.stdout === undefined ? null : tailBytes),
      stderr: await readEnd(stderr, request.stderr === undefined ? null : tailBytes),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Files {
  readonly stdin: string;
  readonly stdout: string;
  readonly stderr: string;
}

type Stdio = readonly [stdin: number | 'ignore', stdout: number, stderr: number];

async function runOnFiles(request: ChildRequest, files: Files, signal: AbortSignal): Promise<ChildEnd> {
  const handles: FileHandle[] = [];
  const opened = async (path: string, flags: string): Promise<number> => {
    const handle = await open(path, flags, 0o600);
    handles.push(handle);
    return handle.fd;
  };
  try {
    const stdout = await opened(files.stdout, 'a');
    const stderr = files.stderr === files.stdout ? stdout : await opened(files.stderr, 'a');
    if (request.stdin !== undefined) await writeFile(files.stdin, request.stdin, { mode: 0o600 });
    const stdin = request.stdin === undefined ? 'ignore' : await opened(files.stdin, 'r');
    return await runToEnd(request, [stdin, stdout, stderr], signal);
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
  }
}

type StdioOption = NonNullable<Options['stdio']>;

async function runToEnd(request: ChildRequest, stdio: Stdio, signal: AbortSignal): Promise<ChildEnd> {
  if (signal.aborted) return { kind: 'aborted' };
  const [file, ...args] =
    'shell' in request.command ? ['/bin/sh', '-c', request.command.shell] : request.command;
  const child = execa(file, args, {
    cwd: request.cwd,
    env: request.env,
    extendEnv: false,
    stdio: stdio as StdioOption, // execa hands any descriptor on to spawn; its types know only 0, 1 and 2
    detached: true, // a group of its own: Ctrl-C in our terminal reaches us alone, and we can signal all of it
    buffer: false,
    reject: false,
  });
  if (child.pid === undefined) return { kind: 'missing', cause: asError((await child).cause) };
  const stopping = createStop(child.pid, request);
  const watching = watchFamily(child.pid, request);
  const onAbort = (): void => {
    stopping.stop('aborted');
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const limit = request.timeoutMs;
  const timer =
    limit === undefined
      ? undefined
      : setTimeout(() => {
          stopping.stop('timed_out');
        }, limit);
  try {
    const { exitCode, signal: killedBy } = await child;
    if (stopping.reason !== null) return { kind: stopping.reason };
    return killedBy === undefined
      ? { kind: 'exited', code: exitCode ?? 1 }
      : { kind: 'signalled', signal: killedBy };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    stopping.finish();
    await sweep(request.marker ?? null, watching.family);
    watching.end();
  }
}

interface Watching {
  readonly family: Family;
  end(): void;
}

function watchFamily(pid: number, { marker, onWork }: ChildRequest): Watching {
  const family = createFamily(pid);
  const forget = register({ pid, family, marker: marker ?? null });
  family.look();
  let before = family.ticks();
  const timer = setInterval(() => {
    family.look();
    const ticks = family.ticks();
    if (ticks === null || ticks !== before) onWork?.();
    before = ticks;
  }, lookMs);
  return {
    family,
    end() {
      clearInterval(timer);
      forget();
    },
  };
}

interface Stop {
  readonly reason: 'timed_out' | 'aborted' | null;
  stop(reason: 'timed_out' | 'aborted'): void;
  /** Ends what is left of the group once its leader is gone. */
  finish(): void;
}

function createStop(pid: number, request: ChildRequest): Stop {
  let reason: Stop['reason'] = null;
  let timer: NodeJS.Timeout | undefined;
  return {
    get reason() {
      return reason;
    },
    stop(why) {
      if (reason !== null) return;
      reason = why;
      signalGroup(pid, request.stopSignal ?? 'SIGTERM');
      timer = setTimeout(() => {
        signalGroup(pid, 'SIGKILL');
      }, request.graceMs ?? defaultGraceMs);
    },
    finish() {
      clearTimeout(timer);
      signalGroup(pid, 'SIGKILL');
    },
  };
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

/** The file's last `limit` bytes; null: all of it. */
async function readEnd(path: string, limit: number | null): Promise<string> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return ''; // nothing was started
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, limit ?? size);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
