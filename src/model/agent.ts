/** One headless run of the coding agent: what it is given and how it ended. */
import type { Commission } from './attempt.js';
import type { Ttl } from './cache-mode.js';
import type { FileRead } from './file-read.js';
import type { ReportedUsage } from './ledger.js';
import type { ModelMessage } from './usage.js';
import type { WaitKind } from './wait.js';

/** Where a run takes place; the same for `run` and `recover`. */
export interface AgentPlace {
  readonly attempt: Commission;
  readonly cwd: string;
  /** Where the prompt, the stream and stderr of this run are kept, absolute; made by the run. */
  readonly directory: string;
}

export interface AgentRun extends AgentPlace {
  readonly prefix: string;
  readonly message: string;
  readonly model: string;
  /** Continue the attempt's session instead of starting it. */
  readonly resume: boolean;
  /** US dollars that the binary lets this run spend, by its own price list; null: no limit. */
  readonly maxUsd: number | null;
  /** Aborted when the run has used up what it may spend by ours: it is ended if it goes on all the same. */
  readonly moneyUsedUp?: AbortSignal;
  /** How long what is written stays cached; left out: as Claude Code chooses. */
  readonly ttl?: Ttl;
  /** Called when the first answer begins: from then on others can read what it wrote to the cache. */
  readonly onAnswering?: () => void;
  /** A JSON Schema: the answer comes as data that fits it. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** The prefix in parts, the most shared first, so that each can be cached by itself: the API can, Claude Code can't. */
  readonly parts?: readonly string[];
  /** Writes the prefix to the cache and asks for nothing: the API alone. */
  readonly isPrewarm?: boolean;
  /** A run that only looks, whatever agent.tools and agent.profile say: at `cwd`, and at these folders besides it. */
  readonly readOnly?: { readonly folders: readonly string[] };
}

/**
 * What is left of a session: `gone`, nothing is known of it; `unanswered`, the model never said a word, and so nothing was
 * done; `answered`, it can be gone on with.
 */
export type SessionState = 'gone' | 'unanswered' | 'answered';

/** What regen finds of a run that it was killed in. */
export interface RecoveredRun {
  /** What was paid. */
  readonly messages: readonly ModelMessage[];
  /** How the run ended when nobody watched any more; null: it didn't come to its own end. */
  readonly ended: Pick<AgentReport, 'outcome' | 'turns' | 'durationMs'> | null;
  /** What the binary itself counted; null when it died before saying. */
  readonly reported: ReportedUsage | null;
  /** The last sign of life in its files; null: there are none. */
  readonly lastSeenAt: Date | null;
}

/** Why a run ended without a usable result although the agent itself could run. */
export type AgentFailure =
  | 'max_turns'
  | 'max_tokens'
  | 'max_budget'
  | 'refusal'
  | 'prompt_too_long'
  | 'context_full'
  | 'no_result'
  | 'no_structured_output'
  | 'nothing_asked'
  | 'wall_timeout'
  | 'idle_timeout'
  | 'api_error'
  | 'session_lost'
  | 'session_taken'
  | 'crashed';

/** Why the same run may succeed later without anybody doing anything. */
export type WaitReason = Extract<WaitKind, 'usage_limit' | 'rate_limit' | 'overloaded' | 'network'>;

export type AgentOutcome =
  | { readonly kind: 'completed'; readonly text: string; readonly structured: unknown }
  | {
      readonly kind: 'failed';
      readonly failure: AgentFailure;
      readonly detail: string;
      /** What had been said when the answer reached its limit. */
      readonly text?: string;
    }
  | {
      readonly kind: 'waiting';
      readonly reason: WaitReason;
      readonly detail: string;
      readonly retryAt: Date | null;
    }
  | { readonly kind: 'not_ready'; readonly detail: string; readonly hint: string }
  /** Our own signal ended it. */
  | { readonly kind: 'interrupted' };

/** The whole of a run: its outcome, and what was paid whatever the outcome. */
export interface AgentReport {
  readonly outcome: AgentOutcome;
  readonly sessionId: string;
  readonly turns: number;
  readonly durationMs: number;
  /** What the binary itself counted in this run; null when it died before saying. */
  readonly reported: ReportedUsage | null;
  readonly messages: readonly ModelMessage[];
  readonly permissionDenials: number;
  /** What the Read tool was asked for, and answered before the structured answer was given, if there is one. */
  readonly reads: readonly FileRead[];
}
