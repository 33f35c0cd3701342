/** What the prompts of a conversation consist of, and what each part of them costs. Pure. */
import { costAt } from '../model/rate.js';
import type { Rate } from '../model/rate.js';
import { promptTokens } from '../model/usage.js';
import type { TokenCounts } from '../model/usage.js';
import type { Call, Request, Session, Thread } from './session.js';
import { testRunsOf } from './test-runs.js';
import type { TestRunAt } from './test-runs.js';

/** What a model asks for a request of so many prompt tokens at that time; null: nobody knows. */
export type RateOf = (model: string, prompt: number, at: Date | null) => Rate | null;

export interface Cost {
  readonly tokens: number;
  /** null when a model has no price. */
  readonly costUsd: number | null;
}

export interface WeighedSession extends Omit<Session, 'threads'> {
  readonly threads: readonly WeighedThread[];
}

export interface WeighedThread extends Thread {
  /** Prompt tokens of each request. */
  readonly contexts: readonly number[];
  readonly testRuns: readonly TestRunAt[];
  /** What the API asks for the request; null without a price, or when its output is a placeholder. */
  costOf(index: number): number | null;
  /** What the request sent again and what was answered: gone, had the request not been made. */
  sentAgain(index: number): Cost;
  /** Tokens of what the call's result put into the next prompt. */
  resultTokens(call: Call): number;
  /** What tokens cost that come into the prompt after a request and stay. */
  carried(index: number, tokens: number): Carried;
  /** What it costs that tokens were written, or sent uncached, that could have been read. */
  rewritten(index: number, tokens: number): Cost;
}

/** `requests`: how many later prompts hold them. */
export interface Carried extends Cost {
  readonly requests: number;
}

export function weigh(session: Session, rateOf: RateOf): WeighedSession {
  return { ...session, threads: session.threads.map((thread) => weighThread(thread, rateOf)) };
}

function weighThread(thread: Thread, rateOf: RateOf): WeighedThread {
  const { requests } = thread;
  const contexts = requests.map(({ tokens }) => promptTokens(tokens));
  const rates = requests.map((request, index) =>
    rateOf(request.model, contexts[index] ?? 0, instant(request)),
  );
  const added = addedTokens(requests, contexts);
  const ends = endsOfLife(requests, contexts);
  const reading = readingSums(requests, rates);
  return {
    ...thread,
    contexts,
    testRuns: testRunsOf(thread),
    costOf(index) {
      const request = requests[index];
      return request?.isOutputKnown === true ? priced(rates[index], request.tokens) : null;
    },
    sentAgain(index) {
      const tokens = requests[index]?.tokens ?? nothing;
      const again = { ...tokens, cacheWrite5m: 0, cacheWrite1h: 0 };
      return { tokens: again.input + again.cacheRead, costUsd: priced(rates[index], again) };
    },
    resultTokens: (call) => added.get(call) ?? 0,
    carried(index, tokens) {
      const last = ends[index] ?? index;
      const first = rates[index + 1];
      if (last === index) return { tokens: 0, costUsd: 0, requests: 0 };
      const write = first == null ? null : first[writeKind(requests[index + 1])];
      const read = reading.between(index + 2, last);
      const costUsd = write === null || read === null ? null : (tokens * (write + read)) / 1e6;
      return { tokens: tokens * (last - index), costUsd, requests: last - index };
    },
    rewritten(index, tokens) {
      const rate = rates[index];
      if (rate == null) return { tokens, costUsd: null };
      const premium = rate[writeKind(requests[index])] - rate.cacheRead;
      return { tokens, costUsd: (tokens * premium) / 1e6 };
    },
  };
}

const nothing: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

function instant({ at, sentAt }: Request): Date | null {
  const ms = at ?? sentAt;
  return ms === null ? null : new Date(ms);
}

function priced(rate: Rate | null | undefined, tokens: TokenCounts): number | null {
  return rate == null ? null : costAt(rate, tokens);
}

/** How a request brings in what is new to it. */
function writeKind(request: Request | undefined): 'input' | 'cacheWrite5m' | 'cacheWrite1h' {
  const { cacheWrite1h = 0, cacheWrite5m = 0 } = request?.tokens ?? {};
  if (cacheWrite1h > cacheWrite5m) return 'cacheWrite1h';
  return cacheWrite5m > 0 ? 'cacheWrite5m' : 'input';
}

/** Sums of what a token costs that is in every prompt from one request to another, without going over them each time. */
function readingSums(requests: readonly Request[], rates: readonly (Rate | null)[]) {
  const sums = [0];
  const unpriced = [0];
  for (const [index, { tokens }] of requests.entries()) {
    const rate = rates[index] ?? null;
    // Without a cache everything is input, every time.
    const each = rate === null ? 0 : tokens.cacheRead > 0 ? rate.cacheRead : rate.input;
    sums.push((sums[index] ?? 0) + each);
    unpriced.push((unpriced[index] ?? 0) + (rate === null ? 1 : 0));
  }
  const difference = (list: readonly number[], first: number, last: number): number =>
    last < first ? 0 : (list[last + 1] ?? 0) - (list[first] ?? 0);
  return {
    between: (first: number, last: number): number | null =>
      difference(unpriced, first, last) > 0 ? null : difference(sums, first, last),
  };
}

/** For each request the last one whose prompt holds what came in after it. */
function endsOfLife(requests: readonly Request[], contexts: readonly number[]): readonly number[] {
  const ends = new Array<number>(requests.length).fill(0);
  let end = requests.length - 1;
  for (let index = requests.length - 1; index >= 0; index -= 1) {
    ends[index] = end;
    if (isFreshStart(requests, contexts, index)) end = index - 1;
  }
  return ends;
}

/** A prompt that no longer holds the one before: it was summed up, or shrank to less than half. */
export function isFreshStart(
  requests: readonly Request[],
  contexts: readonly number[],
  index: number,
): boolean {
  if (index === 0) return false;
  return requests[index]?.follows === 'compaction' || (contexts[index] ?? 0) * 2 < (contexts[index - 1] ?? 0);
}

/** Characters per token of code and prose, where nothing measures them. */
const usualRatio = 3.5;

/** What the measured growth of a prompt may make of it before something else must have grown, or gone, as well. */
const plausible = { least: 1.5, most: 8 };

/**
 * Tokens of each result: its share, by characters, of what the next prompt grew by beyond the answer itself. Where that
 * measures nothing (no next prompt, a compaction, a growth that can't be these characters), the thread's own ratio.
 */
function addedTokens(requests: readonly Request[], contexts: readonly number[]): ReadonlyMap<Call, number> {
  const added = new Map<Call, number>();
  const unmeasured: Call[] = [];
  let characters = 0;
  let tokens = 0;
  for (const [index, request] of requests.entries()) {
    const results = request.calls.reduce((sum, { result }) => sum + (result?.characters ?? 0), 0);
    if (results === 0) continue;
    const ratio = measuredRatio(requests, contexts, { index, results });
    if (ratio === null) {
      unmeasured.push(...request.calls);
      continue;
    }
    characters += results;
    tokens += results / ratio;
    for (const call of request.calls) put(added, call, ratio);
  }
  const own = tokens > 0 ? characters / tokens : usualRatio;
  for (const call of unmeasured) put(added, call, own);
  return added;
}

function put(added: Map<Call, number>, call: Call, ratio: number): void {
  if (call.result !== null) added.set(call, Math.round(call.result.characters / ratio));
}

/** Characters per token in what came in after a request; null: the next prompt doesn't tell. */
function measuredRatio(
  requests: readonly Request[],
  contexts: readonly number[],
  { index, results }: { readonly index: number; readonly results: number },
): number | null {
  const [request, next] = [requests[index], requests[index + 1]];
  if (request === undefined || next === undefined || isFreshStart(requests, contexts, index + 1)) return null;
  const answer = request.isOutputKnown
    ? request.tokens.output
    : (request.textCharacters + request.thinkingCharacters) / usualRatio;
  const growth = (contexts[index + 1] ?? 0) - (contexts[index] ?? 0) - answer;
  const ratio = (results + next.otherCharacters) / growth;
  return ratio >= plausible.least && ratio <= plausible.most ? ratio : null;
}
