/** Whether a call gets the whole reference documents or what is found in them: what costs less. Pure. */
import { formatTokens, formatUsd } from '../model/format.js';

/** US dollars per token. */
export interface ReferenceRates {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export interface ReferenceFacts {
  /** All documents. */
  readonly fullTokens: number;
  /** What stands before them in the prefix and is the same in every call: tools, system prompt, rules. */
  readonly prefixTokens: number;
  /** Of these, what stands before the documents: a call reads it from the cache whether it gets all of them or not. */
  readonly sharedTokens: number;
  /** What is found, for one call. */
  readonly retrievedTokens: number;
  /** Whether that is as much as may be found, where only vectors could tell how much is. */
  readonly isRetrievedBound: boolean;
  /** Calls expected while what the first one writes is in the cache. */
  readonly calls: number;
  /** Of these calls, the ones that get all documents because too little is found. null: nobody can tell without paying. */
  readonly misses: number | null;
  /** null: the model has no price. */
  readonly rates: ReferenceRates | null;
  /** The shortest prefix that the model caches, in tokens. */
  readonly cacheMinimum: number;
  /** For what these calls would need embedded: documents that aren't yet, and the queries. null: it has no price. */
  readonly embeddingUsd: number | null;
  /** Tokens that a call has for references; null: nobody said how large the window is. */
  readonly roomTokens: number | null;
}

export interface ReferenceChoice {
  readonly use: 'full' | 'retrieved';
  /** US dollars for all calls, with the prefix and without items and answers. null: the model has no price. */
  readonly fullUsd: number | null;
  readonly retrievedUsd: number | null;
  readonly fits: boolean;
  /** A sentence with both numbers. */
  readonly why: string;
}

export type ReferenceUse = 'auto' | 'always' | 'never';

/**
 * The prefix is part of both sums: behind one that is too short to be cached by itself, the documents bring it into the
 * cache. Calls that miss share a prefix with all documents, which is part of the sum for what is found. The whole is what
 * the answers are best with, so that equal cost decides for it.
 */
export function chooseReferences(facts: ReferenceFacts, wanted: ReferenceUse = 'auto'): ReferenceChoice {
  const fullUsd = prefixUsd(facts.prefixTokens + facts.fullTokens, timesOf(facts), facts);
  const retrievedUsd = retrievedCost(facts);
  const fits = facts.roomTokens === null || facts.fullTokens <= facts.roomTokens;
  const sums = { fullUsd, retrievedUsd, fits };
  const { use, reason } = decide(sums, wanted);
  return { use, ...sums, why: `${reasonText(reason, facts)}: ${sumsText(sums, facts)}` };
}

type Sums = Pick<ReferenceChoice, 'fits' | 'fullUsd' | 'retrievedUsd'>;
type Reason = 'configured' | 'too-large' | 'no-price' | 'retrieved-cheaper' | 'full-no-dearer';
type Decision = Pick<ReferenceChoice, 'use'> & { readonly reason: Reason };

function decide({ fits, fullUsd, retrievedUsd }: Sums, wanted: ReferenceUse): Decision {
  if (wanted !== 'auto') return { use: wanted === 'always' ? 'retrieved' : 'full', reason: 'configured' };
  if (!fits) return { use: 'retrieved', reason: 'too-large' };
  if (fullUsd === null || retrievedUsd === null) return { use: 'full', reason: 'no-price' };
  return retrievedUsd < fullUsd
    ? { use: 'retrieved', reason: 'retrieved-cheaper' }
    : { use: 'full', reason: 'full-no-dearer' };
}

/** What is the same in these calls: written once and read from then on, or sent as plain input where that is cheaper. */
function prefixUsd(tokens: number, times: number, facts: ReferenceFacts): number | null {
  const { rates } = facts;
  if (rates === null) return null;
  return times > 0 && isCached(tokens, facts)
    ? tokens * rates.cacheWrite + (times - 1) * tokens * rates.cacheRead
    : times * tokens * rates.input;
}

/** A call writes what it has as long as others are to come, whichever of the two prefixes they have. */
function isCached(tokens: number, facts: ReferenceFacts): boolean {
  const { cacheMinimum, rates } = facts;
  const times = timesOf(facts);
  return (
    rates !== null &&
    tokens >= cacheMinimum &&
    rates.cacheWrite + (times - 1) * rates.cacheRead < times * rates.input
  );
}

function retrievedCost(facts: ReferenceFacts): number | null {
  const { prefixTokens, fullTokens, retrievedTokens, rates } = facts;
  const misses = missesOf(facts);
  const hits = timesOf(facts) - misses;
  const found = prefixUsd(prefixTokens, hits, facts);
  const missed = prefixUsd(prefixTokens + fullTokens, misses, facts);
  if (found === null || missed === null || rates === null) return null;
  const saved = hits > 0 && misses > 0 ? sharedUsd(facts) : 0;
  return found + missed - saved + hits * retrievedTokens * rates.input + (facts.embeddingUsd ?? 0);
}

/** What the second of the two prefixes doesn't write, since the first has. */
function sharedUsd(facts: ReferenceFacts): number {
  const { sharedTokens, rates } = facts;
  return rates === null || !isCached(sharedTokens, facts)
    ? 0
    : sharedTokens * (rates.cacheWrite - rates.cacheRead);
}

function timesOf({ calls }: ReferenceFacts): number {
  return Math.max(1, Math.round(calls));
}

function missesOf(facts: ReferenceFacts): number {
  return Math.min(timesOf(facts), facts.misses ?? 0);
}

function reasonText(reason: Reason, { fullTokens, roomTokens, isRetrievedBound }: ReferenceFacts): string {
  switch (reason) {
    case 'configured':
      return 'as regen.yaml says';
    case 'too-large':
      return `all references have ${formatTokens(fullTokens)} and a call has room for ${formatTokens(roomTokens ?? 0)}`;
    case 'no-price':
      return 'the model has no price to compare by, and all references fit';
    case 'retrieved-cheaper':
      return 'what is found costs less than all references';
    case 'full-no-dearer':
      return `all references cost no more than what is found${isRetrievedBound ? ' costs at most' : ''}`;
  }
}

function sumsText({ fullUsd, retrievedUsd }: Sums, facts: ReferenceFacts): string {
  const times = timesOf(facts);
  const per = `for ${times} ${times === 1 ? 'call' : 'calls'}`;
  const details = [per, ...missesText(facts)];
  if (facts.embeddingUsd === null) details.push('without its embeddings, which have no price');
  const bound = facts.isRetrievedBound && retrievedUsd !== null ? 'at most ' : '';
  return `${formatUsd(fullUsd)} for all, ${bound}${formatUsd(retrievedUsd)} for what is found (${details.join(', ')})`;
}

function missesText(facts: ReferenceFacts): readonly string[] {
  if (facts.misses === null)
    return ['without those that miss and get all, which only their vectors can tell'];
  const misses = missesOf(facts);
  return misses === 0 ? [] : [`${misses} of which ${misses === 1 ? 'misses and gets' : 'miss and get'} all`];
}
