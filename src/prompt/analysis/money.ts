/** What a prompt costs with and without the cache: its own tokens, sent again with every request. Pure. */
import type { CacheMinimum } from '../../model/cache-minimum.js';
import type { Ttl } from '../../model/cache-mode.js';
import type { PromptCost } from '../../model/prompt-report.js';
import { costAt } from '../../model/rate.js';
import type { Rate } from '../../model/rate.js';

/** Prices of one model on one day. */
export interface Money {
  readonly model: string;
  /** `2026-11-21` */
  readonly asOf: string;
  /** For a request with so many tokens of prompt; null: no price. */
  readonly rate: (promptTokens: number) => Rate | null;
}

/** Tokens that are sent with each request. */
export interface Load {
  /** Tools and system prompt: equal for the items of a target. */
  readonly prefix: number;
  /** The item's own. */
  readonly message: number;
  /** Of each item. */
  readonly requests: number;
  readonly items: number;
}

export interface Caching {
  readonly ttl: Ttl;
  readonly minimum: CacheMinimum;
}

type Tokens = PromptCost['plan']['tokens'];

export function promptCost(load: Load, caching: Caching, money: Money): PromptCost {
  const { prefix, message, requests, items } = load;
  const whole = prefix + message;
  const rate = money.rate(whole);
  const usd = (tokens: Tokens): number | null =>
    rate === null ? null : costAt(rate, { ...tokens, output: 0 });
  const all = planTokens(load, caching);
  const write = writing(caching.ttl);
  const reach = reachOf(load, caching);
  const uncached = { ...none, input: whole };
  const first = reach === 'none' ? uncached : { ...none, [write]: whole };
  return {
    ...{ model: money.model, asOf: money.asOf, ...caching, reach },
    perRequest: {
      uncached: usd(uncached),
      first: usd(first),
      firstOfLater: usd(reach === 'shared' ? { ...none, cacheRead: prefix, [write]: message } : first),
      following: usd(reach === 'none' ? uncached : { ...none, cacheRead: whole }),
    },
    plan: {
      ...{ items, requests: items * requests, tokens: all },
      uncached: usd({ ...none, input: items * requests * whole }),
      cached: usd(all),
    },
  };
}

/** US dollars that a plan costs less with `after` than with `before`; null: no price. */
export function planSaving(before: Load, after: Load, caching: Caching, money: Money): number | null {
  const usd = (load: Load): number | null => promptCost(load, caching, money).plan.cached;
  const [now, then] = [usd(before), usd(after)];
  return now === null || then === null ? null : now - then;
}

const none: Tokens = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

/** Breakpoints stand behind tools and system prompt and behind the message: what is shorter than the minimum is not kept. */
function reachOf({ prefix, message }: Load, { ttl, minimum }: Caching): PromptCost['reach'] {
  if (ttl === 'off' || prefix + message < minimum.tokens) return 'none';
  return prefix < minimum.tokens ? 'own' : 'shared';
}

function planTokens(load: Load, caching: Caching): Tokens {
  const { prefix, message, requests, items } = load;
  const whole = prefix + message;
  const reach = reachOf(load, caching);
  if (reach === 'none' || items === 0) return { ...none, input: items * requests * whole };
  const following = items * Math.max(0, requests - 1) * whole;
  const later = items - 1;
  const written = reach === 'shared' ? whole + later * message : items * whole;
  const read = following + (reach === 'shared' ? later * prefix : 0);
  return { ...none, cacheRead: read, [writing(caching.ttl)]: written };
}

function writing(ttl: Ttl): 'cacheWrite5m' | 'cacheWrite1h' {
  return ttl === '1h' ? 'cacheWrite1h' : 'cacheWrite5m';
}
