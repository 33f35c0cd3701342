import { expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { failuresOf } from '../../src/step/logged-failures.js';

function planOf(target: string, log: readonly (readonly [item: string, text: string])[]): Plan {
  return {
    target,
    title: null,
    updated: null,
    base: null,
    created: null,
    heading: 'Items',
    items: [
      { id: 'one', state: 'done', line: 1, note: '' },
      { id: 'two', state: 'failed', line: 2, note: '' },
    ],
    changeRequests: [],
    log: log.map(([item, text], line) => ({ item, text, line })),
  };
}

it('reads reason, log and instant, the newest first, the plan at work before the archives', () => {
  const failures = failuresOf(
    planOf('alpha', [
      ['one', 'FAILED: out of time: no end after 30 m (2026-11-20T08:00:00Z)'],
      ['one', 'PR https://forge.example/pull/1, 2.0k tokens, $0.10 (2026-11-20T09:00:00Z)'],
      [
        'two',
        'FAILED: check "a; b" failed: (x); log .regen/runs/x.log; next: regen retry two (2026-11-20T10:00:00Z)',
      ],
    ]),
    [{ plan: planOf('beta', [['gone', 'FAILED — by hand']]) }],
  );

  expect(failures).toEqual([
    {
      at: '2026-11-20T10:00:00.000Z',
      target: 'alpha',
      item: 'two',
      reason: 'check "a; b" failed: (x)',
      log: '.regen/runs/x.log',
      state: 'failed',
      isArchived: false,
    },
    {
      at: '2026-11-20T08:00:00.000Z',
      target: 'alpha',
      item: 'one',
      reason: 'out of time: no end after 30 m',
      log: null,
      state: 'done',
      isArchived: false,
    },
    {
      at: null,
      target: 'beta',
      item: 'gone',
      reason: 'by hand',
      log: null,
      state: null,
      isArchived: true,
    },
  ]);
});

it('no plan has no failures', () => {
  expect(failuresOf(null, [])).toEqual([]);
});
