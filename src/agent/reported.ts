/** The binary's own sums of a run, made comparable with its messages. Pure. */
import type { ReportedUsage } from '../model/ledger.js';
import { addTokens, sumTokens } from '../model/usage.js';
import type { TokenCounts } from '../model/usage.js';
import type { RunResult } from './result.js';

interface Counted {
  readonly reported: ReportedUsage;
  /** The session's earlier runs were taken off, and with them only what is known of those. */
  readonly wasCumulative: boolean;
}

/**
 * What the binary counted in the run alone. Some versions add up a session's runs (2.1.329 does, 2.1.197 doesn't): sums
 * that hold everything of the earlier runs and of this one are taken for such, and the earlier ones' part is taken off.
 * Its price is lost with that, since nobody knows what the binary had charged for it.
 *
 * @param own - the run's messages that were answered to the end, added up.
 * @param earlier - the same of the session's earlier runs.
 */
export function reportedUsage(
  result: Pick<RunResult, 'modelUsage' | 'costUsd'>,
  own: TokenCounts,
  earlier: TokenCounts,
): Counted {
  const whole = withoutSplit(sumTokens(Object.values(result.modelUsage)));
  const before = withoutSplit(earlier);
  const both = withoutSplit(addTokens(own, earlier));
  const hasEarlier = kinds.some((kind) => before[kind] > 0);
  const isCumulative = hasEarlier && kinds.every((kind) => whole[kind] >= both[kind]);
  return isCumulative
    ? { reported: { ...less(whole, before), costUsd: null }, wasCumulative: true }
    : { reported: { ...whole, costUsd: result.costUsd }, wasCumulative: false };
}

/** What was counted beyond the run's own messages, kind by kind; null: nothing. */
export function excess(reported: ReportedUsage, own: TokenCounts): TokenCounts | null {
  const over = less(reported, withoutSplit(own));
  if (kinds.every((kind) => over[kind] <= 0)) return null;
  return {
    input: Math.max(0, over.input),
    output: Math.max(0, over.output),
    cacheRead: Math.max(0, over.cacheRead),
    // The sums don't tell the two kinds of cache writes apart.
    cacheWrite5m: Math.max(0, over.cacheWrite),
    cacheWrite1h: 0,
  };
}

const kinds = ['input', 'output', 'cacheRead', 'cacheWrite'] as const;

type Unsplit = Omit<ReportedUsage, 'costUsd'>;

function withoutSplit({ cacheWrite5m, cacheWrite1h, ...counts }: TokenCounts): Unsplit {
  return { ...counts, cacheWrite: cacheWrite5m + cacheWrite1h };
}

function less(whole: Unsplit, part: Unsplit): Unsplit {
  return {
    input: whole.input - part.input,
    output: whole.output - part.output,
    cacheRead: whole.cacheRead - part.cacheRead,
    cacheWrite: whole.cacheWrite - part.cacheWrite,
  };
}
