/** Processes as /proc shows them. */
import { readFile, readdir, readlink } from 'node:fs/promises';

export interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly environ: string;
  readonly cwd: string;
}

/** Every process that can be read, but for zombies. */
async function listProcesses(): Promise<readonly Seen[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seen = await Promise.all(names.map((name) => readProcess(Number(name))));
  return seen.flatMap((one) => one ?? []);
}

async function readProcess(pid: number): Promise<Seen | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return null;
    const [command, environ, cwd] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
      readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
    ]);
    return { pid, parent: Number(parent), command: command.replaceAll('\0', ' ').trim(), environ, cwd };
  } catch {
    return null; // gone meanwhile
  }
}

/** What descends from the process, without itself. */
export async function descendantsOf(ancestor: number): Promise<readonly Seen[]> {
  const all = await listProcesses();
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid !== 0 && (pid === ancestor || isBelow(parents.get(pid)));
  return all.filter(({ pid, parent }) => pid !== ancestor && isBelow(parent));
}

/** What works in the folder, or was started with its path in the environment or on the command line. */
export async function processesOf(folder: string): Promise<readonly Seen[]> {
  const belongs = ({ environ, cwd, command }: Seen) =>
    cwd === folder ||
    cwd.startsWith(`${folder}/`) ||
    environ.includes(`${folder}/`) ||
    command.includes(`${folder}/`);
  return (await listProcesses()).filter((one) => one.pid !== process.pid && belongs(one));
}

/** SIGKILL; false when there is no such process any more. */
export function killProcess(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
