/**
 * What runs on this machine, read off /proc in one go: synchronously, so that nobody comes or goes between two reads of
 * ours, and so that it can be read when the process is about to end.
 */
import { readFileSync, readdirSync } from 'node:fs';

/** `NAME=value` in the environment of every process that belongs to one child. */
export type Marker = `${string}=${string}`;

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks between boot and start: with the pid, it is this process and no later one. */
  readonly startTime: string;
  /** Clock ticks of computing so far, its ended children's included. */
  readonly ticks: number;
}

/** Every process but zombies; empty where there is no /proc. */
export function runningProcesses(): readonly RunningProcess[] {
  return processIds().flatMap((pid) => readProcess(pid) ?? []);
}

/** Whether the process was started with the marker in its environment; false for somebody else's process. */
export function isMarked(pid: number, marker: Marker): boolean {
  const environ = readProc(`${pid}/environ`);
  return environ !== null && `\0${environ}`.includes(`\0${marker}\0`);
}

/** The process itself and what started it, up to init. */
export function ancestry(pid: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const line: number[] = [];
  for (let each: number | undefined = pid; each && !line.includes(each); each = parents.get(each)) {
    line.push(each);
  }
  return line;
}

/** Who started whom. */
export function parentsOf(processes: readonly RunningProcess[]): ReadonlyMap<number, number> {
  return new Map(processes.map(({ pid, parent }) => [pid, parent]));
}

/** False when it is gone, or isn't ours. */
export function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readProcess(pid: number): RunningProcess | null {
  const stat = readProc(`${pid}/stat`);
  if (stat === null) return null; // gone meanwhile
  // `pid (name) state parent …`, see proc(5); the name may itself hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  if (state === 'Z' || state === 'X') return null;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startTime: fields[19] ?? '',
    ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0),
  };
}

function readProc(file: string): string | null {
  try {
    return readFileSync(`/proc/${file}`, 'latin1');
  } catch {
    return null;
  }
}
