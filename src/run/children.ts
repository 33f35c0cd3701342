/** A run's steps: processes of their own, each in a group of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeScratch } from '../system/temporaries.js';
import { followLines } from './follow.js';
import { readStepEnd } from './step-end.js';
import type { StepEnd, StepExit } from './step-end.js';

export interface StepCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Starts steps, and hands signals on to them: the first by `signal`, the second as it comes. */
export interface Children extends Disposable {
  /** Runs one step to its end. `onLine` gets each line of its stderr; `env` is added to the command's. */
  run(onLine: (line: string) => void, env: StepCommand['env']): Promise<StepEnd>;
}

const signalNames = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function createChildren(command: StepCommand, signal: AbortSignal): Children {
  const running = new Set<ChildProcess>();
  const interrupt = (): void => {
    for (const child of running) child.kill('SIGINT');
  };
  // A second signal ends us at once (cli/signals.ts), and a step that gets its second one as well.
  const onSignal = (): void => {
    if (signal.aborted) interrupt();
  };
  signal.addEventListener('abort', interrupt, { once: true });
  for (const name of signalNames) process.prependListener(name, onSignal);
  return {
    run: (onLine, env) =>
      runToExit({ ...command, env: { ...command.env, ...env } }, onLine, (child) => {
        running.add(child);
        child.once('exit', () => running.delete(child));
        if (signal.aborted) child.kill('SIGINT');
      }).then(readStepEnd, notRun),
    [Symbol.dispose]() {
      signal.removeEventListener('abort', interrupt);
      for (const name of signalNames) process.removeListener(name, onSignal);
    },
  };
}

/** Output goes to files, never to pipes: a step outlives a run that is killed, and must not choke on its own progress. */
async function runToExit(
  command: StepCommand,
  onLine: (line: string) => void,
  onStart: (child: ChildProcess) => void,
): Promise<StepExit> {
  const folder = await makeScratch('run');
  const [stdout, stderr] = [path.join(folder, 'stdout'), path.join(folder, 'stderr')];
  try {
    const files = await Promise.all([open(stdout, 'w', 0o600), open(stderr, 'w', 0o600)]);
    const [out, err] = files;
    const child = spawn(command.file, [...command.args], {
      cwd: command.cwd,
      env: command.env,
      stdio: ['ignore', out.fd, err.fd],
      // A session of its own: Ctrl-C in the terminal reaches us alone, and we hand it on once.
      detached: true,
    });
    const exited = exitOf(child);
    onStart(child);
    await Promise.all(files.map((file) => file.close()));
    await followLines(stderr, onLine, exited);
    const { code, signal } = await exited;
    return { code, signal, stdout: await readFile(stdout, 'utf8'), stderr: await readFile(stderr, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** No room on the disk for its output, too many processes or open files: other steps may be at work all the same. */
function notRun(error: unknown): StepEnd {
  const why = error instanceof Error ? error.message : String(error);
  const reason = `a step could not be run: ${why}`;
  return { kind: 'error', code: 'environment', reason, retryAt: null, document: null };
}

function exitOf(child: ChildProcess): Promise<Pick<StepExit, 'code' | 'signal'>> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
}
