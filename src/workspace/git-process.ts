/** One git child that stays under control: its input, its output as it comes, its silence, and everything it starts. */
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { RegenError } from '../model/errors.js';

export interface GitProcess {
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of it. */
  readonly env: Readonly<Record<string, string>>;
  /** What git reads from stdin. */
  readonly input?: string | undefined;
  /** How long, in ms, it may say nothing before it is ended; left out: for ever. */
  readonly silenceMs?: number;
}

/** `enough`: the taker wanted no more; `silent`: it said nothing for too long. */
export interface GitEnd {
  readonly exitCode: number;
  readonly stderr: string;
  readonly stopped: 'enough' | 'silent' | null;
}

/** How long, in ms, a git that was told to end may take to remove its lock files. */
const graceMs = 3000;

/**
 * Runs the child to its end; `take` gets its stdout and says whether it wants more. An abort ends the child and rejects
 * with the signal's reason. node:child_process and not execa, which costs 40 ms of start-up on the path of `plan`.
 */
export async function runGitProcess(
  process: GitProcess,
  take: (chunk: Buffer) => boolean,
  signal: AbortSignal,
): Promise<GitEnd> {
  signal.throwIfAborted();
  const child = spawn('git', [...process.args], {
    cwd: process.cwd,
    env: process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: git leaves a remote helper that waits for the network behind when it is killed alone.
    detached: true,
  });
  const stop = createStop(child);
  const onAbort = () => {
    stop.now('aborted');
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const silence = watchSilence(child, process.silenceMs, () => {
    stop.now('silent');
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // git may end before it has read everything; its exit status tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(process.input ?? '');
  try {
    const exitCode = await Promise.race([closed(child, process), failureOfTaker(child, take, stop)]);
    signal.throwIfAborted();
    const why = stop.reason();
    return { exitCode, stderr, stopped: why === 'aborted' ? null : why };
  } finally {
    clearInterval(silence);
    signal.removeEventListener('abort', onAbort);
  }
}

/** As often as a worktree may be met half-made; the window is shorter than git's own start. */
const mostRaces = 5;

/** `git worktree add` fills its record file by file; a fetch looks at every worktree's HEAD before it believes the remote. */
const halfMadeWorktree = /failed to read .*worktrees.*\/commondir|bad object worktrees\/.*\/HEAD/s;

/**
 * The whole output of a child. It is run again when it died of a worktree that another git was just making: git 2.39
 * reads the records of all worktrees for many commands, and stops at one whose files aren't all there yet.
 */
export async function collectGitProcess(
  process: GitProcess,
  signal: AbortSignal,
): Promise<GitEnd & { readonly stdout: string }> {
  for (let races = 0; ; races += 1) {
    const chunks: Buffer[] = [];
    const end = await runGitProcess(process, (chunk) => chunks.push(chunk) > 0, signal);
    const isRace = end.exitCode !== 0 && halfMadeWorktree.test(end.stderr);
    if (!isRace || races === mostRaces) return { ...end, stdout: Buffer.concat(chunks).toString('utf8') };
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;
type StopReason = 'aborted' | 'enough' | 'silent';

interface Stop {
  now(reason: StopReason): void;
  reason(): StopReason | null;
}

function createStop(child: Child): Stop {
  let why: StopReason | null = null;
  let force: NodeJS.Timeout | undefined;
  child.once('close', () => {
    clearTimeout(force);
  });
  return {
    reason: () => why,
    now(reason) {
      if (why !== null) return;
      why = reason;
      signalGroup(child, 'SIGTERM');
      force = setTimeout(() => {
        signalGroup(child, 'SIGKILL');
      }, graceMs);
    },
  };
}

function signalGroup(child: Child, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // nobody is left in the group
  }
}

/** Never resolves; rejects with what the taker threw. */
function failureOfTaker(child: Child, take: (chunk: Buffer) => boolean, stop: Stop): Promise<never> {
  return new Promise((_resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        if (stop.reason() === null && !take(chunk)) stop.now('enough');
      } catch (error) {
        stop.now('enough');
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

function watchSilence(child: Child, limitMs: number | undefined, onSilence: () => void) {
  if (limitMs === undefined) return undefined;
  const timer = setTimeout(onSilence, limitMs);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', () => timer.refresh());
  return timer;
}

/** The exit status; a child that was killed has 128 and the number of the signal, as in a shell. */
function closed(child: Child, { cwd }: GitProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(notStarted(cwd, cause.message, cause));
    });
    child.once('close', (code) => {
      resolve(code ?? 128);
    });
  });
}

/** There is no git, or no folder to run it in. */
export function notStarted(cwd: string, why: string, cause?: unknown): RegenError {
  return new RegenError('environment', `git could not be started in ${cwd}: ${why}`, {
    hint: 'Install git and see that it is on the PATH, and that the folder still exists.',
    cause,
  });
}
