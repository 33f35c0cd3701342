/** The tables of `regen profile`. */
import { formatSpan } from '../model/duration.js';
import { cut } from '../model/excerpt.js';
import { formatCount, formatUsd } from '../model/format.js';
import type {
  Counted,
  Counting,
  Profile,
  ProfiledSession,
  ProfiledThread,
  ProfiledUsage,
} from '../model/profile.js';
import { columns } from './columns.js';

/** Longer lists are for --json. */
const mostSessions = 30;
const mostCurves = 8;

export function shortId(session: string): string {
  return /^[0-9a-f]{8}-/.test(session) ? session.slice(0, 8) : cut(session, 20);
}

interface Column {
  readonly head: string;
  readonly cell: (usage: ProfiledUsage) => string;
  readonly isNeeded?: (usage: ProfiledUsage) => boolean;
}

const usageColumns: readonly Column[] = [
  { head: 'requests', cell: ({ requests }) => String(requests) },
  { head: 'uncached', cell: ({ input }) => formatCount(input) },
  { head: 'output', cell: ({ output }) => known(output) },
  { head: 'read', cell: ({ cacheRead }) => formatCount(cacheRead) },
  { head: 'write', cell: ({ cacheWrite5m }) => formatCount(cacheWrite5m) },
  {
    head: 'write 1h',
    cell: ({ cacheWrite1h }) => formatCount(cacheWrite1h),
    isNeeded: ({ cacheWrite1h }) => cacheWrite1h > 0,
  },
  { head: 'peak', cell: ({ peakContext }) => formatCount(peakContext) },
  { head: 'mean', cell: ({ meanContext }) => formatCount(meanContext) },
  { head: 'tools', cell: ({ toolCalls }) => String(toolCalls) },
  {
    head: 'agents',
    cell: ({ subagents }) => String(subagents),
    isNeeded: ({ subagents }) => subagents > 0,
  },
  { head: 'time', cell: ({ durationMs }) => (durationMs === null ? '?' : formatSpan(durationMs)) },
  { head: 'cost', cell: ({ costUsd }) => (costUsd === null ? '?' : formatUsd(costUsd)) },
];

export function sessionLines({ sessions, totals }: Profile): readonly string[] {
  const shown = sessions.slice(0, mostSessions);
  const hasSteps = shown.some(({ step }) => step !== null);
  const rows = shown.map((session) => ({
    names: [shortId(session.session), ...(hasSteps ? [stepName(session)] : [])],
    usage: session,
  }));
  const total = { names: hasSteps ? ['total', ''] : ['total'], usage: totals };
  const lines = usageTable(hasSteps ? ['session', 'step'] : ['session'], [
    ...rows,
    ...(sessions.length > 1 ? [total] : []),
  ]);
  return sessions.length > shown.length
    ? [...lines, `(${sessions.length - shown.length} more sessions are in the total and in --json)`]
    : lines;
}

function stepName({ step }: ProfiledSession): string {
  if (step === null) return '';
  const rounds = step.rounds.length > 1 ? ` ×${step.rounds.length}` : '';
  return `${cut(step.item, 14)} ${cut(step.stage, 10)}${rounds}`;
}

export function stepLines({ steps }: Profile): readonly string[] {
  const rows = steps.map(({ stage, sessions, ...usage }) => ({ names: [stage, `${sessions}`], usage }));
  return steps.length === 0 ? [] : usageTable(['step', 'sessions'], rows);
}

function usageTable(
  heads: readonly string[],
  rows: readonly { readonly names: readonly string[]; readonly usage: ProfiledUsage }[],
): readonly string[] {
  const shown = usageColumns.filter(
    ({ isNeeded }) => isNeeded === undefined || rows.some(({ usage }) => isNeeded(usage)),
  );
  return columns(
    [
      [...heads, ...shown.map(({ head }) => head)],
      ...rows.map(({ names, usage }) => [...names, ...shown.map(({ cell }) => cell(usage))]),
    ],
    heads.length,
  );
}

export function countingLines({ perRecord, perMessage, factor }: Counting): readonly string[] {
  return columns([
    ['', 'requests', 'without tool', 'uncached', 'output', 'cache read', 'cache write'],
    ['added up by record', ...countedCells(perRecord)],
    ['by message, as billed', ...countedCells(perMessage)],
    ...(factor === null
      ? []
      : [
          [
            'too much by',
            times(perRecord.requests, perMessage.requests),
            '',
            '',
            '',
            `${factor.toFixed(2)}x`,
          ],
        ]),
  ]);
}

function countedCells(counted: Counted): readonly string[] {
  const { requests, withoutTool, input, output, cacheRead, cacheWrite } = counted;
  return [
    String(requests),
    String(withoutTool),
    formatCount(input),
    known(output),
    formatCount(cacheRead),
    formatCount(cacheWrite),
  ];
}

function times(one: number, other: number): string {
  return other === 0 ? '' : `${(one / other).toFixed(2)}x`;
}

/** How the prompts grew: one line per conversation, those with the most requests. */
export function contextLines(sessions: readonly ProfiledSession[]): readonly string[] {
  const threads = sessions
    .flatMap((session) => session.threads.map((thread) => ({ session, thread })))
    .filter(({ thread }) => thread.requests > 2)
    .sort((one, other) => other.thread.requests - one.thread.requests)
    .slice(0, mostCurves);
  return columns(
    threads.map(({ session, thread }) => [
      shortId(session.session),
      thread.agent === null ? '' : `subagent ${cut(thread.agent, 12)}`,
      `${formatCount(thread.firstContext)} → ${formatCount(thread.lastContext)}`,
      compacted(thread),
      curve(thread),
    ]),
    5,
  );
}

function compacted({ compactions }: ProfiledThread): string {
  return compactions === 0 ? '' : `${compactions}x summed up`;
}

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

function curve({ curve: points, peakContext }: ProfiledThread): string {
  return points
    .map(
      (point) =>
        bars[Math.min(bars.length - 1, Math.floor((point / Math.max(1, peakContext)) * bars.length))],
    )
    .join('');
}

/** Hides secrets; whatever is cut short goes through it first. */
export type Mask = (text: string) => string;

/** On one line, and no longer than that. */
export function short(text: string, length: number, mask: Mask): string {
  return cut(mask(text).replace(/\s+/g, ' ').trim(), length);
}

function known(count: number | null): string {
  return count === null ? '?' : formatCount(count);
}
