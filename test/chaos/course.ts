/** How a trial goes: what disturbs which invocation, and what may come of it. */
import { setTimeout as delay } from 'node:timers/promises';
import { countStates } from '../../src/model/plan.js';
import type { Invocation, InvocationWish, Scene } from './scene.js';
import type { Variant } from './variants.js';

/**
 * `open`: an open pull request of ours; `merged` and `closed`: what a person made of it; `failed`: marked `[!]`;
 * `unchanged`: left out for want of a change.
 */
export type Fate = 'open' | 'merged' | 'closed' | 'failed' | 'unchanged';

export interface Course {
  readonly variant: Variant;
  /** Called before each invocation, with its 0-based number. */
  wish(scene: Scene, index: number): Promise<InvocationWish> | InvocationWish;
  /** Called after each invocation: the place to take the cause away. */
  after?(scene: Scene, invocation: Invocation, index: number): Promise<void> | void;
  /** Exit statuses besides 0 that the disturbance accounts for. */
  readonly tolerated: readonly number[];
  /** The reasons for which an item may be marked `[!]`; it is then retried. null: none may. */
  readonly failure: RegExp | null;
  /** A failure that no retry mends: nothing is retried. */
  readonly isFinal?: boolean;
  /** A retry must not ask a model: the work is there already. */
  readonly isRetryFree?: boolean;
  fate?(item: string): Fate;
  /** How many faults took place (kills are counted by themselves). */
  faults?(scene: Scene): Promise<number> | number;
  /** What else went wrong, in words. */
  readonly problems?: () => readonly string[];
  /** Requests of the forge's log that had no effect: a predicate over method, path and their place in the log. */
  readonly refused?: () => ReadonlySet<number>;
}

/** More invocations than this and the line doesn't come to an end. */
const mostInvocations = 40;

/** Invokes regen until the plan is archived; returns what went against the contract on the way. */
export async function follow(scene: Scene, course: Course): Promise<readonly string[]> {
  const violations: string[] = [];
  let billedAtRetry: number | null = null;
  let flags: readonly string[] = [];
  for (let index = 0; index < mostInvocations; index += 1) {
    if (billedAtRetry === null && (await isToBeRetried(scene, course))) {
      billedAtRetry = scene.model.bill.length;
      await scene.invoke({ args: ['retry', '--failed'] });
    }
    const wish = await course.wish(scene, index);
    const invocation = await scene.invoke({ ...wish, args: ['--json', ...flags] });
    await course.after?.(scene, invocation, index);
    violations.push(...judge(invocation, course));
    if (await isOver(scene, invocation)) {
      const paid = course.isRetryFree === true ? scene.model.bill.length - (billedAtRetry ?? Infinity) : 0;
      return paid > 0 ? [...violations, `the retry paid for ${paid} answers`] : violations;
    }
    flags = await waitFor(scene, invocation);
  }
  return [...violations, `not archived after ${mostInvocations} invocations`];
}

/** Everything is marked, and something has failed that can be mended. */
async function isToBeRetried(scene: Scene, course: Course): Promise<boolean> {
  if (course.failure === null || course.isFinal === true) return false;
  const plan = await scene.plan().catch(() => null);
  if (plan === null) return false;
  const { failed, todo } = countStates(plan.items);
  return failed > 0 && todo === 0;
}

function judge({ exitCode, wasKilled, reason, stderr }: Invocation, course: Course): string[] {
  if (wasKilled || exitCode === 0) return [];
  if (exitCode === 1 && course.failure?.test(reason) === true) return [];
  if (exitCode === 75 && course.variant.worker?.waits?.test(reason) === true) return [];
  if (exitCode !== null && exitCode !== 1 && course.tolerated.includes(exitCode)) return [];
  return [`exit ${exitCode ?? 'by a signal'}: ${reason} ${stderr.trim().split('\n').slice(-6).join(' | ')}`];
}

/** Archived by this invocation, or by one that was killed before it could say so. */
async function isOver(scene: Scene, invocation: Invocation): Promise<boolean> {
  if (invocation.exitCode !== 0 || (await scene.archived()).length === 0) return false;
  // What failed is planned anew where the archive came to its end, and the step didn't.
  const isNext = invocation.outcome === 'planned';
  if (isNext) await scene.dropPlan();
  return isNext || invocation.outcome === 'archived' || invocation.outcome === 'nothing';
}

const nearMs = 4000;

/** Waits if it isn't for long; else says with what flags the next invocation need not. */
async function waitFor(scene: Scene, { exitCode, retryAt }: Invocation): Promise<readonly string[]> {
  if (exitCode !== 75) return [];
  const ms = (retryAt?.getTime() ?? Infinity) - Date.now();
  if (ms > nearMs) return scene.canSkipWaits ? ['--no-wait-state'] : [];
  if (ms > 0) await delay(ms);
  return [];
}
