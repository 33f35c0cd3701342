/** A prompt file: what of it is cached, what ends the prefix, and what moving it would save. */
import { formatUsd } from '../model/format.js';
import type { Evidence, FilePart, FilePromptReport } from '../model/prompt-file-report.js';
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

/** More are counted, not shown; `--json` has them all. */
const mostParts = 12;
const mostEvidence = 15;

export function filePromptText(report: FilePromptReport): string {
  return [
    headLines(report),
    partLines(report.parts),
    costLines(report),
    movedLines(report),
    evidenceLines(report),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function headLines({ file, lines, characters, tokens, scale, ...report }: FilePromptReport): string[] {
  const { boundaries, markers, prefix } = report;
  const how =
    boundaries === 'marked'
      ? `Boundaries are marked (${markers.length === 1 ? 'line' : 'lines'} ${listed(markers)}).`
      : 'Boundaries are guessed: nothing is marked.';
  const end =
    prefix.endedBy === null
      ? `The prefix ends with line ${prefix.endsAt}.`
      : boundaries === 'marked'
        ? `The prefix ends early, with line ${prefix.endsAt}, if the next one changes: ${evidenceText(prefix.endedBy)}.`
        : `The prefix ends with line ${prefix.endsAt}, before ${evidenceText(prefix.endedBy)}.`;
  return [
    `Prompt ${inLine(file)}: ${counted(lines, 'line')}, ${grouped(characters)} characters, ${counted(tokens, 'token')}`,
    ...wrapped(`${how} ${end}`, promptWidth),
    scaleText(scale),
  ];
}

function partLines(parts: readonly FilePart[]): string[] {
  const names = {
    static: 'prefix',
    target: 'prefix (target)',
    late: 'static, too late',
    dynamic: 'dynamic',
  } as const;
  const table = columns(
    [
      ['part', 'lines', 'characters', 'tokens'],
      ...parts
        .slice(0, mostParts)
        .map(({ kind, from, to, characters, tokens }) => [
          names[kind],
          from === to ? String(from) : `${from}-${to}`,
          grouped(characters),
          grouped(tokens),
        ]),
    ],
    2,
  );
  return parts.length > mostParts ? [...table, `… and ${parts.length - mostParts} more parts`] : [...table];
}

function costLines({ cost, requests, prefix }: FilePromptReport): string[] {
  const isShort = !cost.isCached && prefix.tokens > 0;
  const cached = cost.isCached
    ? `the prefix of ${grouped(prefix.tokens)} tokens is written once and read ${counted(requests.count - 1, 'time')}`
    : isShort
      ? `a prefix of ${grouped(prefix.tokens)} tokens is too short, nothing is cached`
      : 'there is no prefix, nothing is cached';
  return [
    `Cost of ${counted(requests.count, 'request')} with it, ${cost.model}, prices of ${cost.asOf}`,
    ...columns([
      ['no cache', money(cost.uncached)],
      ['cached 5m', money(cost.cached)],
    ]).map((line) => `  ${line}`),
    ...wrapped(
      `${minimumText(cost.model, cost.minimum)}: ${cached}. Requests: ${requestsText(requests)}.`,
      promptWidth,
    ),
  ];
}

function movedLines({ moved, prefix }: FilePromptReport): string[] {
  if (moved === null) return [];
  const saving =
    moved.savingUsd === null
      ? ''
      : moved.savingUsd > 0
        ? ` It would cost ${money(moved.cached)} and save ${formatUsd(moved.savingUsd)}.`
        : ' It would save nothing.';
  const lines = `Move ${moved.lines.length === 1 ? 'line' : 'lines'} ${listed(moved.lines)} behind everything that is static`;
  return [
    ...wrapped(
      `${lines}: the prefix grows from ${grouped(prefix.tokens)} to ${counted(moved.prefixTokens, 'token')}.${saving}`,
      promptWidth,
    ),
  ];
}

function evidenceLines({ evidence }: FilePromptReport): string[] {
  if (evidence.length === 0) return [];
  const shown = evidence.slice(0, mostEvidence);
  const rows = shown.map((one) => [
    `  line ${one.line}`,
    one.kind,
    `${inLine(one.text)}${one.counts ? '' : '  (in code: taken as it stands)'}`,
  ]);
  const more = evidence.length - shown.length;
  return [
    'Lines that look dynamic',
    ...columns(rows, 3),
    ...(more > 0 ? [`  … and ${more} more (--json has them all)`] : []),
  ];
}

function evidenceText({ line, kind, text }: Evidence): string {
  return `line ${line}, a ${kind}: “${inLine(text)}”`;
}

/** `3-5, 9` */
function listed(lines: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last?.to === line - 1) last.to = line;
    else ranges.push({ from: line, to: line });
  }
  const words = ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`));
  return words.length > 8 ? `${words.slice(0, 8).join(', ')} and ${words.length - 8} more` : words.join(', ');
}
