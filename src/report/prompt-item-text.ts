/** An item's prompt: its segments, the end of the prefix, the money, and what would make it cheaper. */
import { contextText } from '../model/context-fit.js';
import { formatUsd, sha7 } from '../model/format.js';
import type { Break, ItemPromptReport, Move } from '../model/prompt-report.js';
import { columns, wrapped } from './columns.js';
import {
  counted,
  grouped,
  inLine,
  minimumText,
  money,
  promptWidth,
  requestsText,
  scaleText,
} from './prompt-words.js';
import { wireLines } from './prompt-wire-text.js';

export function itemPromptText(report: ItemPromptReport): string {
  const { target, item, model, profile, base, wire } = report;
  return [
    [`Prompt of ${inLine(target)}/${inLine(item)}: model ${model}, profile ${profile}, base ${sha7(base)}`],
    segmentLines(report),
    prefixLines(report),
    costLines(report),
    section('What would save more', report.moves.flatMap(moveLines)),
    section('To look at in the prefix', report.breaks.flatMap(breakLines)),
    section('Biggest', biggestLines(report)),
    ...(report.context === null ? [] : [section('Window', contextLines(report.context))]),
    ...(wire === null ? [] : [section('On the wire (bytes)', wireLines(wire, profile))]),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function segmentLines({ segments, boilerplate, prefix, wire }: ItemPromptReport): string[] {
  const from = wire === null ? 'about' : 'measured';
  const added = (tokens: number): string[] => ['', `Claude Code’s own (${from})`, '', grouped(tokens), ''];
  const row = (segment: ItemPromptReport['segments'][number]): string[] => [
    segment.layer,
    inLine(segment.source),
    grouped(segment.characters),
    grouped(segment.tokens),
    `${Math.round(segment.share * 100)}%`,
  ];
  const isCached = ({ layer }: { layer: string }): boolean => layer === 'static' || layer === 'target';
  const ofPrefix = segments.filter(isCached);
  const table = columns(
    [
      ['layer', 'source', 'characters', 'tokens', 'share'],
      added(boilerplate.prefixTokens),
      ...ofPrefix.map(row),
      added(boilerplate.messageTokens),
      ...segments.filter((segment) => !isCached(segment)).map(row),
    ],
    2,
  );
  const rule = `-- the prefix ends here: ${grouped(boilerplate.prefixTokens + prefix.tokens)} tokens `;
  const width = Math.max(...table.map((line) => line.length));
  const cut = 2 + ofPrefix.length;
  return [...table.slice(0, cut), rule.padEnd(width, '-'), ...table.slice(cut)];
}

function prefixLines({ prefix, scale, target, cost }: ItemPromptReport): string[] {
  const { sharedBy, comparedWith } = prefix;
  const shared =
    comparedWith === 1
      ? 'no other item to compare it with'
      : sharedBy === comparedWith
        ? `the same bytes for all ${comparedWith} items of ${inLine(target)} that were built`
        : `only ${sharedBy} of ${comparedWith} items of ${inLine(target)} have it`;
  const words = {
    shared: 'it is read by every item after the first',
    own: 'the prefix alone is too short: it is cached within an item’s session only',
    none: cost.ttl === 'off' ? 'caching is off (cache.mode)' : 'the prompt is too short, nothing is cached',
  } as const;
  return [
    `Prefix ${prefix.hash}`,
    ...wrapped(`${shared}. ${minimumText(cost.model, cost.minimum)}; ${words[cost.reach]}.`, promptWidth),
    scaleText(scale),
  ];
}

function costLines({ cost, requests }: ItemPromptReport): string[] {
  const { perRequest, plan } = cost;
  const head = cost.ttl === 'off' ? 'cached' : `cached ${cost.ttl}`;
  const table = columns([
    ['', 'no cache', head],
    ['first request', money(perRequest.uncached), money(perRequest.first)],
    ['first request of a later item', money(perRequest.uncached), money(perRequest.firstOfLater)],
    ['every other request', money(perRequest.uncached), money(perRequest.following)],
    [
      `plan: ${counted(plan.items, 'item')} x ${counted(requests.count, 'request')}`,
      money(plan.uncached),
      money(plan.cached),
    ],
  ]);
  return [
    `Cost of the prompt alone, ${cost.model}, prices of ${cost.asOf}`,
    ...table.map((line) => `  ${line}`),
    ...wrapped(
      `Requests per item: ${requestsText(requests)}. Answers, tool results and what they add to later requests come on top. An item counts as later when it begins before the cache has expired.`,
      promptWidth,
    ),
  ];
}

function moveLines({ source, from, to, tokens, equalFor, savingUsd, condition }: Move): readonly string[] {
  const what = to === 'target' ? counted(equalFor, 'item') : counted(equalFor, 'target');
  const saves =
    savingUsd === null
      ? 'saves what the model’s price makes of it'
      : savingUsd > 0
        ? `saves ${formatUsd(savingUsd)} per plan`
        : 'saves nothing';
  const when = condition === null ? '' : ` (${condition})`;
  const line = `${inLine(source)} (${from}, ${grouped(tokens)} tokens) is equal for ${what}: under prompt.${to} it ${saves}${when}.`;
  return indented(line);
}

function breakLines({ source, layer, line, kind, text }: Break): readonly string[] {
  const at = `${inLine(source)}${line === null ? '' : `:${line}`} (${layer})`;
  const words = {
    differs: `ends the prefix: ${text}`,
    placeholder: `${text} is not filled in there: it belongs to a later layer`,
    'names target': `names this target and no other: “${inLine(text)}”`,
    'names item': `names this item and no other: “${inLine(text)}”`,
  } as const;
  return indented(`${at} ${words[kind]}.`);
}

function biggestLines({ segments }: ItemPromptReport): readonly string[] {
  const biggest = segments.toSorted((left, right) => right.characters - left.characters).slice(0, 3);
  const parts = biggest.map(
    ({ source, tokens, share }) =>
      `${inLine(source)} ${grouped(tokens)} tokens (${Math.round(share * 100)}%)`,
  );
  return indented(parts.join(', '));
}

function contextLines(context: NonNullable<ItemPromptReport['context']>): readonly string[] {
  const { window, needed, reserve, fits } = context;
  if (!fits)
    return indented(`Too small: ${contextText(context)}. The item would fail before anything is sent.`);
  const left = grouped(window - needed);
  return indented(
    `${grouped(window)} tokens (agent.context): the prompt and ${grouped(reserve)} for an answer leave ${left} for the work.`,
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function indented(text: string): readonly string[] {
  return wrapped(text, promptWidth - 4).map((line, at) => (at === 0 ? `  ${line}` : `    ${line}`));
}
