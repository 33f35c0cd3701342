/** What `regen run --json` prints of a run. */
import { exitStatus } from './errors.js';
import type { ErrorCode } from './errors.js';
import type { Outcome } from './step-result.js';
import type { Usage } from './usage.js';

/**
 * Why a run ended. `done`: its target is archived, or there is none to do; `targets` and the `max-` ones: a limit of its
 * own; `plan-removed`: a person took the plan away; else the code of what stopped a step.
 */
export type RunStop =
  'done' | 'targets' | 'max-steps' | 'max-usd' | 'max-minutes' | 'plan-removed' | ErrorCode;

export interface RunReport {
  /** Steps that did something: waits and killed ones don't count. */
  readonly steps: number;
  /** What became of items, and how many plans were made and archived. */
  readonly counts: Readonly<Record<Outcome, number>>;
  /** What was booked while the run went on, also by steps that were killed. */
  readonly usage: Usage;
  readonly stopped: RunStop;
  /** A sentence or two; null when `stopped` says it all. */
  readonly reason: string | null;
  /** ISO 8601; when a later run can go on, where known. */
  readonly retryAt: string | null;
}

/** 130 when interrupted; 1 with any new `[!]`; 0 when done or at a limit of its own; else that of what stopped it. */
export function exitStatusOfRun({ counts, stopped }: Pick<RunReport, 'counts' | 'stopped'>): number {
  if (stopped === 'interrupted') return exitStatus.interrupted;
  if (counts.failed > 0) return 1;
  return isErrorCode(stopped) ? exitStatus[stopped] : 0;
}

/** Whether something stopped the run, other than its own end. */
export function isErrorCode(stopped: RunStop): stopped is ErrorCode {
  return stopped in exitStatus;
}
