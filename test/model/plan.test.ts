import { expect, it } from 'vitest';
import { countStates, modeOf, planKey } from '../../src/model/plan.js';
import type { ItemState, Plan } from '../../src/model/plan.js';

function planOf(...states: readonly ItemState[]): Plan {
  return {
    target: 'scatter-basic',
    title: null,
    updated: null,
    base: null,
    created: null,
    heading: 'Items',
    items: states.map((state, index) => ({ id: `item-${index}`, state, line: index + 3, note: '' })),
    changeRequests: [],
    log: [],
  };
}

it('without a plan a step plans', () => {
  expect(modeOf(null)).toBe('plan');
});

it('a step executes while an item is to do or handed off', () => {
  expect(modeOf(planOf('done', 'todo'))).toBe('execute');
  expect(modeOf(planOf('done', 'waiting'))).toBe('execute');
});

it('a plan is done when nothing is to do, failed and skipped items included', () => {
  expect(modeOf(planOf('done', 'failed', 'skipped'))).toBe('done');
});

it('items are counted by state', () => {
  expect(countStates(planOf('done', 'todo', 'done', 'waiting', 'failed').items)).toEqual({
    todo: 1,
    done: 2,
    failed: 1,
    skipped: 0,
    waiting: 1,
  });
});

it('a plan’s key is its creation instant as one component of a path', () => {
  expect(planKey({ created: '2026-05-02T13:50:00Z' })).toBe('20260502T135000Z');
  expect(planKey({ created: '2026-05-02T13:50:00.123Z' })).toBe('20260502T135000Z');
  expect(planKey({ created: '../../x' })).toBe('x');
});

it('a plan without a usable creation instant has a key all the same', () => {
  expect([null, '', '—', '../..'].map((created) => planKey({ created }))).toEqual(
    Array.from({ length: 4 }, () => 'undated'),
  );
});
