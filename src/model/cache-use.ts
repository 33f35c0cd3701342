/** What became of the cached prefix in a run's first request. Pure. */
import { ttlMs } from './cache-mode.js';
import type { Ttl } from './cache-mode.js';
import { promptTokens } from './usage.js';
import type { TokenCounts } from './usage.js';

/**
 * `warm`: read; `written`: nobody had used it lately; `drifted`: written or sent uncached although it should have been
 * there; `too-short`: under what the model caches; `off`: no caching took part.
 */
export type CacheUse = 'warm' | 'written' | 'drifted' | 'too-short' | 'off';

/** A prefix in tokens. */
export interface PrefixSize {
  /** With the tools' schemas and everything else that stands before the message. */
  readonly whole: number;
  /** What is cached even if our own texts changed. */
  readonly tools: number;
}

/** In characters, which a request's own count then turns into tokens. */
export interface PromptCharacters extends PrefixSize {
  /** null: a session that is gone on with, whose conversation nobody measured. */
  readonly message: number | null;
}

export interface CacheFacts {
  /** As the run was started. */
  readonly ttl: Ttl;
  readonly startedAt: Date;
  /** What the run's first request came to. */
  readonly first: TokenCounts;
  readonly characters: PromptCharacters;
  /** The shortest prefix that the model caches, in tokens. */
  readonly minimum: number;
  /** When the same prefix was last read or written by the same model, before the run; null: never. */
  readonly lastUse: LastUse | null;
}

export interface LastUse {
  readonly at: Date;
  readonly ttl: '5m' | '1h';
}

export function cacheUseOf({ first, ttl, ...facts }: CacheFacts): CacheUse {
  if (ttl === 'off') return 'off';
  const size = sizeIn(first, facts.characters);
  if (first.cacheRead >= (size.tools + size.whole) / 2) return 'warm';
  if (size.whole < facts.minimum) return 'too-short';
  if (promptTokens(first) === first.input) return 'off'; // the server knows no cache
  return isWarm(facts.lastUse, facts.startedAt) ? 'drifted' : 'written';
}

/**
 * The time to live runs from the beginning of a request, and what is on record is when it was answered: a minute is left
 * for that.
 */
export function isWarm(lastUse: LastUse | null, now: Date): boolean {
  if (lastUse === null || lastUse.at > now) return false;
  return now.getTime() - lastUse.at.getTime() < ttlMs[lastUse.ttl] - marginMs;
}

const marginMs = 60_000;

/** Code and prose, where nothing better is known. */
const usualCharactersPerToken = 3.5;

/** The request itself tells how many characters make a token. */
function sizeIn(first: TokenCounts, { whole, tools, message }: PromptCharacters): PrefixSize {
  const perToken = message === null ? usualCharactersPerToken : (whole + message) / promptTokens(first);
  return { whole: Math.round(whole / perToken), tools: Math.round(tools / perToken) };
}
