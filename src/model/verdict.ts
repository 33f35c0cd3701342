/** What checks and evaluation say of an attempt. */

export type Verdict = 'APPROVED' | 'NEEDS_WORK' | 'REJECTED';

/** One check's result in one round. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  /** What the agent is told of a failure: at most 2,000 characters; null when it passed. */
  readonly digest: string | null;
  /** The full log, relative to the repository's root. */
  readonly log: string;
}
