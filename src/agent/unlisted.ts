/** Calls that neither stream nor transcript list, such as summaries of fetched pages: known only as sums. */
import type { ReportedUsage } from '../model/ledger.js';
import { sumTokens } from '../model/usage.js';
import type { ModelMessage, TokenCounts } from '../model/usage.js';
import { excess } from './reported.js';
import type { RunResult } from './result.js';

export interface UnlistedFacts {
  /** Names the run among the session's. */
  readonly id: string;
  readonly modelUsage: RunResult['modelUsage'];
  /** What the binary counted in this run alone. */
  readonly reported: ReportedUsage;
  readonly messages: readonly ModelMessage[];
}

/**
 * What the binary's own sums hold beyond the listed messages, as one message, or null. It is an estimate, for which
 * model, which kind of cache write and how many calls it was isn't certain; a run's cross-check doesn't count it as
 * booked, so that the gap which it fills stays on show.
 */
export function unlistedMessage({ id, modelUsage, reported, messages }: UnlistedFacts): ModelMessage | null {
  const exact = messages.filter(({ isEstimate }) => !isEstimate);
  const own = sumTokens(exact.map((message) => message.tokens));
  const tokens = excess(reported, own);
  if (tokens === null) return null;
  return {
    ...{ id, isSidechain: true, isEstimate: true },
    model: modelOf(modelUsage, exact),
    tokens: keptAsLong(tokens, own),
  };
}

/** The one that nobody listed, else the first that counted more output than its messages have. */
function modelOf(modelUsage: UnlistedFacts['modelUsage'], exact: readonly ModelMessage[]): string {
  const listed = (name: string) => exact.filter(({ model }) => model === name).map(({ tokens }) => tokens);
  const models = Object.keys(modelUsage);
  return (
    models.find((name) => listed(name).length === 0) ??
    models.find((name) => (modelUsage[name]?.output ?? 0) > sumTokens(listed(name)).output) ??
    models[0] ??
    'unknown'
  );
}

/** The sums don't tell the two kinds of cache writes apart: taken for what the run's other writes mostly were. */
function keptAsLong(tokens: TokenCounts, own: TokenCounts): TokenCounts {
  if (own.cacheWrite1h <= own.cacheWrite5m) return tokens;
  return { ...tokens, cacheWrite5m: 0, cacheWrite1h: tokens.cacheWrite5m + tokens.cacheWrite1h };
}
