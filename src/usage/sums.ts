/** Adding rows up in place: a ledger may have a million of them, and an object for each sum would be most of the work. */
import type { LedgerGroup, LedgerRow, MessageRow } from '../model/ledger.js';
import { promptTokens } from '../model/usage.js';
import type { TokenCounts, Usage } from '../model/usage.js';
import { ownText } from './own-text.js';
import { savingAt } from './prices.js';
import type { Rates } from './rates.js';

export interface Sums {
  readonly all: Counted;
  /** null: there is none. */
  estimated: Counted | null;
  readonly sessions: Set<string>;
  peakContext: number;
  durationMs: number;
  /** null once a request took part that has no price. */
  netCacheSavingUsd: number | null;
}

/** What requests used, those without a price counted apart. */
export type Counted = { -readonly [Key in keyof TokenCounts]: TokenCounts[Key] } & {
  requests: number;
  pricedUsd: number;
  unpriced: number;
};

export function noSums(): Sums {
  return {
    all: nothing(),
    estimated: null,
    sessions: new Set(),
    peakContext: 0,
    durationMs: 0,
    netCacheSavingUsd: 0,
  };
}

/** Of a run only the time counts: its messages have rows of their own. */
export function addRow(sums: Sums, row: LedgerRow, rates: Rates): void {
  if (row.kind === 'run') sums.durationMs += row.durationMs;
  else {
    addMessage(sums, row, rates);
    addSession(sums, row.session);
  }
}

/** Without its session. */
export function addMessage(sums: Sums, row: MessageRow, rates: Rates): void {
  count(sums.all, row);
  if (row.isEstimate) count((sums.estimated ??= nothing()), row);
  const prompt = promptTokens(row);
  if (prompt > sums.peakContext) sums.peakContext = prompt;
  if (sums.netCacheSavingUsd === null) return;
  const rate = rates(row.model, prompt, row.at);
  sums.netCacheSavingUsd = rate === null ? null : sums.netCacheSavingUsd + savingAt(rate, row);
}

export function addSession({ sessions }: Sums, session: string): void {
  if (!sessions.has(session)) sessions.add(ownText(session));
}

/** What several sums come to together: a session that two of them have is one. */
export function togetherOf(parts: Iterable<Sums>): Sums {
  const whole = noSums();
  for (const part of parts) {
    addCounted(whole.all, part.all);
    if (part.estimated !== null) addCounted((whole.estimated ??= nothing()), part.estimated);
    for (const session of part.sessions) whole.sessions.add(session);
    whole.peakContext = Math.max(whole.peakContext, part.peakContext);
    whole.durationMs += part.durationMs;
    whole.netCacheSavingUsd =
      whole.netCacheSavingUsd === null || part.netCacheSavingUsd === null
        ? null
        : whole.netCacheSavingUsd + part.netCacheSavingUsd;
  }
  return whole;
}

export function groupOf(key: string | null, sums: Sums): LedgerGroup {
  return {
    key,
    usage: usageOf(sums.all),
    estimated: usageOf(sums.estimated ?? nothing()),
    pricedUsd: sums.all.pricedUsd,
    unpricedRequests: sums.all.unpriced,
    sessions: sums.sessions.size,
    peakContext: sums.peakContext,
    durationMs: sums.durationMs,
    netCacheSavingUsd: sums.netCacheSavingUsd,
  };
}

function nothing(): Counted {
  return {
    requests: 0,
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    pricedUsd: 0,
    unpriced: 0,
  };
}

function addCounted(sum: Counted, part: Counted): void {
  sum.requests += part.requests;
  sum.input += part.input;
  sum.output += part.output;
  sum.cacheRead += part.cacheRead;
  sum.cacheWrite5m += part.cacheWrite5m;
  sum.cacheWrite1h += part.cacheWrite1h;
  sum.pricedUsd += part.pricedUsd;
  sum.unpriced += part.unpriced;
}

function count(counted: Counted, row: MessageRow): void {
  counted.requests += 1;
  counted.input += row.input;
  counted.output += row.output;
  counted.cacheRead += row.cacheRead;
  counted.cacheWrite5m += row.cacheWrite5m;
  counted.cacheWrite1h += row.cacheWrite1h;
  if (row.costUsd === null) counted.unpriced += 1;
  else counted.pricedUsd += row.costUsd;
}

function usageOf({ pricedUsd, unpriced, ...counts }: Counted): Usage {
  return { ...counts, costUsd: unpriced > 0 ? null : pricedUsd };
}
