/**
 * Which process, beyond its pid: pids are used again, after a reboot and within one. On Linux the boot's id and the
 * process's start time tell them apart; elsewhere the pid is all there is, and a reused one looks alive.
 */
import { isErrno } from './errno.js';
import { readOptional } from './read-optional.js';

export interface ProcessIdentity {
  /** The kernel's id of this boot; null where there is no /proc. */
  readonly bootId: string | null;
  readonly pid: number;
  /** Clock ticks between boot and start, as /proc prints them; null where there is no /proc. */
  readonly startTime: string | null;
}

export async function currentProcess(): Promise<ProcessIdentity> {
  const [bootId, stat] = await Promise.all([readBootId(), readStat(process.pid)]);
  return { bootId, pid: process.pid, startTime: stat?.startTime ?? null };
}

/** Whether that very process still runs; a zombie doesn't. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const bootId = await readBootId();
  if (bootId !== null && identity.bootId !== null && bootId !== identity.bootId) return false;
  if (!exists(identity.pid)) return false;
  const stat = await readStat(identity.pid);
  if (stat === null) return true; // no /proc, or one that hides other people's processes
  if (stat.state === 'Z' || stat.state === 'X') return false;
  return identity.startTime === null || stat.startTime === identity.startTime;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, of another user.
    return isErrno(error, 'EPERM');
  }
}

async function readBootId(): Promise<string | null> {
  const text = await readProc('/proc/sys/kernel/random/boot_id');
  return text === null ? null : text.trim();
}

interface Stat {
  readonly state: string;
  readonly startTime: string;
}

async function readStat(pid: number): Promise<Stat | null> {
  const text = await readProc(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The second field, the command's name in brackets, may itself hold blanks and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]]; // fields 3 and 22 of proc(5)
  return state === undefined || startTime === undefined ? null : { state, startTime };
}

/** Null also when the process ends while it is read (ESRCH) or is hidden from us. */
async function readProc(file: string): Promise<string | null> {
  return readOptional(file).catch(() => null);
}
