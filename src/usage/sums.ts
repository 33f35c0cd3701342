/** What a group of rows comes to, added up in place. */
import { equalPart } from '../model/apportion.js';
import type { PartPlace } from '../model/apportion.js';
import { requestPrompt } from '../model/ledger.js';
import type { LedgerGroup, LedgerRow, MessageRow } from '../model/ledger.js';
import { noUsage, promptTokens } from '../model/usage.js';
import { addCounted, count, nothingCounted, partOf, usageOfCounted } from './counted.js';
import type { Counted } from './counted.js';
import { ownText } from './own-text.js';
import { batchFactor } from './price-table.js';
import { savingAt } from './prices.js';
import type { Rates } from './rates.js';

export interface Sums {
  readonly all: Counted;
  /** null: there is none. */
  estimated: Counted | null;
  /** The first one; null: there is none. */
  session: string | null;
  /** null: there is none. Most groups of a long ledger's sessions have one session each. */
  otherSessions: Set<string> | null;
  peakContext: number;
  durationMs: number;
  /** null once a request took part that has no price. */
  netCacheSavingUsd: number | null;
}

export function noSums(): Sums {
  return {
    all: nothingCounted(),
    estimated: null,
    session: null,
    otherSessions: null,
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

/**
 * Without its session.
 *
 * @param part - what is added of it; null: all of it. Its prompt is as long for each of those that share it.
 */
export function addMessage(sums: Sums, row: MessageRow, rates: Rates, part: Counted | null = null): void {
  addTo(sums.all, row, part);
  if (row.isEstimate) addTo((sums.estimated ??= nothingCounted()), row, part);
  const prompt = promptTokens(row);
  if (prompt > sums.peakContext) sums.peakContext = Math.max(sums.peakContext, requestPrompt(row));
  if (sums.netCacheSavingUsd === null) return;
  const rate = rates(row.model, prompt, row.at);
  const factor = row.isBatch === true ? batchFactor : 1;
  sums.netCacheSavingUsd =
    rate === null ? null : sums.netCacheSavingUsd + factor * savingAt(rate, part ?? row);
}

function addTo(counted: Counted, row: MessageRow, part: Counted | null): void {
  if (part === null) count(counted, row);
  else addCounted(counted, part);
}

/** What one of those that share a row equally has of it. */
export function addPart(sums: Sums, row: LedgerRow, rates: Rates, place: PartPlace): void {
  if (row.kind === 'run') sums.durationMs += equalPart(row.durationMs, place);
  else {
    addMessage(sums, row, rates, partOf(row, place));
    addSession(sums, row.session);
  }
}

export function addSession(sums: Sums, session: string): void {
  if (sums.session !== session && sums.otherSessions?.has(session) !== true)
    addOwnText(sums, ownText(session));
}

function addOwnText(sums: Sums, session: string): void {
  if (sums.session === null) sums.session = session;
  else if (sums.session !== session) (sums.otherSessions ??= new Set()).add(session);
}

/** What several sums come to together: a session that two of them have is one. */
export function togetherOf(parts: Iterable<Sums>): Sums {
  const whole = noSums();
  for (const part of parts) {
    addCounted(whole.all, part.all);
    if (part.estimated !== null) addCounted((whole.estimated ??= nothingCounted()), part.estimated);
    if (part.session !== null) addOwnText(whole, part.session);
    for (const session of part.otherSessions ?? []) addOwnText(whole, session);
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
    usage: usageOfCounted(sums.all),
    estimated: sums.estimated === null ? noUsage : usageOfCounted(sums.estimated),
    pricedUsd: sums.all.pricedUsd,
    unpricedRequests: sums.all.unpriced,
    sessions: (sums.session === null ? 0 : 1) + (sums.otherSessions?.size ?? 0),
    peakContext: sums.peakContext,
    durationMs: sums.durationMs,
    netCacheSavingUsd: sums.netCacheSavingUsd,
  };
}
