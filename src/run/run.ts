/** `regen run`: steps in processes of their own, until its target is done or a limit is reached. */
import { setTimeout as delay } from 'node:timers/promises';
import { RegenError } from '../model/errors.js';
import { countStates, modeOf, planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { RunReport } from '../model/run-report.js';
import type { Surroundings } from '../model/surroundings.js';
import type { Usage } from '../model/usage.js';
import { noUsage } from '../model/usage.js';
import { afterStep, initialState, nextMove, stopped, withMarked } from './loop.js';
import type { RunLimits, RunState, Stop, View } from './loop.js';
import type { StepEnd } from './step-end.js';

/** What a run works with. */
export interface RunParts {
  readonly surroundings: Pick<Surroundings, 'now'>;
  readonly plans: { read(): Promise<Plan | null> };
  readonly ledger: { sum(filter: { readonly since: Date; readonly ofPlans: true }): Promise<Usage> };
  readonly observer: RunObserver;
  /** Takes the run lock and says how steps are started under it. @throws RegenError `wait` when somebody else has it. */
  take(): Promise<Steps>;
}

/** The run lock, held, and the steps under it. */
export interface Steps extends AsyncDisposable {
  run(onLine: (line: string) => void, start: StepStart): Promise<StepEnd>;
}

/** What a step is begun for: it does nothing else. */
export interface StepStart {
  /** The plan's key; null: to make one. */
  readonly plan: string | null;
  /** Others are at work: it is to take items. */
  readonly isBeside: boolean;
}

/** Is told what happens while it happens. */
export interface RunObserver {
  /** A line of progress of a step; steps are numbered from 1 in the order of their starts. */
  said(step: number, line: string): void;
  ended(step: number, end: StepEnd): void;
  /** A wait that is slept through. */
  sleeps(until: Date, reason: string): void;
  stands(plan: Plan | null, usage: Usage): void;
}

/** Runs to its end; what stops it is part of the report. */
export async function run(parts: RunParts, limits: RunLimits, signal: AbortSignal): Promise<RunReport> {
  const startedAt = parts.surroundings.now();
  const course: Course = {
    ...{ parts, limits, signal, startedAt },
    ...{ running: new Map<number, Promise<Ended>>(), started: 0, plan: null, usage: noUsage },
    ...{ state: initialState(), failed: new Map(), before: new Map() },
  };
  const steps = await takeLock(course);
  if (steps !== null) {
    await using held = steps;
    await runSteps(course, held);
  }
  return reportOf(course);
}

interface Ended {
  readonly number: number;
  readonly end: StepEnd;
  readonly begun: StepStart;
}

/** A run under way: the effects' side of what loop.ts decides on. */
interface Course {
  readonly parts: RunParts;
  readonly limits: RunLimits;
  readonly signal: AbortSignal;
  readonly startedAt: Date;
  readonly running: Map<number, Promise<Ended>>;
  started: number;
  plan: Plan | null;
  usage: Usage;
  state: RunState;
  /** Items that are `[!]`, by their plans, and weren't before the run. */
  readonly failed: Map<string, ReadonlySet<string>>;
  /** The items that were, of the plan that was there. */
  readonly before: Map<string, ReadonlySet<string>>;
}

/** The lock is waited for like anything else; null: the run is over without it. */
async function takeLock(course: Course): Promise<Steps | null> {
  for (;;) {
    try {
      return await course.parts.take();
    } catch (error) {
      if (!(error instanceof RegenError) || error.code !== 'wait') throw error;
      const { message: reason, retryAt } = error;
      course.state = afterStep(
        course.state,
        { kind: 'error', code: 'wait', reason, retryAt, document: null },
        viewOf(course),
        course.limits,
      );
    }
    const move = nextMove(course.state, viewOf(course), course.limits);
    if (move.kind === 'sleep') await sleep(course, move.until);
    if (move.kind === 'over') course.state = stopped(course.state, move.stop);
    if (course.state.stop !== null) return null;
  }
}

async function runSteps(course: Course, steps: Steps): Promise<void> {
  await look(course);
  if (course.plan !== null) {
    course.state = { ...course.state, begun: 1 };
    course.before.set(planKey(course.plan), failedOf(course.plan));
  }
  for (;;) {
    const move = nextMove(course.state, viewOf(course), course.limits);
    switch (move.kind) {
      case 'start':
        start(course, steps);
        break;
      case 'await':
        await endOne(course);
        break;
      case 'sleep':
        await sleep(course, move.until);
        await look(course);
        break;
      case 'over':
        course.state = stopped(course.state, move.stop);
        return;
    }
  }
}

function start(course: Course, steps: Steps): void {
  course.started += 1;
  const number = course.started;
  const { observer } = course.parts;
  const begun = { plan: keyOf(course.plan), isBeside: course.running.size > 0 };
  const ended = steps.run((line) => {
    observer.said(number, line);
  }, begun);
  course.running.set(
    number,
    ended.then((end) => ({ number, end, begun })),
  );
}

async function endOne(course: Course): Promise<void> {
  const { number, end, begun } = await Promise.race(course.running.values());
  course.running.delete(number);
  course.parts.observer.ended(number, end);
  await look(course);
  const isLate =
    begun.plan === keyOf(course.plan)
      ? begun.isBeside && isTooLate(end, course.running.size)
      : isWaiting(end);
  course.state = isLate
    ? withMarked(course.state, end)
    : afterStep(course.state, end, viewOf(course), course.limits);
}

function keyOf(plan: Plan | null): string | null {
  return plan === null ? null : planKey(plan);
}

/** What it waits for is nothing to a plan that has come since. */
function isWaiting(end: StepEnd): boolean {
  return end.kind === 'step' ? end.result.outcome === 'waiting' : end.kind === 'error' && end.code === 'wait';
}

/**
 * Begun for an item while one was open, and none was any more when it looked; or it found all of them in the hands of
 * steps that have ended since.
 */
function isTooLate(end: StepEnd, running: number): boolean {
  const isOver = (retryAt: Date | string | null): boolean => running === 0 && retryAt === null;
  if (end.kind !== 'step') return end.kind === 'error' && end.code === 'wait' && isOver(end.retryAt);
  const { mode, outcome, retryAt } = end.result;
  if (outcome === 'nothing') return mode === 'execute';
  return outcome === 'waiting' && (mode !== 'execute' || isOver(retryAt));
}

/** Reads where the plan and the money stand; a plan that can't be read stops the run as it stops a step. */
async function look(course: Course): Promise<void> {
  const { ledger, observer, plans } = course.parts;
  if (course.signal.aborted) course.state = { ...course.state, stop: stopOf(course.signal.reason) };
  try {
    course.plan = await plans.read();
    if (course.plan !== null) course.failed.set(planKey(course.plan), failedOf(course.plan));
    course.usage = await ledger.sum({ since: course.startedAt, ofPlans: true });
    observer.stands(course.plan, course.usage);
  } catch (error) {
    course.state = stopped(course.state, stopOf(error));
  }
}

function viewOf({ parts, plan, running, startedAt, usage }: Course): View {
  return {
    now: parts.surroundings.now(),
    startedAt,
    mode: modeOf(plan),
    todo: plan === null ? 0 : countStates(plan.items).todo,
    running: running.size,
    spentUsd: usage.costUsd,
  };
}

/** Short naps: a clock that is set, or a machine that was asleep, is noticed. */
const longestNapMs = 30_000;

async function sleep(course: Course, until: Date): Promise<void> {
  const { parts, signal, state } = course;
  parts.observer.sleeps(until, state.waitReason);
  const left = until.getTime() - parts.surroundings.now().getTime();
  await delay(Math.max(0, Math.min(left, longestNapMs)), undefined, { signal }).catch(() => undefined);
  if (signal.aborted) course.state = { ...course.state, stop: stopOf(signal.reason) };
}

function stopOf(error: unknown): Stop {
  if (!(error instanceof RegenError)) throw error;
  const { code, message, hint, retryAt } = error;
  const reason = hint === null ? message : `${message.replace(/\.$/, '')}. ${hint}`;
  return { why: code, reason, retryAt };
}

function failedOf({ items }: Plan): ReadonlySet<string> {
  return new Set(items.filter(({ state }) => state === 'failed').map(({ id }) => id));
}

/** In the plans: a step that is killed when it has marked an item says nothing of it. */
function newFailures({ failed, before }: Course): number {
  const counts = [...failed].map(
    ([plan, items]) => [...items].filter((id) => !(before.get(plan) ?? none).has(id)).length,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const none: ReadonlySet<string> = new Set();

function reportOf(course: Course): RunReport {
  const { state, usage } = course;
  const { steps, stop } = state;
  const counts = { ...state.counts, failed: Math.max(state.counts.failed, newFailures(course)) };
  if (stop === null) throw new Error('a run that is over has a reason to be');
  const { why: stopped, reason, retryAt } = stop;
  return { steps, counts, usage, stopped, reason, retryAt: retryAt?.toISOString() ?? null };
}
