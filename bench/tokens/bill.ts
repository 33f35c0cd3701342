/** What a plan's runs came to on the wire and on the bill. */
import { costOf } from '../../src/usage/prices.js';
import type { ScriptedModel } from '../../src/demo/model/server.js';
import { blockTokens } from '../../src/demo/model/tokens.js';
import { promptTokens, sumTokens } from '../../src/model/usage.js';
import type { TokenCounts } from '../../src/model/usage.js';

export interface PlanBill {
  readonly sessions: readonly SessionBill[];
  readonly requests: number;
  /** Of request bodies. */
  readonly bytes: number;
  readonly tokens: TokenCounts;
  readonly costUsd: number;
}

export interface SessionBill {
  readonly requests: readonly RequestBill[];
  /** The largest prompt, in tokens. */
  readonly peak: number;
}

export interface RequestBill {
  readonly model: string;
  readonly at: Date;
  readonly bytes: number;
  readonly tokens: TokenCounts;
  /** Tokens of tools and system: what all items share. */
  readonly shared: number;
  /** Bytes of tools and system. */
  readonly sharedBytes: number;
}

/** In the order of the sessions. Claude Code's own small requests are part of the bill. */
export function billOf(model: ScriptedModel): PlanBill {
  const asked = model.requests.filter(({ scripted }) => scripted !== null);
  if (asked.length !== model.bill.length) throw new Error('a request was not answered');
  const sessions = new Map<string, RequestBill[]>();
  for (const [index, { body, scripted }] of asked.entries()) {
    const entry = model.bill[index];
    if (entry === undefined || scripted === null) continue;
    const { system, tools } = scripted.request.body;
    const shared = [...tools, ...system];
    const request: RequestBill = {
      model: entry.model,
      at: entry.at,
      bytes: body.length,
      tokens: entry.tokens,
      shared: shared.reduce((sum, block) => sum + blockTokens(withoutMark(block)), 0),
      sharedBytes: Buffer.byteLength(JSON.stringify(tools)) + Buffer.byteLength(JSON.stringify(system)),
    };
    const key = entry.sessionId ?? '';
    sessions.set(key, [...(sessions.get(key) ?? []), request]);
  }
  const bills = [...sessions.values()].map((requests) => ({
    requests,
    peak: Math.max(...requests.map(promptOf)),
  }));
  const all = bills.flatMap(({ requests }) => requests);
  return {
    sessions: bills,
    requests: all.length,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    tokens: sumTokens(all.map(({ tokens }) => tokens)),
    costUsd: all.reduce((sum, request) => sum + priceOf(request, request.tokens), 0),
  };
}

/**
 * What the same requests would cost at the least: everything shared is read from the cache in each of them, every token of
 * the item's own is written to it once and read by each later request, and the last request writes nothing.
 */
export function floorUsd({ sessions }: PlanBill): number {
  return sessions.reduce((sum, { requests }) => {
    let known = requests[0]?.shared ?? 0;
    const usd = requests.map((request, index) => {
      const prompt = promptOf(request);
      const added = Math.max(0, prompt - known);
      const isLast = index === requests.length - 1;
      const tokens = {
        input: isLast ? added : 0,
        output: request.tokens.output,
        cacheRead: Math.min(known, prompt),
        cacheWrite5m: isLast ? 0 : added,
        cacheWrite1h: 0,
      };
      known = prompt;
      return priceOf(request, tokens);
    });
    return sum + usd.reduce((one, other) => one + other, 0);
  }, 0);
}

/** The share of the prefix that the sessions after the first read from the cache in their first request. */
export function reuse({ sessions }: PlanBill): number {
  const later = sessions.slice(1).flatMap(({ requests }) => requests[0] ?? []);
  return Math.min(...later.map(({ shared, tokens }) => Math.min(1, tokens.cacheRead / shared)));
}

function promptOf({ tokens }: RequestBill): number {
  return promptTokens(tokens);
}

function priceOf({ model, at }: RequestBill, tokens: TokenCounts): number {
  const usd = costOf({ model, tokens, at }, {});
  if (usd === null) throw new Error(`${model} has no price`);
  return usd;
}

function withoutMark(block: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(block).filter(([name]) => name !== 'cache_control'));
}
