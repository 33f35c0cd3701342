/**
 * The API's prompt cache, simulated: which part of a prompt is read, written or plain input. Prefixes are matched
 * block by block in the order tools, system, messages, per model. Rules and figures: the API's prompt caching
 * guide as of 2026-11.
 */
import { createHash } from 'node:crypto';
import { cacheMinimum } from '../../model/cache-minimum.js';
import type { TokenCounts } from '../../model/usage.js';
import type { MessagesBody } from './messages-body.js';
import { blockTokens } from './tokens.js';

export interface PromptCache {
  /** Looks the prompt up at the instant when the request began; nothing is remembered before `settle`. */
  lookUp(body: MessagesBody, at: Date): CacheUse;
}

export interface CacheUse {
  readonly tokens: Omit<TokenCounts, 'output'>;
  /** What was written is readable from the moment the answer begins to stream, not sooner. */
  settle(): void;
}

type Ttl = '5m' | '1h';

const ttlMs: Readonly<Record<Ttl, number>> = { '5m': 5 * 60_000, '1h': 60 * 60_000 };

/** How many positions a breakpoint looks back for an entry, itself included. */
const lookback = 20;

/** The end of one block: the hash of everything up to it, its length, and the breakpoint if it carries one. */
interface Position {
  readonly hash: string;
  readonly tokens: number;
  readonly ttl: Ttl | null;
}

interface Entry {
  readonly ttl: Ttl;
  readonly expires: number;
}

export function createPromptCache(): PromptCache {
  const entries = new Map<string, Entry>();
  return {
    lookUp: (body, at) => {
      const positions = positionsOf(body);
      const isLive = (position: Position) => (entries.get(position.hash)?.expires ?? 0) > at.getTime();
      const split = splitPrompt(positions, cacheMinimum(body.model, null).tokens, isLive);
      const remember = (hash: string, ttl: Ttl) =>
        entries.set(hash, { ttl, expires: at.getTime() + ttlMs[ttl] });
      return {
        tokens: split.tokens,
        settle: () => {
          for (const { hash } of split.read) remember(hash, entries.get(hash)?.ttl ?? '5m');
          for (const { hash, ttl } of split.written) remember(hash, ttl ?? '5m');
        },
      };
    },
  };
}

interface Split {
  readonly tokens: Omit<TokenCounts, 'output'>;
  /** Entries that the hit refreshes, free of charge. */
  readonly read: readonly Position[];
  readonly written: readonly Position[];
}

/** Read up to the longest hit, 1 h writes up to the last such breakpoint, 5 m writes up to the last, then input. */
function splitPrompt(
  positions: readonly Position[],
  minimum: number,
  isLive: (position: Position) => boolean,
): Split {
  const breakpoints = positions.flatMap((position, index) =>
    position.ttl !== null && position.tokens >= minimum ? [index] : [],
  );
  const hit = Math.max(-1, ...breakpoints.map((index) => longestHit(positions, index, isLive)));
  const written = breakpoints.filter((index) => index > hit).flatMap((index) => positions[index] ?? []);
  const cacheRead = positions[hit]?.tokens ?? 0;
  const after1h = written.findLast((position) => position.ttl === '1h')?.tokens ?? cacheRead;
  const after5m = written.at(-1)?.tokens ?? after1h;
  const total = positions.at(-1)?.tokens ?? 0;
  return {
    tokens: {
      input: total - after5m,
      cacheRead,
      cacheWrite1h: after1h - cacheRead,
      cacheWrite5m: after5m - after1h,
    },
    read: positions.slice(0, hit + 1).filter(isLive),
    written,
  };
}

function longestHit(
  positions: readonly Position[],
  breakpoint: number,
  isLive: (position: Position) => boolean,
): number {
  const first = Math.max(0, breakpoint - lookback + 1);
  const found = positions.slice(first, breakpoint + 1).findLastIndex(isLive);
  return found === -1 ? -1 : first + found;
}

function positionsOf(body: MessagesBody): Position[] {
  // The format becomes a part of the prompt that nobody sees: another one is another prefix.
  const format = JSON.stringify(body.output_config?.format ?? null);
  const hash = createHash('sha256').update(body.model).update(format);
  let tokens = 0;
  const position = (part: Cacheable): Position => {
    const { cache_control: breakpoint, ...rest } = part;
    hash.update(JSON.stringify(rest));
    tokens += blockTokens(rest);
    return { hash: hash.copy().digest('hex'), tokens, ttl: breakpoint?.ttl ?? null };
  };
  const shared = [...body.tools, ...body.system.filter(isCounted)].map(position);
  // Changing tool_choice leaves tools and system alone and starts the messages afresh.
  hash.update(JSON.stringify(body.tool_choice ?? null));
  const messages = body.messages.flatMap((message) =>
    message.content.map((block) => {
      hash.update(message.role);
      return position(block);
    }),
  );
  return [...shared, ...messages];
}

interface Cacheable {
  readonly cache_control?: { readonly ttl: Ttl } | undefined;
}

/** Claude Code's billing line differs between conversations; the API takes it off before it matches prefixes. */
function isCounted(block: { readonly text?: string | undefined }): boolean {
  return block.text?.startsWith('x-anthropic-billing-header:') !== true;
}
