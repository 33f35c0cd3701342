/**
 * A child with all that it started, kept in view while it runs. A descendant can drop the environment it was given, move
 * to a session of its own and outlive its parent; who was seen once is known by pid and start time ever after.
 */
import { ancestry, parentsOf, runningProcesses } from './processes.js';
import type { RunningProcess } from './processes.js';

export interface Family {
  /** Looks who is there now, and remembers them. */
  look(): void;
  /** The members that still run. */
  members(): readonly number[];
  /**
   * Clock ticks that the members but the first have computed so far: no more after an hour, and they did nothing for an
   * hour. Null where there is no /proc.
   */
  ticks(): number | null;
}

/** @param leader - the child itself, which has to be the leader of its session. */
export function createFamily(leader: number): Family {
  const known = new Map<number, string>();
  const sessions = new Set<number>();
  const spent = new Map<string, number>();
  let canSee = false;

  const grow = (processes: readonly RunningProcess[]): void => {
    const parents = parentsOf(processes);
    const spared = new Set(ancestry(process.pid, parents));
    const foreign = new Set(processes.flatMap(({ pid, session }) => (spared.has(pid) ? [session] : [0])));
    const isKnown = ({ pid, startTime }: RunningProcess): boolean => known.get(pid) === startTime;
    const add = ({ pid, startTime, session }: RunningProcess): void => {
      known.set(pid, startTime);
      if (!foreign.has(session)) sessions.add(session);
    };
    const first = known.size === 0 ? processes.find(({ pid }) => pid === leader) : undefined;
    if (first?.parent === process.pid) add(first);
    forgetTakenSessions(processes, isKnown);
    for (let size = -1; size !== known.size;) {
      size = known.size;
      const present = new Set(processes.filter(isKnown).map(({ pid }) => pid));
      for (const one of processes) {
        if (spared.has(one.pid) || isKnown(one)) continue;
        if (present.has(one.parent) || sessions.has(one.session)) add(one);
      }
    }
  };
  /** A session's number is its leader's pid: held by a stranger, it has been given away again. */
  const forgetTakenSessions = (
    processes: readonly RunningProcess[],
    isKnown: (one: RunningProcess) => boolean,
  ): void => {
    for (const one of processes) if (sessions.has(one.pid) && !isKnown(one)) sessions.delete(one.pid);
  };
  const present = (): readonly RunningProcess[] => {
    const processes = runningProcesses();
    canSee = processes.length > 0;
    grow(processes);
    const members = processes.filter(({ pid, startTime }) => known.get(pid) === startTime);
    for (const { pid, startTime, ticks } of members) {
      if (pid !== leader) spent.set(`${pid} ${startTime}`, ticks);
    }
    return members;
  };

  return {
    look: () => void present(),
    members: () => present().map(({ pid }) => pid),
    ticks: () => (canSee ? [...spent.values()].reduce((sum, ticks) => sum + ticks, spent.size) : null),
  };
}
