/** Segments that are equal more widely than their layer says. Pure. */
import type { Move } from '../../model/prompt-report.js';
import type { Layer, Segment } from '../../model/prompt.js';
import type { ItemQuestion, OwnedPrompt } from './item.js';
import { planSaving, promptCost } from './money.js';
import type { Caching, Load } from './money.js';
import { lastReviewSource } from '../last-review.js';

interface Sums {
  readonly load: Load;
  readonly caching: Caching;
  readonly tokensOf: (characters: number) => number;
}

export function findMoves(question: ItemQuestion, sums: Sums): readonly Move[] {
  return [...fromItem(question, sums), ...fromTarget(question, sums)];
}

/** Out of the message into the prefix, where the items after the first read it from the cache. */
function fromItem(
  { prompt, others, money }: ItemQuestion,
  { load, caching, tokensOf }: Sums,
): readonly Move[] {
  if (others.length === 0) return [];
  return configured(prompt.segments, ['item', 'task']).flatMap((segment): Move[] => {
    if (!isEverywhere(segment, others)) return [];
    const tokens = tokensOf(segment.text.length);
    const after = { ...load, prefix: load.prefix + tokens, message: load.message - tokens };
    const savingUsd = planSaving(load, after, caching, money);
    return [
      {
        ...{ source: segment.source, from: segment.layer, to: 'target', tokens },
        ...{ equalFor: others.length + 1, savingUsd, condition: null },
      },
    ];
  });
}

/**
 * Claude Code sends static and target texts as one block: one target's prefix is another's only when nothing of the target
 * is left in it.
 */
function fromTarget(
  { prompt, elsewhere, money }: ItemQuestion,
  { load, caching, tokensOf }: Sums,
): readonly Move[] {
  if (elsewhere.length === 0) return [];
  const ofTarget = configured(prompt.segments, ['target']);
  const equal = ofTarget.filter((segment) => isEverywhere(segment, elsewhere));
  const isWhole = equal.length === ofTarget.length;
  const { perRequest } = promptCost(load, caching, money);
  const once = difference(perRequest.first, perRequest.firstOfLater);
  return equal.map(({ source, text }) => ({
    ...{
      source,
      from: 'target',
      to: 'static',
      tokens: tokensOf(text.length),
      equalFor: elsewhere.length + 1,
    },
    savingUsd: isWhole ? once : 0,
    condition: isWhole
      ? 'all of them together, when the next plan begins while the prefix is still cached'
      : 'nothing as long as another segment differs between targets: both layers are sent as one block',
  }));
}

function difference(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left - right;
}

function isEverywhere(segment: Segment, others: readonly OwnedPrompt[]): boolean {
  return others.every(({ prompt }) =>
    prompt.segments.some(({ layer, text }) => layer === segment.layer && text === segment.text),
  );
}

/** Those that regen.yaml names; what regen writes itself isn't the user's to move. */
function configured(segments: readonly Segment[], layers: readonly Layer[]): readonly Segment[] {
  return segments.filter(({ layer, source }) => layers.includes(layer) && !isOwn(source));
}

function isOwn(source: string): boolean {
  return ownSources.has(source) || source.startsWith(`${lastReviewSource} (`);
}

const ownSources: ReadonlySet<string> = new Set([
  'change request',
  'place of work',
  'checks',
  'working rules',
]);
