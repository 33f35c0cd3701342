/** Where a request wrote, or sent uncached, what it should have read from the cache; and why, as far as it shows. Pure. */
import type { Request } from './session.js';
import { written } from './tokens.js';
import { isFreshStart } from './weigh.js';
import type { WeighedThread } from './weigh.js';

export interface Miss {
  /** Of the request, from 0. */
  readonly index: number;
  /** Tokens that were in the cache after the request before, and were not read. */
  readonly tokens: number;
  /** What was read all the same. */
  readonly read: number;
  readonly cause: MissCause;
  /** Between this request and the one before; null: the records have no times. */
  readonly gapMs: number | null;
}

export type MissCause = 'expired' | 'model' | 'version' | 'tools' | 'compaction' | 'lookback' | 'unknown';

/** The cache's time to live runs from one request to the next. */
export const fiveMinutes = 5 * 60_000;
const oneHour = 60 * 60_000;

/** Less than this is how breakpoints fall, not a miss. */
const least = { tokens: 1000, share: 0.05 };

export function missesOf(thread: WeighedThread): readonly Miss[] {
  return thread.requests.flatMap((request, index) => {
    const before = thread.requests[index - 1];
    if (before === undefined) return [];
    const cached = stillSent(thread, index, before);
    const expected = Math.min(cached, thread.contexts[index] ?? 0);
    const tokens = expected - request.tokens.cacheRead;
    if (tokens <= Math.max(least.tokens, expected * least.share)) return [];
    const gapMs = gapBefore(thread.requests, index);
    const cause = causeOf(thread, index, gapMs);
    return [{ index, tokens, read: request.tokens.cacheRead, cause, gapMs }];
  });
}

/** What of the prompt before comes again: all of it, or after a summary what every session begins with. */
function stillSent({ requests }: WeighedThread, index: number, before: Request): number {
  const cached = before.tokens.cacheRead + written(before.tokens);
  if (requests[index]?.follows !== 'compaction') return cached;
  return Math.min(cached, requests[0]?.tokens.cacheRead ?? 0);
}

/** From the request before to this one, as sent; where that isn't known, as answered. */
export function gapBefore(requests: readonly Request[], index: number): number | null {
  const [before, request] = [requests[index - 1], requests[index]];
  const from = before?.sentAt ?? before?.at;
  const to = request?.sentAt ?? request?.at;
  return from == null || to == null ? null : to - from;
}

function causeOf(thread: WeighedThread, index: number, gapMs: number | null): MissCause {
  const { requests, contexts } = thread;
  const [before, request] = [requests[index - 1], requests[index]];
  if (before === undefined || request === undefined) return 'unknown';
  if (isFreshStart(requests, contexts, index)) return 'compaction';
  if (before.model !== request.model) return 'model';
  if (gapMs !== null && gapMs >= (writesForAnHour(requests, index) ? oneHour : fiveMinutes)) return 'expired';
  const [versionBefore, toolsBefore] = before.setup.split(' ');
  const [version, tools] = request.setup.split(' ');
  if (version !== versionBefore) return 'version';
  if (tools !== toolsBefore) return 'tools';
  return before.calls.length >= callsBeyondLookback ? 'lookback' : 'unknown';
}

/** A breakpoint finds entries up to 20 blocks back, and a call and its result are two. */
const callsBeyondLookback = 10;

function writesForAnHour(requests: readonly Request[], index: number): boolean {
  for (let back = index - 1; back >= 0; back -= 1) {
    const tokens = requests[back]?.tokens;
    if (tokens !== undefined && written(tokens) > 0) return tokens.cacheWrite1h > 0;
  }
  return false;
}
