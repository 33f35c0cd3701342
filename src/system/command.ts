/** One command line of the repository: run by the shell, logged without secrets, swept up after. */
import { appendFile, mkdir, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatDuration } from '../model/duration.js';
import { RegenError } from '../model/errors.js';
import { createExcerpt } from '../model/excerpt.js';
import type { Excerpt } from '../model/excerpt.js';
import { runChild } from './child.js';
import type { ChildEnd, ChildResult } from './child.js';
import type { Mask } from './mask.js';
import type { Marker } from './processes.js';
import { makeScratch } from './temporaries.js';
import { wholeLines } from './whole-lines.js';

export interface RepositoryCommand {
  /** What the shell gets: placeholders filled and quoted. */
  readonly line: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly marker: Marker;
  /** The file that the output is added to, absolute. */
  readonly log: string;
  readonly mask: Mask;
  /** Keep stdout and stderr apart, for a command that is run for what it prints. */
  readonly isQuery?: boolean;
  /** Gets the output as the log does: masked, and whole lines at a time. */
  readonly observe?: (lines: string) => void;
}

export interface CommandResult {
  /** null: it succeeded; else why not, such as `exit code 1`. */
  readonly failure: string | null;
  readonly durationMs: number;
  readonly excerpt: Excerpt;
  /** The last 64 KiB of stdout, of a query; unmasked, since it is data. Else stdout and stderr as they came. */
  readonly stdout: string;
}

/**
 * Runs the command to its end. That it fails or runs out of time is a result.
 *
 * @throws RegenError `environment` when the shell itself can't be started; the signal's reason on abort.
 */
export async function runCommand(command: RepositoryCommand, signal: AbortSignal): Promise<CommandResult> {
  // The raw output may hold secrets: it never lies where logs are kept.
  const scratch = await makeScratch('command');
  const output = join(scratch, 'output');
  const stdout = command.isQuery === true ? join(scratch, 'stdout') : output;
  const outputs = new Set([stdout, output]);
  const tooMuch = new AbortController();
  const watch = setInterval(() => void stopTalkers(outputs, tooMuch), lookMs);
  try {
    const { line, cwd, env, timeoutMs, marker } = command;
    const child = await runChild(
      { command: { shell: line }, cwd, env, timeoutMs, marker, stdout, stderr: output },
      AbortSignal.any([signal, tooMuch.signal]),
    );
    clearInterval(watch);
    if (tooMuch.signal.aborted) await Promise.all([...outputs].map((file) => truncate(file, keptBytes)));
    const excerpt = await keepLog(command, child, outputs);
    signal.throwIfAborted();
    return {
      failure: failureOf(child.end, command),
      durationMs: child.durationMs,
      excerpt,
      stdout: child.stdout,
    };
  } finally {
    clearInterval(watch);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A command that never stops talking would fill the disk within its time limit. */
const mostBytes = 128 * 1024 * 1024;
/** The beginning says what went wrong. */
const keptBytes = 8 * 1024 * 1024;
const lookMs = 250;
const tooMuchPrinted = `ended after it had printed more than ${mostBytes / 1024 / 1024} MB`;

async function stopTalkers(outputs: ReadonlySet<string>, tooMuch: AbortController): Promise<void> {
  const sizes = await Promise.all(
    [...outputs].map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  if (sizes.some((size) => size > mostBytes)) tooMuch.abort();
}

function failureOf(end: ChildEnd, command: RepositoryCommand): string | null {
  switch (end.kind) {
    case 'exited':
      return end.code === 0 ? null : `exit code ${end.code}`;
    case 'signalled':
      return `ended by ${end.signal}`;
    case 'timed_out':
      return `not done after ${formatDuration(command.timeoutMs)}`;
    case 'aborted':
      return tooMuchPrinted;
    case 'missing':
      throw new RegenError(
        'environment',
        `/bin/sh could not be started in ${command.cwd}: ${end.cause.message}`,
        {
          hint: 'Look whether the folder is still there and whether this system has a POSIX shell.',
          cause: end.cause,
        },
      );
  }
}

/** Adds the masked output to the log, command line first and ending last. */
async function keepLog(
  command: RepositoryCommand,
  child: ChildResult,
  outputs: ReadonlySet<string>,
): Promise<Excerpt> {
  const collector = createExcerpt();
  await mkdir(dirname(command.log), { recursive: true });
  await appendFile(command.log, command.mask(`$ ${command.line}\n`));
  for (const output of outputs) {
    for await (const block of wholeLines(output)) {
      const lines = command.mask(block.toString('utf8'));
      collector.add(lines);
      command.observe?.(lines);
      await appendFile(command.log, lines.endsWith('\n') ? lines : `${lines}\n`);
    }
  }
  const end =
    child.end.kind === 'missing' ? 'could not be started' : (failureOf(child.end, command) ?? 'exit code 0');
  await appendFile(command.log, `[${end}, ${formatDuration(child.durationMs)}]\n\n`);
  return collector.excerpt();
}
