/** What `regen --json` prints of a step. */
import type { PullRequest } from './forge.js';
import type { Mode } from './plan.js';
import type { Usage } from './usage.js';
import type { CheckResult, Verdict } from './verdict.js';

export type Outcome =
  'planned' | 'shipped' | 'unchanged' | 'failed' | 'skipped' | 'waiting' | 'archived' | 'nothing';

/** What a failure leaves to look at. */
export interface Evidence {
  /** Where all of it is, relative to the repository's root. */
  readonly log: string;
  /** The end of what was said, secrets masked; empty when the reason says it all. */
  readonly lines: readonly string[];
  /** What to do: a sentence or a command. */
  readonly next: string;
}

export interface CheckSummary extends Pick<CheckResult, 'name' | 'ok' | 'durationMs'> {
  /** Left out when there are none. */
  readonly notes?: CheckResult['notes'];
}

/** What became of one of several items that were done together. */
export interface PackedItem {
  readonly id: string;
  readonly outcome: Outcome;
  readonly reason: string | null;
  /** What it was shipped with; null: it wasn't, or not as a pull request. */
  readonly pr: PullRequest | null;
}

export interface StepResult {
  readonly mode: Mode;
  readonly target: string | null;
  readonly item: string | null;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly attempt: number | null;
  readonly score: number | null;
  readonly verdict: Verdict | null;
  /** Of the worker: the last that it shipped; `items` have all of them. */
  readonly pr: PullRequest | null;
  readonly checks: readonly CheckSummary[];
  readonly usage: Usage;
  readonly durationMs: number;
  /** Items still to do after this step. */
  readonly remaining: number | null;
  /** ISO 8601; when a later invocation can go on. */
  readonly retryAt: string | null;
  /** Of a failed item; null for every other outcome. */
  readonly evidence: Evidence | null;
  /** Of the worker: each item that this step marked. */
  readonly items?: readonly PackedItem[];
}

/** Of all that it shipped, in their order. */
export function pullRequestsOf({ pr, items = [] }: Pick<StepResult, 'pr' | 'items'>): readonly PullRequest[] {
  const all = [...items.map((item) => item.pr), pr].filter((one) => one !== null);
  return [...new Map(all.map((one) => [one.url, one])).values()];
}

/** The exit status that goes with an outcome. */
export function exitStatusOf(outcome: Outcome): 0 | 1 | 75 {
  if (outcome === 'failed') return 1;
  return outcome === 'waiting' ? 75 : 0;
}
