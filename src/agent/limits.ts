/** When a run is to be ended before it ends itself. Pure. */
import type { RunEnd } from './outcome.js';
import type { Watched } from './watch.js';

/** Milliseconds. */
export interface RunLimits {
  /** Wall time. */
  readonly timeout: number;
  /** Time without a line or any other sign of work, see watch.ts. */
  readonly idle: number;
}

/** Why to end the run now, or null. */
export function reasonToStop(
  seen: Watched,
  times: { readonly elapsed: number; readonly silence: number },
  limits: RunLimits,
): RunEnd | null {
  if (seen.refusedLogins >= refusalsToBelieve) return { kind: 'login_refused' };
  const atWork = seen.toolsInFlight.map(({ name }) => name);
  if (times.elapsed > limits.timeout) return { kind: 'wall_timeout', atWork };
  return times.silence > limits.idle ? { kind: 'idle_timeout', atWork } : null;
}

/**
 * Claude Code would try to log in ten times, for three minutes. The second refusal is believed, since another process
 * may just have renewed the token.
 */
const refusalsToBelieve = 2;
