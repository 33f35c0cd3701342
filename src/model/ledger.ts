/** The rows of the ledger, `.regen/ledger.jsonl`: every model call that was paid for, and every run that paid for some. */
import { promptTokens } from './usage.js';
import type { Ttl } from './cache-mode.js';
import type { CacheUse } from './cache-use.js';
import type { TokenCounts, Usage } from './usage.js';

/** One line of the file. */
export type LedgerRow = MessageRow | RunRow;

/** Whose it is. */
interface RowPlace {
  readonly v: 2;
  /**
   * ISO 8601, UTC: when the message was answered, or the run ended, where that is known; else when it was booked. It
   * decides day and price, and isn't in the order of the file: what a killed run said is booked by the next step.
   */
  readonly at: string;
  readonly plan: string;
  readonly target: string;
  /** null: nothing that belongs to one item. */
  readonly item: string | null;
  readonly stage: string;
  readonly round: number;
  readonly attempt: string | null;
  readonly session: string;
  /** Of what several items of the target share, a session's turn or a pack: them. It is booked once, with no item of its own. */
  readonly sharedBy?: readonly string[];
}

/** The stage of what an interactive session says while it drives items (`regen item …`). */
export const sessionStage = 'session';

/** `plan` of what a session says for no item, and of a bench: it belongs to no plan, and no budget is spent by it. */
export const noPlan = '';

/** One message of a model. All sums are sums of these. */
export interface MessageRow extends RowPlace, TokenCounts {
  readonly kind: 'message';
  /** The API's message id: a row's key together with the session. */
  readonly message: string;
  readonly model: string;
  /** US dollars, unrounded; null when the model has no price. */
  readonly costUsd: number | null;
  readonly prefixHash: string | null;
  readonly isSidechain: boolean;
  readonly isEstimate: boolean;
  /** It came through a batch, at half the price. */
  readonly isBatch?: true;
}

/**
 * The items that a row is for in equal parts; none: it is all its own item's, or a turn of a session, which several share
 * by another rule (step/token-table.ts).
 */
export function sharersOf({ item, stage, sharedBy = [] }: LedgerRow): readonly string[] {
  return item === null && stage !== sessionStage ? sharedBy : [];
}

/** What one message used: one request. */
export function usageOf(row: MessageRow): Usage {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd } = row;
  return { requests: 1, input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd };
}

/**
 * The prompt of the request, in tokens. 0 for the sum of calls that nobody lists (agent/unlisted.ts): it has none of its
 * own.
 */
export function requestPrompt(row: MessageRow): number {
  return row.isEstimate && row.message.endsWith(':unlisted') ? 0 : promptTokens(row);
}

/** One process of the agent: what its messages came to, and what it said itself. Adds nothing to any sum. */
export interface RunRow extends RowPlace {
  readonly kind: 'run';
  /** The run's folder below the attempt's: a row's key together with the session. */
  readonly run: string;
  /** `completed`, why it failed or waits, `interrupted`, or `killed` when regen was killed with it. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly prefixHash: string | null;
  /** What became of the cached prefix in its first request; left out: nobody looked. */
  readonly cache?: CacheUse;
  /** What differs from the run that left the prefix in the cache; only on `drifted`. */
  readonly drift?: string;
  /** How long what it wrote was to stay cached; left out: written by an older version, or Claude Code chose. */
  readonly ttl?: Ttl;
  /** Of its messages, estimates included. */
  readonly usage: Usage;
  /** Of the estimates alone. */
  readonly estimated: Usage;
  /** The largest prompt of its messages, in tokens. */
  readonly peakContext: number;
  /** What the binary said itself; null when it died before saying. */
  readonly reported: ReportedUsage | null;
  /**
   * `reported` less what was booked exactly, where any count of tokens differs, also when estimates fill the gap; null:
   * they agree, or nothing was reported. Another price of the same tokens is none: the binary has a price list of its own.
   */
  readonly difference: ReportedUsage | null;
}

/** Claude Code's own sums. It doesn't tell cache writes of 5 minutes and 1 hour apart. */
export interface ReportedUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly costUsd: number | null;
}

/** Which rows to add up; a field left out means any. */
export interface LedgerFilter {
  readonly plan?: string;
  readonly target?: string;
  readonly item?: string;
  readonly attempt?: string;
  /** Rows at or after this instant. */
  readonly since?: Date;
  /** Without what sessions said for no item. */
  readonly ofPlans?: boolean;
}

/** Sums, grouped by item. */
export interface LedgerTotals {
  readonly all: Usage;
  readonly byItem: ReadonlyMap<string, Usage>;
}

/** What rows can be grouped by; a day is UTC. */
export const ledgerKeys = ['stage', 'item', 'target', 'model', 'session', 'day'] as const;

export type LedgerKey = (typeof ledgerKeys)[number];

/** And what the line asks for besides: an attempt's UUID says nothing to a person. */
export type GroupKey = LedgerKey | 'attempt';

/** The sums of a group of rows. */
export interface LedgerGroup {
  /** null: rows that have no such thing, as a target's planning has no item. */
  readonly key: string | null;
  /** Estimates included. */
  readonly usage: Usage;
  readonly estimated: Usage;
  /** US dollars of the requests that have a price: `usage.costUsd`, unless that is null. */
  readonly pricedUsd: number;
  /** How many requests have none; one that items share is one of each of them. */
  readonly unpricedRequests: number;
  readonly sessions: number;
  /** The largest prompt of a message, in tokens. */
  readonly peakContext: number;
  /** The time of its runs, one after the other. */
  readonly durationMs: number;
  /** US dollars that the cache saved, less the premium of its writes; null when a model has no price. */
  readonly netCacheSavingUsd: number | null;
}
