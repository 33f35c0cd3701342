/** The prompt of a pack: its segments, the ends of the cached parts, and what packing saves. */
import { sha7 } from '../model/format.js';
import type { PackPromptReport } from '../model/prompt-report.js';
import { columns, wrapped } from './columns.js';
import { counted, grouped, inLine, minimumText, money, promptWidth } from './prompt-words.js';
import { wireLines } from './prompt-wire-text.js';

/** More blocks than this are counted, not listed. */
const mostBlocks = 12;

export function packPromptText(report: PackPromptReport): string {
  const { target, items, model, base, wire } = report;
  const [first = ''] = items;
  const others = items.length === 1 ? 'alone' : `and ${counted(items.length - 1, 'other item')}`;
  return [
    [`Prompt of ${inLine(target)}/${inLine(first)} ${others}: model ${model}, base ${sha7(base)}`],
    segmentLines(report),
    prefixLines(report),
    costLines(report),
    ...(wire === null ? [] : [['On the wire (bytes)', ...wireLines(wire, null)]]),
  ]
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

type Segment = PackPromptReport['segments'][number];

function segmentLines({ segments, prefix }: PackPromptReport): string[] {
  const of = (...layers: readonly string[]): readonly Segment[] =>
    segments.filter(({ layer }) => layers.includes(layer));
  const [shared, own, rest] = [of('static'), of('target'), of('item', 'task')];
  const shown = rest.length > mostBlocks ? rest.slice(0, mostBlocks) : rest;
  const table = columns(
    [['layer', 'source', 'characters', 'tokens', 'share'], ...[...shared, ...own, ...shown].map(row)],
    2,
  );
  const width = Math.max(...table.map((line) => line.length));
  const rule = (text: string): string => `-- ${text} `.padEnd(width, '-');
  const [first, second] = [1 + shared.length, 1 + shared.length + own.length];
  // The last part is this target’s, whatever stands before it.
  const tokens = prefix.parts.slice(0, -1).reduce((sum, part) => sum + part.tokens, 0);
  return [
    ...table.slice(0, first),
    rule(`what all targets share ends here: ${grouped(tokens)} tokens`),
    ...table.slice(first, second),
    rule(`the prefix ends here: ${grouped(prefix.tokens)} tokens`),
    ...table.slice(second),
    ...(rest.length > shown.length ? [`and ${rest.length - shown.length} more blocks`] : []),
  ];
}

function row({ layer, source, characters, tokens, share }: Segment): string[] {
  return [layer, inLine(source), grouped(characters), grouped(tokens), `${Math.round(share * 100)}%`];
}

function prefixLines({ prefix, scale, cost, message, answer }: PackPromptReport): string[] {
  const cached = cost.isCached
    ? 'it is read by every call after the first'
    : cost.ttl === 'off'
      ? 'caching is off (cache.mode)'
      : 'the prefix is too short, nothing is cached';
  const how =
    scale.source === 'ledger'
      ? `${scale.charactersPerToken} characters each, as ${counted(scale.requests, 'answer')} came to`
      : `${scale.charactersPerToken} characters each, the usual figure: no call of this plan was answered yet`;
  const billed = prefix.isMeasured
    ? ' The prefix is what calls were billed for, the answer’s schema with it.'
    : '';
  return [
    `Prefix ${prefix.hash}`,
    ...wrapped(
      `the same bytes for every pack. ${minimumText(cost.model, cost.minimum)}; ${cached}.`,
      promptWidth,
    ),
    ...wrapped(
      `The blocks take ${grouped(message.tokens)} tokens, the answer about ${grouped(answer.tokens)}. Tokens are estimates, ${how}.${billed}`,
      promptWidth,
    ),
  ];
}

function costLines({ cost }: PackPromptReport): string[] {
  const { perCall, plan, isBatch } = cost;
  const head = cost.isCached ? `cached ${cost.ttl}` : 'cached';
  const calls = ({ calls: count }: typeof plan.packs): string => counted(count, 'call');
  const table = columns([
    ['', 'no cache', head],
    ['first call', money(perCall.uncached), money(perCall.first)],
    ['every other call', money(perCall.uncached), money(perCall.following)],
    [
      `plan: ${counted(plan.items, 'item')} in ${calls(plan.packs)}`,
      money(plan.packs.uncached),
      money(plan.packs.cached),
    ],
    [`one call per item: ${calls(plan.singles)}`, money(plan.singles.uncached), money(plan.singles.cached)],
  ]);
  return [
    `Cost of the prompts alone, ${cost.model}, prices of ${cost.asOf}${isBatch ? ', half of them: as a batch' : ''}`,
    ...table.map((line) => `  ${line}`),
    ...wrapped(
      `Answers come on top, about ${money(plan.answers)} for the plan either way.${
        isBatch ? ' Calls of a batch are made at the same time, and may write the cache more than once.' : ''
      }`,
      promptWidth,
    ),
  ];
}
