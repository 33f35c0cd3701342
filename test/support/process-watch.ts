/** Processes of tests: what runs, what runs below another, and waiting until something is so. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { runningProcesses } from '../../src/system/processes.js';

/** The pids whose command line holds the text. */
export function running(text: string): readonly number[] {
  return runningProcesses().flatMap(({ pid }) => (commandLine(pid).includes(text) ? [pid] : []));
}

/** The pids of `sleep` with a number that begins so. */
export function sleeping(mark: string): readonly number[] {
  const call = new RegExp(`^(\\S*/)?sleep ${mark}`);
  return runningProcesses().flatMap(({ pid }) => (call.test(commandLine(pid)) ? [pid] : []));
}

/** The pids of everything that the process started, and they in turn. */
export function descendants(pid: number): readonly number[] {
  const children = runningProcesses().filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child.pid, ...descendants(child.pid)]);
}

/** Sends the signal and waits for the end. */
export async function endBy(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

/** Polls: nothing tells a test what other processes do. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(20);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // gone meanwhile
  }
}
