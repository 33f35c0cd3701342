/** A run, for a person. */
import { formatDuration } from '../model/duration.js';
import { formatUsage, formatUsd } from '../model/format.js';
import { countStates } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { RunReport, RunStop } from '../model/run-report.js';
import type { StepResult } from '../model/step-result.js';
import { shellQuote } from '../model/template.js';
import type { TokenTable } from '../model/token-table.js';
import type { Usage } from '../model/usage.js';
import { failedLine, tokenLines } from './token-text.js';

/** What a run's document has no room for. */
export interface RunDetail {
  readonly table: TokenTable;
  /** What went into items that failed. */
  readonly failed: Usage | null;
  readonly failures: Failures;
  /** Of the pull requests that it made, in their order. */
  readonly links: readonly string[];
}

interface Failures {
  /** Whether some are marked in the plan that is there. */
  readonly areInPlan: boolean;
  /** Plans that are there no more; `end`: `moved to …`. */
  readonly archived: readonly { readonly target: string; readonly end: string }[];
  readonly hasPlan: boolean;
}

const mostLinks = 20;

/** What became of it, what it took, why it ended and what comes next. */
export function runText(report: RunReport, { table, failed, failures, links }: RunDetail): string {
  const { counts, steps, usage } = report;
  const outcomes = (['shipped', 'unchanged', 'failed', 'skipped', 'archived'] as const)
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${outcome}`);
  const did = outcomes.length === 0 ? '' : `: ${outcomes.join(', ')}`;
  return [
    `${steps} ${steps === 1 ? 'step' : 'steps'}${did}; ${formatUsage(usage)}.`,
    ...tokenLines(table),
    ...[failedLine(failed)].filter((line) => line !== ''),
    ...links.slice(0, mostLinks).map((url) => `  ${url}`),
    ...(links.length > mostLinks ? [`  and ${links.length - mostLinks} more pull requests`] : []),
    ending(report),
    ...failureLines(report, failures),
  ].join('\n');
}

/** Where the items are that failed, and how they are done again: a plan that is gone can't be retried. */
function failureLines({ stopped }: RunReport, { areInPlan, archived, hasPlan }: Failures): string[] {
  const before = hasPlan ? 'once the present plan is done, ' : '';
  const isThere = areInPlan && stopped !== 'plan-removed';
  return [
    ...archived.map(({ target, end }) => {
      const next = `${before}"regen plan ${shellQuote(target)}" makes the next one, which has it again`;
      return `What failed in ${target} is marked [!] in its plan, which was ${end}; ${next}.`;
    }),
    ...(isThere ? ['What failed is marked [!]; "regen retry --failed" sets it back.'] : []),
  ];
}

/** `autumn/bold shipped: https://… (41.2k tokens, $0.31, 93 s)` */
export function stepLine(
  step: Pick<StepResult, 'target' | 'item' | 'outcome' | 'reason' | 'pr' | 'usage' | 'durationMs'>,
): string {
  const what = [step.target, step.item].filter((part) => part !== null).join('/');
  const detail = step.pr?.url ?? step.reason?.split('\n')[0];
  const text = `${what === '' ? '' : `${what} `}${step.outcome}${detail === undefined ? '' : `: ${detail}`}`;
  return step.item === null || step.outcome === 'waiting'
    ? text
    : `${text} (${formatUsage(step.usage)}, ${formatDuration(step.durationMs)})`;
}

/** `asleep until 2026-05-02T14:00:00.000Z: …` */
export function waitLine(until: Date, reason: string): string {
  return `asleep until ${until.toISOString()}${reason === '' ? '' : `: ${reason}`}`;
}

interface Progress {
  readonly plan: Plan | null;
  readonly usage: Usage;
  readonly elapsedMs: number;
  /** Where each step stands, as it said last. */
  readonly at: readonly string[];
}

/** `2 of 7 items | $0.31 | 4 m 05 s | altair: agent | plotly: check` */
export function progressLine({ plan, usage, elapsedMs, at }: Progress): string {
  const total = plan?.items.length ?? 0;
  const counts = countStates(plan?.items ?? []);
  const items = plan === null ? 'no plan yet' : `${total - counts.todo - counts.waiting} of ${total} items`;
  return [items, formatUsd(usage.costUsd), formatDuration(elapsedMs), ...at].join(' | ');
}

function ending({ reason, retryAt, stopped }: RunReport): string {
  const why = reason === null ? '' : ` ${sentence(reason)}`;
  const when = retryAt === null ? 'later' : `at or after ${retryAt}`;
  switch (stopped) {
    case 'done':
      return `Done.${why} Run regen run for the next target.`;
    case 'targets':
    case 'max-steps':
    case 'max-usd':
    case 'max-minutes':
      return `Stopped at --${stopped}.${why} Run regen run again to go on.`;
    case 'plan-removed':
      return 'Stopped: the plan was taken away while the run went on. Run regen run for the next target.';
    case 'wait':
      return `Waiting:${why} Run regen run again ${when}, or with --wait.`;
    case 'interrupted':
      return `Interrupted. Run regen run again: it goes on from the last finished effect.`;
    default:
      return `Stopped (${named(stopped)}):${why}`;
  }
}

function named(stopped: RunStop): string {
  return stopped === 'bug' ? 'a bug in regen' : stopped;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
