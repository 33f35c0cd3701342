/** When a run is to be ended before it ends itself. Pure. */
import { outputReserve } from '../model/context-fit.js';
import type { AgentEvent } from './events.js';
import type { RunEnd } from './outcome.js';
import { nextPrompt } from './watch.js';
import type { Watched } from './watch.js';

export interface RunLimits {
  /** Wall time, ms. */
  readonly timeout: number;
  /** Time without a line or any other sign of work, see watch.ts; ms. */
  readonly idle: number;
  /** The model's window in tokens, where it is known. */
  readonly context?: number | undefined;
}

/** How the run stands. */
interface Standing {
  /** Milliseconds, as the limits. */
  readonly elapsed: number;
  readonly silence: number;
  /** Whether it asked for more although its money is used up. */
  readonly isOverspending: boolean;
  /** What the next request was to send, in tokens, when it no longer left room for an answer; null: there was room. */
  readonly fullAt: number | null;
}

/** Why to end the run now, or null. */
export function reasonToStop(seen: Watched, standing: Standing, limits: RunLimits): RunEnd | null {
  if (seen.refusedLogins >= refusalsToBelieve) return { kind: 'login_refused' };
  if (standing.isOverspending) return { kind: 'money_used_up' };
  const { elapsed, fullAt, silence } = standing;
  if (fullAt !== null && limits.context !== undefined && seen.result === null) {
    return { kind: 'context_full', tokens: fullAt, window: limits.context };
  }
  const atWork = seen.toolsInFlight.map(({ name }) => name);
  if (elapsed > limits.timeout) return { kind: 'wall_timeout', atWork };
  return silence > limits.idle ? { kind: 'idle_timeout', atWork } : null;
}

/** The tokens of the next request, when it and its answer no longer fit into the window; else null. */
export function overWindow(seen: Watched, { context }: RunLimits): number | null {
  const next = nextPrompt(seen);
  if (context === undefined || next === null) return null;
  return next + outputReserve(context) > context ? next : null;
}

/**
 * Whether the run asks its model again: what Claude Code's own limit of money would have kept it from. Of a subagent only
 * the answers are told.
 */
export function asksForMore(event: AgentEvent): boolean {
  const isSubagents = event.kind === 'assistant' && event.thread !== null;
  return event.kind === 'request' || event.kind === 'start' || isSubagents;
}

/**
 * Claude Code would try to log in ten times, for three minutes. The second refusal is believed, since another process
 * may just have renewed the token.
 */
const refusalsToBelieve = 2;
