/** Whose a session's turns are, when it drives several orders: attempts at items, one after the other or in turn. Pure. */
import type { SessionTurn } from '../model/session.js';

export interface Order {
  /** The attempt's UUID. */
  readonly key: string;
  /** When the session's commands for it began. */
  readonly calls: readonly Date[];
  /** Whether the session does the work itself: then what it says between its commands is for the order, too. */
  readonly isHeld: boolean;
  /** When it was marked; null: not yet. */
  readonly end: Date | null;
}

/**
 * The orders that each turn is for, by message id: one whose command it called; else those that are open at its instant.
 * None: it is nobody's. Several: they share it.
 *
 * @param leaseMs - how long an order stays open after a command for it.
 */
export function attribute(
  turns: readonly SessionTurn[],
  orders: readonly Order[],
  leaseMs: number,
): ReadonlyMap<string, readonly string[]> {
  const called = callers(turns, orders);
  return new Map(
    turns.map((turn) => {
      const id = turn.message.id;
      const open = orders.filter((order) => isOpen(order, turn.at, leaseMs)).map(({ key }) => key);
      return [id, called.get(id) ?? open];
    }),
  );
}

/** Which turns called the orders' commands. */
function callers(
  turns: readonly SessionTurn[],
  orders: readonly Order[],
): ReadonlyMap<string, readonly string[]> {
  const called = new Map<string, readonly string[]>();
  for (const { key, calls } of orders) {
    for (const at of calls) {
      const id = callerOf(turns, at);
      const others = id === null ? [] : (called.get(id) ?? []);
      if (id !== null && !others.includes(key)) called.set(id, [...others, key]);
    }
  }
  return called;
}

/** The message that began a command: among the last ones of each thread, the newest that calls regen, or any tool. */
function callerOf(turns: readonly SessionTurn[], at: Date): string | null {
  const last = new Map<string, SessionTurn>();
  for (const turn of turns) {
    if (turn.at <= at) last.set(turn.thread, turn);
  }
  const newest = [...last.values()].sort((one, other) => other.at.getTime() - one.at.getTime());
  const caller =
    newest.find(({ calls }) => calls === 'regen') ?? newest.find(({ calls }) => calls === 'something');
  return caller?.message.id ?? null;
}

function isOpen({ calls, isHeld, end }: Order, at: Date, leaseMs: number): boolean {
  if (!isHeld || (end !== null && at >= end)) return false;
  return calls.some((call) => call <= at && at.getTime() < call.getTime() + leaseMs);
}
