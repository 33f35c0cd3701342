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
  /** What is found, for one call. */
  readonly retrievedTokens: number;
  /** Calls expected while what the first one writes is in the cache. */
  readonly calls: number;
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
 * cache. The whole is what the answers are best with, so that equal cost decides for it.
 */
export function chooseReferences(facts: ReferenceFacts, wanted: ReferenceUse = 'auto'): ReferenceChoice {
  const fullUsd = prefixUsd(facts.prefixTokens + facts.fullTokens, facts);
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

/** What is the same in every call: written once and read from then on, or sent as plain input where that is cheaper. */
function prefixUsd(tokens: number, { cacheMinimum, calls, rates }: ReferenceFacts): number | null {
  if (rates === null) return null;
  const times = Math.max(1, calls);
  const plain = times * tokens * rates.input;
  if (tokens < cacheMinimum) return plain;
  return Math.min(plain, tokens * rates.cacheWrite + (times - 1) * tokens * rates.cacheRead);
}

function retrievedCost(facts: ReferenceFacts): number | null {
  const prefix = prefixUsd(facts.prefixTokens, facts);
  if (prefix === null || facts.rates === null) return null;
  const sent = Math.max(1, facts.calls) * facts.retrievedTokens * facts.rates.input;
  return prefix + sent + (facts.embeddingUsd ?? 0);
}

function reasonText(reason: Reason, { fullTokens, roomTokens }: ReferenceFacts): string {
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
      return 'all references cost no more than what is found';
  }
}

function sumsText({ fullUsd, retrievedUsd }: Sums, { calls, embeddingUsd }: ReferenceFacts): string {
  const times = Math.max(1, Math.round(calls));
  const without = embeddingUsd === null ? ', without its embeddings, which have no price' : '';
  const per = `for ${times} ${times === 1 ? 'call' : 'calls'}`;
  return `${formatUsd(fullUsd)} for all, ${formatUsd(retrievedUsd)} for what is found (${per}${without})`;
}
