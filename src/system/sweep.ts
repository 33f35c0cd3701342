/**
 * Ends what a child left behind. Process groups don't reach everything: Claude Code's Bash tool runs in a session of
 * its own, and `setsid` or `nohup … &` leave any group. What they can't leave is the environment they were started with.
 */
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** `NAME=value` in the environment of every process that belongs to one child. */
export type Marker = `${string}=${string}`;

/** Rounds of looking and killing; a fork bomb that outruns them is beyond us. */
const maxRounds = 40;
const pauseMs = 25;

/**
 * Kills every process that carries the marker, and their descendants, until none is left; returns how many it killed.
 * Never the caller or its ancestors. Does nothing where there is no /proc.
 */
export async function sweep(marker: Marker): Promise<number> {
  const killed = new Set<number>();
  for (let round = 0; round < maxRounds; round += 1) {
    const found = await findMarked(marker);
    if (found.length === 0) break;
    for (const pid of found) {
      if (kill(pid)) killed.add(pid);
    }
    await delay(pauseMs); // the kernel needs a moment to take them off the list
  }
  return killed.size;
}

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly isMarked: boolean;
}

async function findMarked(marker: Marker): Promise<number[]> {
  const processes = await listProcesses(marker);
  const parents = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const marked = new Set(processes.flatMap(({ pid, isMarked }) => (isMarked ? [pid] : [])));
  const spared = new Set(ancestry(process.pid, parents));
  return processes
    .map(({ pid }) => pid)
    .filter((pid) => !spared.has(pid))
    .filter((pid) => ancestry(pid, parents).some((each) => marked.has(each) && !spared.has(each)));
}

/** The process itself and what started it, up to init. */
function ancestry(pid: number, parents: ReadonlyMap<number, number>): number[] {
  const line: number[] = [];
  for (let each: number | undefined = pid; each && !line.includes(each); each = parents.get(each)) {
    line.push(each);
  }
  return line;
}

async function listProcesses(marker: Marker): Promise<ProcessFacts[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const facts = await Promise.all(pids.map((pid) => readProcess(pid, marker)));
  return facts.flatMap((one) => one ?? []);
}

async function readProcess(pid: number, marker: Marker): Promise<ProcessFacts | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // `pid (name) state parent …`, and the name may itself hold blanks and parentheses.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return null;
    return { pid, parent: Number(parent), isMarked: await isMarked(pid, marker) };
  } catch {
    return null; // gone meanwhile
  }
}

async function isMarked(pid: number, marker: Marker): Promise<boolean> {
  try {
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8');
    return `\0${environ}`.includes(`\0${marker}\0`);
  } catch {
    return false; // somebody else's process
  }
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false; // gone meanwhile
  }
}
