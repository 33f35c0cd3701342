/**
 * Ends what a child left behind. Process groups don't reach everything: Claude Code's Bash tool runs in a session of
 * its own, and `setsid` or `nohup … &` leave any group. What they can't leave is the environment they were started with;
 * what drops that, too, is found as long as something that started it or shares its session is there, or when it was
 * seen while it was.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Family } from './family.js';
import { ancestry, isMarked, kill, parentsOf, runningProcesses } from './processes.js';
import type { Marker } from './processes.js';

/** Rounds of looking and killing; a fork bomb that outruns them is beyond us. */
const maxRounds = 40;
/** A process that is just starting another program has no environment for an instant, so that one look can miss it. */
const quietRounds = 2;
const pauseMs = 25;

/**
 * Kills every process that carries the marker, what it started, what shares a session with it, and the family, until
 * none is left; returns how many it killed. Never the caller or its ancestors. Does nothing where there is no /proc.
 */
export async function sweep(marker: Marker | null, family: Family | null = null): Promise<number> {
  const killed = new Set<number>();
  for (let round = 0, quiet = 0; round < maxRounds; round += 1) {
    const found = sweepOnce(marker, family);
    quiet = found.length === 0 ? quiet + 1 : 0;
    if (quiet === quietRounds) break;
    for (const pid of found) killed.add(pid);
    await delay(pauseMs); // the kernel needs a moment to take them off the list
  }
  return killed.size;
}

/** One round of it, without waiting: for whoever has no time left. */
export function sweepOnce(marker: Marker | null, family: Family | null): readonly number[] {
  const marked = marker === null ? [] : findMarked(marker);
  const found = new Set([...marked, ...(family?.members() ?? [])]);
  return [...found].filter(kill);
}

function findMarked(marker: Marker): readonly number[] {
  const processes = runningProcesses();
  const parents = parentsOf(processes);
  const spared = new Set(ancestry(process.pid, parents));
  const others = processes.filter(({ pid }) => !spared.has(pid));
  const marked = others.filter(({ pid }) => isMarked(pid, marker));
  const pids = new Set(marked.map(({ pid }) => pid));
  const sessions = new Set(marked.map(({ session }) => session));
  // A session that one of ours lives in (a terminal, a service) has members that are no business of ours.
  for (const { pid, session } of processes) if (spared.has(pid)) sessions.delete(session);
  sessions.delete(0); // led from outside of this container
  return others
    .filter(
      ({ pid, session }) => sessions.has(session) || ancestry(pid, parents).some((one) => pids.has(one)),
    )
    .map(({ pid }) => pid);
}
