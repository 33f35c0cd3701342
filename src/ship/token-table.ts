/** The token table of a pull request's body: one renderer, and its place between two markers. Pure. */
import { formatSpan } from '../model/duration.js';
import { formatCost, formatCount, formatTokens, formatUsage } from '../model/format.js';
import type { TokenRow, TokenTable } from '../model/token-table.js';
import { totalTokens } from '../model/usage.js';
import { escapeMarkdown } from './markdown.js';

const begin = '<!-- regen:tokens begin -->';
const end = '<!-- regen:tokens end -->';

const columns = [
  'uncached',
  'output',
  'cache read',
  'cache write',
  'sessions',
  'requests',
  'peak context',
  'time',
  'cost',
] as const;

/** The block as a body holds it, markers included. */
export function renderTokens(table: TokenTable): string {
  const note = noteOf(table);
  return [
    begin,
    line(['Tokens', ...columns]),
    `|---|${'--:|'.repeat(columns.length)}`,
    ...table.rows.map((row) => line([escapeMarkdown(row.name), ...cells(row)])),
    line([table.total.name, ...cells(table.total)].map((cell) => (cell === '' ? '' : `**${cell}**`))),
    ...(note === '' ? [] : ['', `<sub>${note}</sub>`]),
    end,
  ].join('\n');
}

/** `same`: nothing to write. `absent`, `broken`: a person took out the table, or one of its markers; it stays so. */
export type TokensChange =
  { readonly kind: 'replaced'; readonly body: string } | { readonly kind: 'same' | 'absent' | 'broken' };

/** A template's text with the block where it has the markers, else at its end; markers without each other are taken out. */
export function placeTokens(text: string, block: string): string {
  const placed = replaceTokens(text, block);
  return placed.kind === 'replaced'
    ? placed.body
    : `${text.replaceAll(begin, '').replaceAll(end, '').trimEnd()}\n\n${block}`;
}

/**
 * The body with this block where the first one was; copies of it are taken out, everything else stays as it is.
 *
 * @param block - of `renderTokens`.
 */
export function replaceTokens(body: string, block: string): TokensChange {
  const marks = [...body.matchAll(new RegExp(`${begin}|${end}`, 'g'))];
  if (marks.length === 0) return { kind: 'absent' };
  const isPaired = marks.every(([text], index) => text === (index % 2 === 0 ? begin : end));
  if (!isPaired || marks.length % 2 === 1) return { kind: 'broken' };
  const parts = body.split(new RegExp(`${begin}[^]*?${end}`));
  const [first = '', ...rest] = parts;
  // GitHub's editor ends lines with CR LF.
  const there = body.slice(
    first.length,
    marks[1]?.index === undefined ? undefined : marks[1].index + end.length,
  );
  if (rest.length === 1 && there.replaceAll('\r\n', '\n') === block) return { kind: 'same' };
  const [next = '', ...others] = rest;
  return {
    kind: 'replaced',
    body: [first, block, next, ...others.map((text) => text.replace(/^\s*\n/, '\n'))].join(''),
  };
}

function line(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}

function cells({
  usage,
  pricedUsd,
  estimated,
  sessions,
  peakContext,
  durationMs,
}: TokenRow): readonly string[] {
  const mark = estimated.requests > 0 ? '≈ ' : '';
  return [
    formatCount(usage.input),
    `${mark}${formatCount(usage.output)}`,
    formatCount(usage.cacheRead),
    formatCount(usage.cacheWrite5m + usage.cacheWrite1h),
    formatCount(sessions),
    formatCount(usage.requests),
    formatCount(peakContext),
    durationMs === 0 ? '–' : formatSpan(durationMs),
    `${mark}${escapeMarkdown(formatCost(usage.costUsd, pricedUsd))}`,
  ];
}

function noteOf({ total, orchestrator, outside }: TokenTable): string {
  const sentences = [
    ...(orchestrator === null ? [] : [orchestratorSentence(orchestrator)]),
    ...(outside.requests === 0
      ? []
      : [`What the session said for no item, ${formatUsage(outside)}, is in no row.`]),
    ...(total.estimated.requests === 0
      ? []
      : [`≈ holds what was in flight when a run ended, an estimate: ${formatUsage(total.estimated)}.`]),
    ...(total.usage.costUsd === null ? ['A model without a price took part: see prices in regen.yaml.'] : []),
  ];
  return sentences.map(escapeMarkdown).join(' ');
}

function orchestratorSentence(parts: NonNullable<TokenTable['orchestrator']>): string {
  const said = [
    { text: 'evaluation', usage: parts.evaluation },
    { text: 'turns of a session for this item', usage: parts.ownTurns },
    { text: 'its share in turns for several items', usage: parts.sharedTurns },
  ].filter(({ usage }) => usage.requests > 0 || totalTokens(usage) > 0);
  return `The orchestrator: ${said.map(({ text, usage }) => `${text}, ${formatTokens(totalTokens(usage))}`).join('; ')}.`;
}
