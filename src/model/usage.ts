/** Tokens and money. Counts are whole tokens; costs are US dollars, unrounded. */

export interface TokenCounts {
  /** Uncached input tokens. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

/** What a set of model calls used; the shape of `usage` in every JSON document. */
export interface Usage extends TokenCounts {
  readonly requests: number;
  /** null when a model without a price took part: never a guess. */
  readonly costUsd: number | null;
}

export const noUsage: Usage = {
  requests: 0,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  costUsd: 0,
};

export function addUsage(left: Usage, right: Usage): Usage {
  return {
    requests: left.requests + right.requests,
    ...addTokens(left, right),
    costUsd: left.costUsd === null || right.costUsd === null ? null : left.costUsd + right.costUsd,
  };
}

/** What came since the part, which the whole has grown from. */
export function usageSince(whole: Usage, part: Usage): Usage {
  return {
    requests: whole.requests - part.requests,
    input: whole.input - part.input,
    output: whole.output - part.output,
    cacheRead: whole.cacheRead - part.cacheRead,
    cacheWrite5m: whole.cacheWrite5m - part.cacheWrite5m,
    cacheWrite1h: whole.cacheWrite1h - part.cacheWrite1h,
    costUsd: whole.costUsd === null || part.costUsd === null ? null : whole.costUsd - part.costUsd,
  };
}

/** Kind by kind. */
export function addTokens(left: TokenCounts, right: TokenCounts): TokenCounts {
  return {
    input: left.input + right.input,
    output: left.output + right.output,
    cacheRead: left.cacheRead + right.cacheRead,
    cacheWrite5m: left.cacheWrite5m + right.cacheWrite5m,
    cacheWrite1h: left.cacheWrite1h + right.cacheWrite1h,
  };
}

export const noTokens: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

/** Kind by kind, however many. */
export function sumTokens(counts: readonly TokenCounts[]): TokenCounts {
  return counts.reduce(addTokens, noTokens);
}

/** Every token of the usage, whatever its kind. */
export function totalTokens(usage: TokenCounts): number {
  return usage.input + usage.output + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

/** Part of a request may be all that an item has, and the request be counted for another. */
export function isNothing(usage: Usage): boolean {
  return usage.requests === 0 && totalTokens(usage) === 0;
}

/** What was sent: the whole prompt, cached or not. */
export function promptTokens(tokens: TokenCounts): number {
  return tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;
}

/** One answer of a model, as it was billed. A message is one row of the ledger, whatever its number of blocks. */
export interface ModelMessage {
  /** The API's message id: the key under which it is booked once. */
  readonly id: string;
  readonly model: string;
  readonly tokens: TokenCounts;
  /** Whether a subagent asked for it. */
  readonly isSidechain: boolean;
  /** A response in flight at a kill: its output is an estimate. */
  readonly isEstimate: boolean;
  /** It came through a batch, at half the price. */
  readonly isBatch?: boolean;
  /** When the answer was complete, as its transcript says; left out: nobody wrote it down. */
  readonly answeredAt?: Date;
}
