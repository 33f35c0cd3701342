/** How long a run sleeps before it asks again. */

/** Between two tries when nobody knows when it will work, in ms: doubled with every wait in a row. */
const shortestMs = 1000;
const longestMs = 60_000;

/** The given instant, or a moment that grows with the waits in a row; never earlier than that moment. */
export function pauseUntil(wait: {
  readonly retryAt: Date | null;
  /** Waits in a row before this one. */
  readonly waits: number;
  readonly now: Date;
}): Date {
  const moment = new Date(
    wait.now.getTime() + Math.min(longestMs, shortestMs * 2 ** Math.min(wait.waits, 10)),
  );
  return wait.retryAt !== null && wait.retryAt > moment ? wait.retryAt : moment;
}
