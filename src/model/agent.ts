/** How one headless run of the coding agent ended. */
import type { ModelMessage } from './usage.js';

/** Why a run ended without a usable result although the agent itself could run. */
export type AgentFailure =
  | 'max_turns'
  | 'max_budget'
  | 'refusal'
  | 'prompt_too_long'
  | 'no_result'
  | 'no_structured_output'
  | 'nothing_asked'
  | 'wall_timeout'
  | 'idle_timeout'
  | 'api_error'
  | 'crashed';

/** Why the same run may succeed later without anybody doing anything. */
export type WaitReason = 'usage_limit' | 'rate_limit' | 'overloaded' | 'network';

export type AgentOutcome =
  | { readonly kind: 'completed'; readonly text: string; readonly structured: unknown }
  | { readonly kind: 'failed'; readonly failure: AgentFailure; readonly detail: string }
  | {
      readonly kind: 'waiting';
      readonly reason: WaitReason;
      readonly detail: string;
      readonly retryAt: Date | null;
    }
  | { readonly kind: 'not_ready'; readonly detail: string; readonly hint: string };

/** The whole of a run: its outcome, and what was paid whatever the outcome. */
export interface AgentReport {
  readonly outcome: AgentOutcome;
  readonly sessionId: string;
  readonly turns: number;
  readonly durationMs: number;
  /** What the binary itself says it cost, USD; null when it died before saying. */
  readonly reportedCostUsd: number | null;
  readonly messages: readonly ModelMessage[];
  readonly permissionDenials: number;
}
