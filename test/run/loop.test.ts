import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/step-result.js';
import { noUsage } from '../../src/model/usage.js';
import { afterStep, initialState, nextMove, stopped } from '../../src/run/loop.js';
import type { RunLimits, RunState, View } from '../../src/run/loop.js';
import type { StepEnd } from '../../src/run/step-end.js';

const startedAt = new Date('2026-05-02T14:00:00Z');
const noLimits: RunLimits = {
  ...{ maxSteps: null, maxUsd: null, maxMinutes: null, targets: null },
  ...{ jobs: 1, wait: false },
};

function view(change: Partial<View> = {}): View {
  return { now: startedAt, startedAt, mode: 'execute', todo: 3, running: 0, spentUsd: 0, ...change };
}

interface StepLiteral {
  readonly costUsd?: number;
  readonly retryAt?: string;
  readonly reason?: string;
  readonly mode?: View['mode'];
}

function step(outcome: Outcome, more: StepLiteral = {}): StepEnd {
  const { costUsd = 0, retryAt = null, reason = null, mode = 'execute' } = more;
  const usage = { ...noUsage, costUsd };
  const place = { mode, target: 't', item: 'i' } as const;
  const rest = { ...place, pr: null, durationMs: 1, remaining: 1, evidence: null };
  return { kind: 'step', result: { ...rest, outcome, reason, usage, retryAt }, document: {} };
}

function after(ends: readonly StepEnd[], limits = noLimits, state: RunState = initialState()): RunState {
  return ends.reduce((last, end) => afterStep(last, end, view(), limits), state);
}

const killed: StepEnd = { kind: 'killed', signal: 'SIGKILL' };
const at = (minutes: number): Date => new Date(startedAt.getTime() + minutes * 60_000);

describe('the count of outcomes', () => {
  it('is one of items: a pack counts for each of those that it marked', () => {
    const pack = step('failed');
    const items = [
      { id: 'a', outcome: 'shipped', reason: null, pr: null },
      { id: 'b', outcome: 'shipped', reason: null, pr: null },
      { id: 'c', outcome: 'failed', reason: 'no result', pr: null },
    ] as const;
    if (pack.kind !== 'step') throw new Error('a step is a step');

    const { counts, steps } = after([{ ...pack, result: { ...pack.result, items } }, step('shipped')]);

    expect(steps).toBe(2);
    expect(counts).toMatchObject({ shipped: 3, failed: 1 });
  });
});

describe('the next move of a run', () => {
  it('starts one step at a time unless told otherwise', () => {
    expect(nextMove(initialState(), view(), noLimits)).toEqual({ kind: 'start' });
    expect(nextMove(initialState(), view({ running: 1 }), noLimits)).toEqual({ kind: 'await' });
  });

  it.each([
    ['as many as there are jobs', { running: 2, todo: 9 }, 'start'],
    ['no more than there are jobs', { running: 3, todo: 9 }, 'await'],
    ['none when every open item is in somebody’s hands', { running: 2, todo: 2 }, 'await'],
    ['no plan beside a step', { running: 1, mode: 'plan' }, 'await'],
    ['no archive beside a step', { running: 1, mode: 'done', todo: 0 }, 'await'],
    ['a plan alone', { mode: 'plan', todo: 0 }, 'start'],
    ['an archive alone', { mode: 'done', todo: 0 }, 'start'],
  ] as const)('starts %s', (_, change, kind) => {
    const move = nextMove(initialState(), view(change), { ...noLimits, jobs: 3 });

    expect(move.kind).toBe(kind);
  });

  it('leaves room in the steps for those at work', () => {
    const limits = { ...noLimits, jobs: 4, maxSteps: 3 };
    const state = after([step('shipped')], limits);

    expect(nextMove(state, view({ running: 1 }), limits)).toEqual({ kind: 'start' });
    expect(nextMove(state, view({ running: 2 }), limits)).toEqual({ kind: 'await' });
  });

  it('leaves room in the money for those at work, as dear as the dearest so far', () => {
    const limits = { ...noLimits, jobs: 4, maxUsd: 10 };
    const state = after([step('shipped', { costUsd: 2 }), step('failed', { costUsd: 3 })], limits);

    expect(nextMove(state, view({ running: 1, spentUsd: 4 }), limits)).toEqual({ kind: 'start' });
    expect(nextMove(state, view({ running: 1, spentUsd: 5 }), limits)).toEqual({ kind: 'await' });
    expect(nextMove(state, view({ spentUsd: 9.99 }), limits)).toEqual({ kind: 'start' });
  });

  it('does the first item alone under a limit in money: nobody knows yet what it costs', () => {
    const limits = { ...noLimits, jobs: 4, maxUsd: 10 };

    expect(nextMove(after([step('planned')], limits), view({ running: 1 }), limits)).toEqual({
      kind: 'await',
    });
  });

  it.each([
    ['max-steps', { maxSteps: 1 }, view()],
    ['max-usd', { maxUsd: 5 }, view({ spentUsd: 5 })],
    ['max-minutes', { maxMinutes: 5 }, view({ now: at(5) })],
  ] as const)('is the end at %s, once nothing is at work', (why, change, seen) => {
    const limits = { ...noLimits, ...change };
    const state = after([step('shipped')], limits);

    const stop = { why, reason: null, retryAt: null };
    expect(nextMove(state, seen, limits)).toEqual({ kind: 'over', stop });
    expect(nextMove(state, { ...seen, running: 1 }, limits)).toEqual({ kind: 'await' });
  });

  it('is the end when the money can’t be watched', () => {
    const move = nextMove(initialState(), view({ spentUsd: null }), { ...noLimits, maxUsd: 5 });

    expect(move).toMatchObject({ kind: 'over', stop: { why: 'config' } });
  });

  it('is the end when a person took the plan away, not another plan', () => {
    const state = after([step('planned'), step('shipped')]);

    expect(nextMove(state, view({ mode: 'plan', todo: 0 }), noLimits)).toMatchObject({
      stop: { why: 'plan-removed' },
    });
  });

  it('is the end after an archive, or after as many as were asked for', () => {
    const three = { ...noLimits, targets: 2 };
    const one = [step('planned'), step('archived')];

    expect(after(one).stop).toEqual({ why: 'done', reason: null, retryAt: null });
    expect(after(one, three).stop).toBeNull();
    expect(nextMove(after(one, three), view({ mode: 'plan', todo: 0 }), three)).toEqual({ kind: 'start' });
    expect(after([...one, ...one], three).stop).toMatchObject({ why: 'targets' });
    expect(after([step('nothing', { mode: 'plan', reason: 'all done' })], three).stop).toEqual({
      ...{ why: 'done', reason: 'all done', retryAt: null },
    });
  });
});

describe('a wait', () => {
  const retryAt = at(10).toISOString();

  it('stops the run with when to come again', () => {
    const state = after([step('shipped'), step('waiting', { reason: 'limit', retryAt })]);

    expect(state).toMatchObject({
      steps: 1,
      counts: { shipped: 1, waiting: 1 },
      stop: { why: 'wait', reason: 'limit', retryAt: at(10) },
    });
  });

  it('is slept through when asked', () => {
    const limits = { ...noLimits, wait: true };
    const state = after([step('waiting', { retryAt })], limits);

    expect(nextMove(state, view(), limits)).toEqual({ kind: 'sleep', until: at(10) });
    expect(nextMove(state, view({ running: 1 }), limits)).toEqual({ kind: 'await' });
    expect(nextMove(state, view({ now: at(10) }), limits)).toEqual({ kind: 'start' });
  });

  it('goes on although a step that was at work meanwhile is done', () => {
    const limits = { ...noLimits, jobs: 2, wait: true };
    const state = after([step('waiting', { retryAt }), step('shipped')], limits);

    expect(nextMove(state, view(), limits)).toEqual({ kind: 'sleep', until: at(10) });
  });

  it('that would outlast the run’s minutes ends it, and says when to come again', () => {
    const limits = { ...noLimits, wait: true, maxMinutes: 9 };
    const state = after([step('waiting', { retryAt })], limits);

    expect(nextMove(state, view(), limits)).toMatchObject({
      stop: { why: 'max-minutes', retryAt: at(10) },
    });
  });

  it('of nobody knows how long is tried again after ever longer moments, at most a minute', () => {
    const limits = { ...noLimits, wait: true };
    const moments: number[] = [];
    let state = initialState();
    for (let wait = 0; wait < 8; wait += 1) {
      state = after([step('waiting')], limits, state);
      moments.push(((state.pausedUntil?.getTime() ?? 0) - startedAt.getTime()) / 1000);
    }

    expect(moments).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(after([step('shipped'), step('waiting')], limits, state).pausedUntil).toEqual(
      new Date(startedAt.getTime() + 1000),
    );
  });

  it('counts what a step marked before it had to wait', () => {
    const items = [{ id: 'a', outcome: 'failed', reason: 'no result', pr: null }] as const;
    const waiting = step('waiting', { retryAt });
    if (waiting.kind !== 'step') throw new Error('a step is a step');

    const { counts } = after([{ ...waiting, result: { ...waiting.result, items } }]);

    expect(counts).toMatchObject({ failed: 1, waiting: 1 });
  });

  it('isn’t ended by a step whose items others had marked before it looked', () => {
    const state = after([step('shipped'), step('nothing')]);

    expect(state.stop).toBeNull();
    expect(nextMove(state, view({ mode: 'done', todo: 0 }), noLimits)).toEqual({ kind: 'start' });
  });

  it('doesn’t count when the step found its item taken: the others’ ends decide', () => {
    const state = initialState();

    expect(afterStep(state, step('waiting'), view({ running: 2, todo: 2 }), noLimits)).toEqual(state);
    const later = step('waiting', { retryAt });
    expect(afterStep(state, later, view({ running: 2, todo: 3 }), noLimits).stop).not.toBeNull();
  });

  it('for what others at work hold is over when one of them ends', () => {
    const limits = { ...noLimits, jobs: 3 };
    const held = afterStep(initialState(), step('waiting'), view({ running: 1, todo: 5 }), limits);

    expect(held).toMatchObject({ stop: null, counts: { waiting: 0 } });
    expect(nextMove(held, view({ running: 1, todo: 5 }), limits)).toEqual({ kind: 'await' });
    const freed = afterStep(held, step('shipped'), view({ todo: 4 }), limits);
    expect(nextMove(freed, view({ todo: 4 }), limits)).toEqual({ kind: 'start' });
    expect(afterStep(held, step('waiting'), view({ todo: 5 }), limits).stop).toMatchObject({ why: 'wait' });
  });

  it('may also be told as an error', () => {
    const end: StepEnd = { kind: 'error', code: 'wait', reason: 'busy', retryAt: null, document: {} };

    expect(after([end]).stop).toEqual({ why: 'wait', reason: 'busy', retryAt: null });
  });
});

describe('a step that didn’t come to a result', () => {
  it('stops the run with its code', () => {
    const end: StepEnd = {
      kind: 'error',
      code: 'environment',
      reason: 'no git',
      retryAt: null,
      document: {},
    };

    expect(after([end])).toMatchObject({ steps: 0, stop: { why: 'environment', reason: 'no git' } });
  });

  it('is followed by another when it was killed, but not after three in a row', () => {
    expect(after([killed, killed]).stop).toBeNull();
    expect(after([killed, killed, step('shipped'), killed, killed]).stop).toBeNull();
    expect(after([killed, killed, killed]).stop).toMatchObject({ why: 'environment' });
  });

  it('leaves the first reason standing', () => {
    const first = { why: 'environment', reason: 'first', retryAt: null } as const;

    expect(stopped(stopped(initialState(), first), { ...first, reason: 'second' }).stop).toEqual(first);
  });
});

describe('whatever its steps come to, a run', () => {
  const ends = fc.oneof(
    fc
      .constantFrom<Outcome>('planned', 'shipped', 'failed', 'skipped', 'unchanged', 'waiting', 'archived')
      .map((outcome) => step(outcome, { costUsd: 1 })),
    fc.constant(killed),
  );
  const views = fc.record({
    mode: fc.constantFrom<View['mode']>('plan', 'execute', 'done'),
    todo: fc.nat(6),
    running: fc.nat(5),
    spentUsd: fc.nat(20),
  });

  it('never has more at work than jobs, open items, steps and money allow', () => {
    fc.assert(
      fc.property(
        fc.array(ends, { maxLength: 12 }),
        views,
        fc.integer({ min: 1, max: 5 }),
        (all, seen, jobs) => {
          const limits = { ...noLimits, jobs, maxSteps: 8, maxUsd: 10, targets: 3, wait: true };
          const state = after(all, limits);

          const move = nextMove(state, view(seen), limits);

          if (move.kind !== 'start') return;
          expect(state.steps + seen.running).toBeLessThan(8);
          expect(seen.spentUsd).toBeLessThan(10);
          if (seen.running === 0) return;
          expect(seen.running).toBeLessThan(Math.min(jobs, seen.todo));
          expect(seen.mode).toBe('execute');
        },
      ),
    );
  });

  it('is over only when nothing is at work, and awaits only when something is', () => {
    fc.assert(
      fc.property(fc.array(ends, { maxLength: 12 }), views, (all, seen) => {
        const limits = { ...noLimits, jobs: 3, maxSteps: 8 };

        const { kind } = nextMove(after(all, limits), view(seen), limits);

        expect(kind === 'over' ? seen.running === 0 : kind !== 'await' || seen.running > 0).toBe(true);
      }),
    );
  });
});
