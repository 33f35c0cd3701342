/** A rule that looks for one way of wasting tokens. */
import type { Place } from '../../model/profile.js';
import type { Call } from '../session.js';
import type { Cost, WeighedSession, WeighedThread } from '../weigh.js';

export interface Detector {
  readonly id: string;
  /** Number of the recommendation in the investigation that the rules come from; null: not in it. */
  readonly rule: string | null;
  readonly title: string;
  readonly recommendation: string;
  readonly find: (session: WeighedSession) => readonly Place[];
}

/** What is found in one conversation; session and thread are put in by `inEachThread`. */
export type Found = Omit<Place, 'session' | 'thread'>;

/** The rule for a conversation as one for a session. */
export function inEachThread(find: (thread: WeighedThread) => readonly Found[]): Detector['find'] {
  return (session) =>
    session.threads.flatMap((thread) =>
      find(thread).map((found) => ({ session: session.id, thread: thread.agent, ...found })),
    );
}

export function laterPrompts(count: number): string {
  return `${count} later prompt${count === 1 ? '' : 's'}`;
}

export const noCost: Cost = { tokens: 0, costUsd: 0 };

export function addCosts(costs: Iterable<Cost>): Cost {
  let sum = noCost;
  for (const { tokens, costUsd } of costs) {
    sum = {
      tokens: sum.tokens + tokens,
      costUsd: sum.costUsd === null || costUsd === null ? null : sum.costUsd + costUsd,
    };
  }
  return sum;
}

/** A call with the index of its request. */
export interface PlacedCall {
  readonly index: number;
  readonly call: Call;
}

export function placedCalls(thread: WeighedThread, isWanted: (call: Call) => boolean): readonly PlacedCall[] {
  const placed: PlacedCall[] = [];
  for (const [index, { calls }] of thread.requests.entries()) {
    for (const call of calls) if (isWanted(call)) placed.push({ index, call });
  }
  return placed;
}

/** What the results of a request's calls cost while they stay in the prompt. */
export function carriedResults(thread: WeighedThread, index: number, calls: readonly Call[]): Cost {
  const costs = calls.map((call) => {
    const { tokens, costUsd } = thread.carried(index, thread.resultTokens(call));
    return { tokens, costUsd };
  });
  return addCosts(costs);
}

/**
 * What calls cost that weren't needed: their results, and the request itself when it asked for nothing else. A text beside
 * them doesn't keep it.
 */
export function needless(thread: WeighedThread, index: number, calls: readonly Call[]): Cost {
  const isWhole = thread.requests[index]?.calls.length === calls.length;
  const results = carriedResults(thread, index, calls);
  return isWhole ? addCosts([thread.sentAgain(index), results]) : results;
}
