/** `regen profile` for a person: what the sessions were, then what would have saved most. */
import { formatCount, formatTokens, formatUsd } from '../model/format.js';
import type { Counting, Finding, MessageKinds, Place, Profile } from '../model/profile.js';
import { cut } from '../model/excerpt.js';
import { wrapped } from './columns.js';
import { fileLines, testLines, toolLines } from './profile-lists.js';
import { contextLines, countingLines, sessionLines, short, shortId, stepLines } from './profile-tables.js';
import type { Mask } from './profile-tables.js';

const width = 100;
const mostPlaces = 4;
const mostUnknown = 12;

/** @param mask - hides secrets. What is printed is masked anyway, but half a secret nobody would know for one. */
export function profileText(profile: Profile, mask: Mask): string {
  return [
    headline(profile),
    section('Sessions (tokens)', sessionLines(profile)),
    section('Steps', stepLines(profile)),
    section('Context, first → last request', contextLines(profile.sessions)),
    section('Counting: records are not messages', [
      ...countingLines(profile.counting),
      ...wrapped(countingSentence(profile.counting), width - 2),
    ]),
    findingsSection(profile, mask),
    section('Tool results in the prompts (tokens)', toolLines(profile.sessions)),
    section('Edited files', fileLines(profile.sessions, mask)),
    section('Test runs', testLines(profile.sessions, mask)),
    section('Not known', unknownLines(profile.unknown)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function headline({ subject, sessions, totals }: Profile): string {
  const facts = [
    plural(sessions.length, 'session'),
    plural(totals.requests, 'request'),
    plural(totals.toolCalls, 'tool call'),
    ...(totals.subagents > 0 ? [plural(totals.subagents, 'subagent')] : []),
    `peak context ${formatCount(totals.peakContext)}`,
    totals.costUsd === null ? 'cost not known' : formatUsd(totals.costUsd),
  ];
  const kinds = addKinds(sessions.map(({ messages }) => messages));
  return [
    ...wrapped(`Profile of ${subject}: ${facts.join(', ')}`, width),
    ...wrapped(
      `Messages: ${kinds.withTools} with tool calls, ${kinds.textOnly} of text alone, ${kinds.thinkingOnly} of thinking alone; after ${kinds.beforeTool} of those the model went on to a tool by itself.`,
      width,
    ),
  ].join('\n');
}

function addKinds(all: readonly MessageKinds[]): MessageKinds {
  const sum = (of: (kinds: MessageKinds) => number): number =>
    all.reduce((total, kinds) => total + of(kinds), 0);
  return {
    withTools: sum((kinds) => kinds.withTools),
    textOnly: sum((kinds) => kinds.textOnly),
    thinkingOnly: sum((kinds) => kinds.thinkingOnly),
    empty: sum((kinds) => kinds.empty),
    beforeTool: sum((kinds) => kinds.beforeTool),
  };
}

/** What the difference makes of the numbers, in words. */
function countingSentence({ perRecord, perMessage }: Counting): string {
  const artefacts = perRecord.withoutTool - perMessage.withoutTool;
  const turns =
    artefacts > 0
      ? ` ${artefacts} of ${perRecord.withoutTool} “turns without a tool” are text or thinking of a message that has its call in another record.`
      : '';
  return perRecord.requests === perMessage.requests
    ? 'Here every message has one record, so both ways agree.'
    : `Claude Code writes a record for each block of a message, all with the id and the usage of the whole.${turns}`;
}

function findingsSection({ findings, findingsInAll, sessions }: Profile, mask: Mask): string {
  if (findingsInAll === 0) return section('Findings', ['None of the rules found anything.']);
  const more = findingsInAll - findings.length;
  return [
    `Findings, the dearest first${isPriced(findings) ? '' : ', by tokens: not every price is known'} (they overlap: don’t add them up)`,
    ...findings.map((finding, index) =>
      findingText(finding, index + 1, { mask, isOne: sessions.length === 1 }),
    ),
    ...(more > 0 ? [`  ${plural(more, 'more finding')}: --top ${findingsInAll}`] : []),
  ].join('\n');
}

function isPriced(findings: readonly Finding[]): boolean {
  return findings.every(({ costUsd }) => costUsd !== null);
}

interface Showing {
  readonly mask: Mask;
  /** Nobody asks which session. */
  readonly isOne: boolean;
}

function findingText(finding: Finding, number: number, showing: Showing): string {
  const { rule, count, title, tokens, costUsd, places, recommendation } = finding;
  const cost = `${formatTokens(tokens)}${costUsd === null ? '' : `, ${formatUsd(costUsd)}`}`;
  const lead = `${String(number).padStart(2)}. ${(rule ?? '').padEnd(3)}`;
  const shown = places.slice(0, mostPlaces);
  const rest = places.length - shown.length;
  return [
    ...indented(wrapped(`${capital(title)}: ${count}; ${cost}`, width - lead.length - 1), `${lead} `, 8),
    ...shown.flatMap((place) => indented(wrapped(placeText(place, showing), width - 10), '        - ', 10)),
    ...(rest > 0 ? [`        - ${plural(rest, 'more place')} in --json`] : []),
    ...indented(wrapped(recommendation, width - 10), '        → ', 10),
  ].join('\n');
}

function placeText({ session, thread, requests, what, tokens }: Place, { mask, isOne }: Showing): string {
  const whose = [
    isOne ? '' : `${shortId(session)}, `,
    thread === null ? '' : `subagent ${cut(thread, 12)}, `,
  ].join('');
  const where = requests.length === 1 ? 'request' : 'requests';
  return `${whose}${where} ${ranges(requests)}: ${short(what, 160, mask)} (${formatTokens(tokens)})`;
}

const mostRanges = 8;

/** `3, 5, 7–9 and 12 more` */
function ranges(numbers: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last?.to === number - 1) last.to = number;
    else runs.push({ from: number, to: number });
  }
  const shown = runs.slice(0, mostRanges).map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  const rest = runs.slice(mostRanges).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function unknownLines(unknown: readonly string[]): readonly string[] {
  const shown = unknown.slice(0, mostUnknown);
  const lines = shown.flatMap((sentence) => indented(wrapped(sentence, width - 4), '- ', 2));
  return unknown.length > shown.length
    ? [...lines, `- ${unknown.length - shown.length} more in --json`]
    : lines;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function indented(lines: readonly string[], first: string, rest: number): readonly string[] {
  return lines.map((line, index) => (index === 0 ? `${first}${line}` : `${' '.repeat(rest)}${line}`));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
