/** Which time to live is the cheapest, by replaying what the ledger knows of earlier sessions under each. Pure. */
import { ttlMs } from './cache-mode.js';
import type { Ttl } from './cache-mode.js';
import type { TokenCounts } from './usage.js';

/** A session of the agent: an item's, with its repairs. */
export interface PastSession {
  /** Milliseconds since the prefix was last used by another one; null: never, as far as is known. */
  readonly gapMs: number | null;
  /** In their order. */
  readonly requests: readonly PastRequest[];
}

interface PastRequest {
  /** Milliseconds since the one before; 0 for the first. */
  readonly gapMs: number;
  /** Tokens of the whole prompt, cached or not. */
  readonly prompt: number;
}

export interface TtlChoice {
  readonly ttl: Ttl;
  /** US dollars per session for its prompts, answers left out; null: too little is known, or there is no price. */
  readonly usd: Readonly<Record<Ttl, number>> | null;
  readonly sessions: number;
}

/** US dollars of one request; null: the model has no price. */
export type PriceOf = (tokens: TokenCounts) => number | null;

/** With fewer sessions, or no gap between two of them, nothing can be expected. */
const fewestSessions = 3;

/**
 * An hour's writes cost twice the input, five minutes' 1.25 times, and that holds for every write of a conversation, not
 * for the prefix alone: so all requests are counted, with the gaps between them.
 */
export function chooseTtl(
  sessions: readonly PastSession[],
  prefixTokens: number,
  priceOf: PriceOf,
): TtlChoice {
  const known = { sessions: sessions.length };
  const isEnough = sessions.length >= fewestSessions && sessions.some(({ gapMs }) => gapMs !== null);
  if (!isEnough || priceOf(split('off', 0, prefixTokens)) === null) return { ttl: '5m', usd: null, ...known };
  const mean = (ttl: Ttl): number =>
    sessions.reduce((sum, session) => sum + sessionUsd(session, { ttl, prefixTokens, priceOf }), 0) /
    sessions.length;
  const usd = { '5m': mean('5m'), '1h': mean('1h'), off: mean('off') };
  const cheapest = (['1h', 'off'] as const).reduce<Ttl>(
    (best, ttl) => (usd[ttl] < usd[best] ? ttl : best),
    '5m',
  );
  return { ttl: cheapest, usd, ...known };
}

interface Terms {
  readonly ttl: Ttl;
  readonly prefixTokens: number;
  readonly priceOf: PriceOf;
}

function sessionUsd({ gapMs, requests }: PastSession, { ttl, prefixTokens, priceOf }: Terms): number {
  let usd = 0;
  let cached = prefixTokens;
  let sinceUse = gapMs ?? Infinity;
  for (const { gapMs: gap, prompt } of requests) {
    // After a summary the conversation begins anew behind the prefix.
    const shared = prompt < cached ? Math.min(prefixTokens, prompt) : cached;
    const isThere = Math.max(sinceUse, gap) < ttlMs[ttl];
    const read = isThere ? shared : 0;
    usd += priceOf(split(ttl, read, prompt - read)) ?? 0;
    cached = prompt;
    sinceUse = 0;
  }
  return usd;
}

function split(ttl: Ttl, cacheRead: number, rest: number): TokenCounts {
  return {
    input: ttl === 'off' ? rest : 0,
    output: 0,
    cacheRead,
    cacheWrite5m: ttl === '5m' ? rest : 0,
    cacheWrite1h: ttl === '1h' ? rest : 0,
  };
}
