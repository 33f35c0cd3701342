/** The prompt of a pack: its segments, the ends of the cached parts, and the plan's money as packs and one by one. Pure. */
import type { CacheMinimum } from '../../model/cache-minimum.js';
import type { Ttl } from '../../model/cache-mode.js';
import type { PackCost, PackPromptReport } from '../../model/prompt-report.js';
import type { TokenScale } from '../../model/prompt-scale.js';
import type { WireReport } from '../../model/prompt-wire-report.js';
import type { PackPrompt } from '../../model/prompt.js';
import { costAt } from '../../model/rate.js';
import { noTokens, promptTokens } from '../../model/usage.js';
import type { TokenCounts } from '../../model/usage.js';
import type { Money } from './money.js';

/** An item's own tokens, in the message and in the answer. */
interface OwnTokens {
  readonly input: number;
  readonly output: number;
}

interface PlannedCall {
  readonly model: string;
  readonly items: readonly OwnTokens[];
  /** Tokens of its prefix: a call that misses the references has them all in it. */
  readonly prefix: number;
  /** Tokens of what is found of the references for it. */
  readonly found: number;
}

export interface PackQuestion {
  readonly target: string;
  readonly items: readonly string[];
  readonly base: string;
  readonly model: string;
  readonly prompt: PackPrompt;
  readonly scale: TokenScale;
  /** As billed; null: nobody knows. */
  readonly prefixTokens: number | null;
  /** Every call that the open items need, those of one model one after the other. */
  readonly calls: readonly PlannedCall[];
  /** The same with an item in each. */
  readonly singles: readonly PlannedCall[];
  readonly own: readonly OwnTokens[];
  readonly caching: Caching;
  /** Prices of a model. */
  readonly money: (model: string) => Money;
  readonly wire: WireReport | null;
}

interface Caching {
  readonly ttl: Ttl;
  /** Of a model. */
  readonly minimum: (model: string) => CacheMinimum;
  /** What a batch takes off the price. */
  readonly factor: number;
}

export function analysePack(question: PackQuestion): PackPromptReport {
  const { prompt, scale, prefixTokens, own } = question;
  const { prefix, prefixHash, message, segments } = prompt;
  const tokensOf = (characters: number): number => Math.ceil(characters / scale.charactersPerToken);
  const tokens = prefixTokens ?? tokensOf(prefix.length);
  const all = prefix.length + message.length;
  return {
    ...{ kind: 'pack', target: question.target, items: question.items, base: question.base },
    ...{ model: question.model, scale },
    segments: segments.map(({ layer, source, text }) => ({
      ...{ layer, source, characters: text.length, tokens: tokensOf(text.length) },
      share: text.length / Math.max(1, all),
    })),
    prefix: {
      ...{ characters: prefix.length, tokens, isMeasured: prefixTokens !== null, hash: prefixHash },
      parts: partsOf(prompt).map(({ endsWith, characters }) => ({
        ...{ endsWith, characters, tokens: tokensOf(characters) },
      })),
    },
    message: { characters: message.length, tokens: tokensOf(message.length) },
    answer: { tokens: sum(own, ({ output }) => output) },
    cost: costOf(question, tokens),
    wire: question.wire,
  };
}

/** Each part holds segments in their order, with a blank line between them. */
function partsOf({ parts, segments }: PackPrompt) {
  let next = 0;
  return parts.map((text) => {
    for (let length = -2; length < text.length && next < segments.length; next += 1)
      length += 2 + (segments[next]?.text.length ?? 0);
    return { endsWith: segments[next - 1]?.source ?? null, characters: text.length };
  });
}

function costOf(question: PackQuestion, prefix: number): PackCost {
  const { model, calls, singles, own, caching, money } = question;
  const { ttl, factor } = caching;
  const isCached = isKept(caching, model, prefix);
  const message = sum(own, ({ input }) => input) + foundTokens(question);
  const { asOf } = money(model);
  const books = { money, ...caching };
  const price = (tokens: Partial<TokenCounts>) => usdOf(books, model, { ...noTokens, ...tokens });
  const write = ttl === '1h' ? 'cacheWrite1h' : 'cacheWrite5m';
  const uncached = price({ input: prefix + message });
  return {
    ...{ model, asOf, ttl, minimum: caching.minimum(model), isCached, isBatch: factor !== 1 },
    perCall: {
      uncached,
      first: isCached ? price({ [write]: prefix, input: message }) : uncached,
      following: isCached ? price({ cacheRead: prefix, input: message }) : uncached,
    },
    plan: {
      items: singles.length,
      packs: callsCost(books, calls),
      singles: callsCost(books, singles),
      answers: total(
        calls.map((call) => {
          const output = sum(call.items, (item) => item.output);
          // The prompt decides on the tier.
          const prompt = call.prefix + messageTokens(call);
          return usdOf(books, call.model, { ...noTokens, output }, prompt);
        }),
      ),
    },
  };
}

/** Whether the prefix is long enough to be kept. */
function isKept({ ttl, minimum }: Caching, model: string, prefix: number): boolean {
  return ttl !== 'off' && prefix >= minimum(model).tokens;
}

/** Of the message that is shown. */
function foundTokens({ prompt, scale }: PackQuestion): number {
  const passages = prompt.segments.filter(({ layer }) => layer === 'task');
  return Math.ceil(sum(passages, ({ text }) => text.length) / scale.charactersPerToken);
}

function messageTokens({ items, found }: PlannedCall): number {
  return found + sum(items, (item) => item.input);
}

interface Books extends Pick<PackQuestion, 'money'>, Caching {}

/** The first call of each model writes the prefix, the others with the same one read it. */
function callsCost(books: Books, calls: PackQuestion['calls']): PackCost['plan']['packs'] {
  const { ttl } = books;
  const met = new Set<string>();
  const costs = calls.map((call) => {
    const { model, prefix } = call;
    const input = messageTokens(call);
    const isFirst = !met.has(`${model} ${prefix}`);
    met.add(`${model} ${prefix}`);
    const uncached = usdOf(books, model, { ...noTokens, input: prefix + input });
    if (!isKept(books, model, prefix)) return { uncached, cached: uncached };
    const use = isFirst ? (ttl === '1h' ? 'cacheWrite1h' : 'cacheWrite5m') : 'cacheRead';
    return { uncached, cached: usdOf(books, model, { ...noTokens, input, [use]: prefix }) };
  });
  return {
    calls: calls.length,
    uncached: total(costs.map(({ uncached }) => uncached)),
    cached: total(costs.map(({ cached }) => cached)),
  };
}

function usdOf(
  { money, factor }: Books,
  model: string,
  tokens: TokenCounts,
  prompt = promptTokens(tokens),
): number | null {
  const rate = money(model).rate(prompt);
  return rate === null ? null : factor * costAt(rate, tokens);
}

function total(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>(
    (all, amount) => (all === null || amount === null ? null : all + amount),
    0,
  );
}

function sum<One>(all: readonly One[], of: (one: One) => number): number {
  return all.reduce((count, one) => count + of(one), 0);
}
