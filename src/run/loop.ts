/** What a run does next, and what a step's end means to it. Pure: the effects are in run.ts and children.ts. */
import type { Mode } from '../model/plan.js';
import type { RunStop } from '../model/run-report.js';
import type { Outcome } from '../model/step-result.js';
import { pauseUntil } from './pause.js';
import type { ReadStep } from '../model/step-document.js';
import type { StepEnd } from './step-end.js';

export interface RunLimits {
  readonly maxSteps: number | null;
  readonly maxUsd: number | null;
  readonly maxMinutes: number | null;
  /** Targets to archive; null: one. */
  readonly targets: number | null;
  /** Steps at once, at least 1. */
  readonly jobs: number;
  /** Sleep through waits. */
  readonly wait: boolean;
}

export interface Stop {
  readonly why: RunStop;
  readonly reason: string | null;
  readonly retryAt: Date | null;
}

/** What a run remembers of its steps. */
export interface RunState {
  readonly steps: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Targets whose plan the run found or wrote. */
  readonly begun: number;
  /** What the dearest item cost, in US dollars; null: none was done yet. */
  readonly dearestUsd: number | null;
  /** Steps in a row that were killed. */
  readonly deaths: number;
  /** Waits in a row. */
  readonly waits: number;
  readonly pausedUntil: Date | null;
  /** A step found what it needs in the hands of those at work: the next one begins when one of them has ended. */
  readonly isHeld: boolean;
  /** What was waited for last; '' when nothing was. */
  readonly waitReason: string;
  readonly stop: Stop | null;
}

/** What the run sees before it decides. */
export interface View {
  readonly now: Date;
  readonly startedAt: Date;
  readonly mode: Mode;
  /** Items marked `[ ]`; those being worked on are among them. */
  readonly todo: number;
  /** Children at work. */
  readonly running: number;
  /** US dollars booked since the start; null: a model without a price took part. */
  readonly spentUsd: number | null;
}

export type Move =
  | { readonly kind: 'start' }
  /** For a child to end. */
  | { readonly kind: 'await' }
  | { readonly kind: 'sleep'; readonly until: Date }
  | { readonly kind: 'over'; readonly stop: Stop };

/** A run of a child killed so often in a row isn't bad luck. */
const mostDeaths = 3;

/** Before the first step. */
export function initialState(): RunState {
  return {
    steps: 0,
    counts: {
      ...{ planned: 0, shipped: 0, unchanged: 0, failed: 0, skipped: 0 },
      ...{ waiting: 0, archived: 0, nothing: 0 },
    },
    begun: 0,
    dearestUsd: null,
    deaths: 0,
    waits: 0,
    pausedUntil: null,
    isHeld: false,
    waitReason: '',
    stop: null,
  };
}

/** Children at work are always waited for before the run is over. */
export function nextMove(state: RunState, view: View, limits: RunLimits): Move {
  const stop = state.stop ?? limitReached(state, view, limits) ?? endlessPause(state, view, limits);
  if (stop !== null) return view.running > 0 ? { kind: 'await' } : { kind: 'over', stop };
  if (isPaused(state, view)) {
    return view.running > 0 ? { kind: 'await' } : { kind: 'sleep', until: state.pausedUntil };
  }
  if (state.isHeld && view.running > 0) return { kind: 'await' };
  return hasRoom(state, view, limits) ? { kind: 'start' } : { kind: 'await' };
}

/** What the run knows after a step has ended; `view` is what it sees then. */
export function afterStep(before: RunState, end: StepEnd, view: View, limits: RunLimits): RunState {
  const state = { ...withMarked(before, end), isHeld: false };
  switch (end.kind) {
    case 'step':
      return end.result.outcome === 'waiting'
        ? afterWait(state, { reason: end.result.reason, retryAt: dateOf(end.result.retryAt) }, view, limits)
        : afterResult(state, end.result, limits);
    case 'error':
      return end.code === 'wait'
        ? afterWait(state, { reason: end.reason, retryAt: end.retryAt }, view, limits)
        : stopped(state, { why: end.code, reason: end.reason, retryAt: null });
    case 'killed':
      return afterDeath(state, end.signal);
  }
}

/** A step that has to wait may have marked items before. */
export function withMarked(state: RunState, end: StepEnd): RunState {
  if (end.kind !== 'step' || end.result.outcome !== 'waiting') return state;
  return {
    ...state,
    counts: added(
      state.counts,
      (end.result.items ?? []).map(({ outcome }) => outcome),
    ),
  };
}

/** The first reason to stop stands. */
export function stopped(state: RunState, stop: Stop): RunState {
  return { ...state, stop: state.stop ?? stop };
}

function afterResult(
  state: RunState,
  { mode, outcome, reason, usage, items }: ReadStep,
  { targets }: RunLimits,
): RunState {
  const counts = added(state.counts, items?.map((item) => item.outcome) ?? [outcome]);
  const isItem = outcome !== 'planned' && outcome !== 'archived' && outcome !== 'nothing';
  const isEnough = outcome === 'archived' && counts.archived >= (targets ?? 1);
  const why = isEnough && targets !== null ? 'targets' : 'done';
  const next: RunState = {
    ...state,
    steps: state.steps + 1,
    counts,
    begun: state.begun + (outcome === 'planned' ? 1 : 0),
    dearestUsd: isItem ? Math.max(state.dearestUsd ?? 0, usage.costUsd ?? 0) : state.dearestUsd,
    deaths: 0,
    waits: 0,
  };
  // In execute mode: what was open was marked meanwhile.
  if (outcome === 'nothing' && mode !== 'execute')
    return stopped(next, { why: 'done', reason, retryAt: null });
  return isEnough ? stopped(next, { why, reason: null, retryAt: null }) : next;
}

/** A step of the worker has several items, and counts for each of them. */
function added(counts: RunState['counts'], outcomes: readonly Outcome[]): RunState['counts'] {
  const sums = { ...counts };
  for (const outcome of outcomes) sums[outcome] += 1;
  return sums;
}

interface Wait {
  readonly reason: string | null;
  readonly retryAt: Date | null;
}

function afterWait(state: RunState, wait: Wait, view: View, limits: RunLimits): RunState {
  // Somebody marked the item that this child was started for: the others' ends decide how it goes on.
  if (view.running > 0 && view.todo <= view.running) return state;
  // Money that others have set aside, and locks, are free when those end: nobody knows when.
  if (view.running > 0 && wait.retryAt === null) return { ...state, isHeld: true };
  const counts = { ...state.counts, waiting: state.counts.waiting + 1 };
  const next = { ...state, counts, deaths: 0, waits: state.waits + 1, waitReason: wait.reason ?? '' };
  if (!limits.wait) return stopped(next, { why: 'wait', ...wait });
  return { ...next, pausedUntil: pauseUntil({ ...wait, waits: state.waits, now: view.now }) };
}

/** The next step recovers what a killed one left. */
function afterDeath(state: RunState, signal: string): RunState {
  const next = { ...state, deaths: state.deaths + 1 };
  if (next.deaths < mostDeaths) return next;
  const reason = `${mostDeaths} steps in a row were ended by ${signal}: look whether memory runs out, or who kills them`;
  return stopped(next, { why: 'environment', reason, retryAt: null });
}

function limitReached(state: RunState, view: View, limits: RunLimits): Stop | null {
  const { maxMinutes, maxSteps, maxUsd, targets } = limits;
  const limit = (why: RunStop, reason: string | null = null): Stop => ({ why, reason, retryAt: null });
  if (maxSteps !== null && state.steps >= maxSteps) return limit('max-steps');
  if (maxUsd !== null && view.spentUsd === null)
    return limit(
      'config',
      '--max-usd can’t be watched: a model without a price took part. Add it to prices in regen.yaml.',
    );
  if (maxUsd !== null && (view.spentUsd ?? 0) >= maxUsd) return limit('max-usd');
  if (maxMinutes !== null && view.now.getTime() >= deadlineOf(view, maxMinutes)) return limit('max-minutes');
  return view.mode === 'plan' && state.begun >= (targets ?? 1) ? limit('plan-removed') : null;
}

/** A wait that would outlast the run isn't slept through. */
function endlessPause(state: RunState, view: View, { maxMinutes }: RunLimits): Stop | null {
  if (!isPaused(state, view) || maxMinutes === null) return null;
  if (state.pausedUntil.getTime() < deadlineOf(view, maxMinutes)) return null;
  const reason = 'what is waited for would take longer than --max-minutes';
  return { why: 'max-minutes', reason, retryAt: state.pausedUntil };
}

function deadlineOf({ startedAt }: View, maxMinutes: number): number {
  return startedAt.getTime() + maxMinutes * 60_000;
}

function isPaused(state: RunState, { now }: View): state is RunState & { readonly pausedUntil: Date } {
  return state.pausedUntil !== null && now < state.pausedUntil;
}

/** Whether another step may begin beside those at work; plan and archive are steps that run alone. */
function hasRoom(state: RunState, view: View, { jobs, maxSteps, maxUsd }: RunLimits): boolean {
  if (view.running === 0) return true;
  if (view.mode !== 'execute' || view.running >= jobs || view.todo <= view.running) return false;
  if (maxSteps !== null && state.steps + view.running >= maxSteps) return false;
  if (maxUsd === null) return true;
  // What is at work may yet cost as much as the dearest so far; until one has ended nobody knows, and it runs alone.
  const { dearestUsd } = state;
  return dearestUsd !== null && (view.spentUsd ?? 0) + (view.running + 1) * dearestUsd <= maxUsd;
}

function dateOf(text: string | null): Date | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : new Date(at);
}
