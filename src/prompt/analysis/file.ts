/** `regen prompt FILE`: what of any prompt could be cached, and what keeps the rest from it. Pure. */
import type { CacheMinimum } from '../../model/cache-minimum.js';
import type { Evidence, FileCost, FilePart, FilePromptReport } from '../../model/prompt-file-report.js';
import type { ExpectedRequests, TokenScale } from '../../model/prompt-scale.js';
import { costAt } from '../../model/rate.js';
import { findBoundaries } from './boundaries.js';
import type { LineKind } from './boundaries.js';
import type { Money } from './money.js';

export interface FileQuestion {
  readonly file: string;
  readonly text: string;
  readonly scale: TokenScale;
  readonly requests: ExpectedRequests;
  readonly minimum: CacheMinimum;
  readonly money: Money;
}

export function analyseFile(question: FileQuestion): FilePromptReport {
  const { file, scale, requests } = question;
  const lines = question.text === '' ? [] : question.text.replace(/\n$/, '').split('\n');
  const tokensOf = (characters: number): number => Math.ceil(characters / scale.charactersPerToken);
  const { how, kinds, markers, evidence } = findBoundaries(lines);
  const firstDynamic = kinds.indexOf('dynamic');
  const end = firstDynamic === -1 ? lines.length : firstDynamic;
  const characters = (isCounted: (index: number) => boolean): number =>
    lines.reduce((sum, line, index) => (isCounted(index) ? sum + line.length + 1 : sum), 0);
  const isText = (index: number): boolean => kinds[index] !== 'marker';

  const all = tokensOf(characters(isText));
  const prefix = characters((index) => index < end && isText(index));
  const cost = fileCost({ all, prefix: tokensOf(prefix) }, question);
  return {
    ...{ kind: 'file', file, boundaries: how, markers, scale },
    ...{ lines: lines.length, characters: characters(isText), tokens: all },
    parts: partsOf(kinds, end, (from, to) => {
      const count = characters((index) => index >= from && index <= to && isText(index));
      return { characters: count, tokens: tokensOf(count) };
    }),
    prefix: {
      ...{ endsAt: lastText(kinds, end), characters: prefix, tokens: tokensOf(prefix) },
      endedBy: evidence.find(({ line, counts }) => counts && line === end + 1) ?? null,
    },
    ...{ evidence, requests, cost },
    moved: moved({ kinds, end, evidence }, (isCounted) => tokensOf(characters(isCounted)), {
      all,
      cost,
      question,
    }),
  };
}

function fileCost(
  tokens: { readonly all: number; readonly prefix: number },
  { requests: { count }, minimum, money }: FileQuestion,
): FileCost {
  const { all, prefix } = tokens;
  const rate = money.rate(all);
  const isCached = prefix >= minimum.tokens && prefix > 0;
  const uncachedTokens = { input: count * all, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  const cachedTokens = {
    ...uncachedTokens,
    ...{ input: count * (all - prefix), cacheWrite5m: prefix, cacheRead: (count - 1) * prefix },
  };
  const uncached = rate === null ? null : costAt(rate, uncachedTokens);
  const cached = rate === null ? null : costAt(rate, isCached ? cachedTokens : uncachedTokens);
  return { model: money.model, asOf: money.asOf, minimum, isCached, uncached, cached };
}

/** 1-based: the last line of text before the end. */
function lastText(kinds: readonly LineKind[], end: number): number {
  return kinds.slice(0, end).findLastIndex((kind) => kind !== 'marker') + 1;
}

type Measure = (from: number, to: number) => Pick<FilePart, 'characters' | 'tokens'>;

function partsOf(kinds: readonly LineKind[], end: number, measure: Measure): readonly FilePart[] {
  const kindOf = (index: number): FilePart['kind'] | null => {
    const kind = kinds[index];
    if (kind === undefined || kind === 'marker') return null;
    return kind === 'dynamic' || index < end ? kind : 'late';
  };
  const parts: FilePart[] = [];
  let from = 0;
  for (let index = 1; index <= kinds.length; index += 1) {
    if (index < kinds.length && kindOf(index) === kindOf(from)) continue;
    const kind = kindOf(from);
    if (kind !== null) parts.push({ kind, from: from + 1, to: index, ...measure(from, index - 1) });
    from = index;
  }
  return parts;
}

interface Found {
  readonly kinds: readonly LineKind[];
  readonly end: number;
  readonly evidence: readonly Evidence[];
}

interface Priced {
  readonly all: number;
  readonly cost: FileCost;
  readonly question: FileQuestion;
}

/** What is gained by putting the dynamic lines behind everything that is static. */
function moved(
  { kinds, end }: Found,
  tokensWhere: (isCounted: (index: number) => boolean) => number,
  { all, cost, question }: Priced,
): FilePromptReport['moved'] {
  const isStatic = (index: number): boolean => kinds[index] === 'static' || kinds[index] === 'target';
  const lastStatic = kinds.findLastIndex((_, index) => isStatic(index));
  if (lastStatic < end) return null;
  const lines = kinds.flatMap((kind, index) => (kind === 'dynamic' && index < lastStatic ? [index + 1] : []));
  const prefix = tokensWhere(isStatic);
  const { cached } = fileCost({ all, prefix }, question);
  const savingUsd = cached === null || cost.cached === null ? null : cost.cached - cached;
  return { lines, prefixTokens: prefix, cached, savingUsd };
}
