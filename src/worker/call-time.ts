/** `worker.timeout`: what is asked of the API ends by then, whatever the API sends or leaves out meanwhile. */
import { formatDuration } from '../model/duration.js';

export interface TimeLimit {
  readonly ms: number;
  /** The key of regen.yaml that sets it; null: nobody can. */
  readonly key: string | null;
}

/** Our own clock ended a call, and no signal of the user's. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';

  constructor({ ms, key }: TimeLimit, cause: unknown) {
    super(`no whole answer within ${formatDuration(ms)}${key === null ? '' : ` (${key})`}`, { cause });
  }
}

/** That of every call of the worker. */
export function callLimit({ timeout }: { readonly timeout: number }): TimeLimit {
  return { ms: timeout, key: 'worker.timeout' };
}

/**
 * The client's own timeout ends when the response begins; this one counts to the last byte, the client's further tries
 * included.
 *
 * @param work - has to end when its signal is aborted; what it returns all the same counts.
 * @throws CallTimeout when the time ended it; when `signal` did, what `work` throws.
 */
export async function withinTime<T>(
  limit: TimeLimit,
  work: (within: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return withClock(limit, (_restart, within) => work(within), signal);
}

/**
 * All that is handed on one after the other. Each wait for the next is bounded, and not the whole: 200 MB of results may
 * take longer than any one call.
 *
 * @throws CallTimeout when nothing more came in time.
 */
export async function allInTime<T>(
  limit: TimeLimit,
  open: (within: AbortSignal) => Promise<AsyncIterable<T>>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  return withClock(
    limit,
    async (restart, within) => {
      const all: T[] = [];
      for await (const one of await open(within)) {
        all.push(one);
        restart();
      }
      within.throwIfAborted();
      return all;
    },
    signal,
  );
}

async function withClock<T>(
  limit: TimeLimit,
  work: (restart: () => void, within: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
  }, limit.ms);
  try {
    return await work(() => timer.refresh(), AbortSignal.any([signal, late.signal]));
  } catch (error) {
    throw late.signal.aborted && !signal.aborted ? new CallTimeout(limit, error) : error;
  } finally {
    clearTimeout(timer);
  }
}
