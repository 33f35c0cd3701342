import { expect, it } from 'vitest';
import { failuresOf } from '../../src/run/failures.js';

const step = { target: 'autumn', item: null, reason: null } as const;
const planned = { ...step, outcome: 'planned' } as const;
const failed = { ...step, item: 'bold', outcome: 'failed', reason: 'stale' } as const;
const archived = { ...step, outcome: 'archived', reason: 'moved to .regen-history/a.md' } as const;

it('finds failures in the plan that is there', () => {
  expect(failuresOf([planned, failed])).toEqual({ areInPlan: true, archived: [], hasPlan: true });
  expect(failuresOf([])).toEqual({ areInPlan: false, archived: [], hasPlan: false });
});

it('finds failures in archives, while another plan may be there', () => {
  const winter = { ...planned, target: 'winter' };
  const nothing = { ...step, target: null, outcome: 'nothing' } as const;
  const archives = [{ target: 'autumn', end: 'moved to .regen-history/a.md' }];

  expect(failuresOf([planned, failed, archived, nothing])).toEqual({
    ...{ areInPlan: false, archived: archives, hasPlan: false },
  });
  expect(failuresOf([planned, failed, archived, winter])).toEqual({
    ...{ areInPlan: false, archived: archives, hasPlan: true },
  });
});

it('looks at each item of a pack, and at what became of it last', () => {
  const pack = {
    ...{ ...failed, item: null },
    items: [
      { id: 'bold', outcome: 'failed' },
      { id: 'calm', outcome: 'shipped' },
    ],
  } as const;
  const retried = { ...failed, outcome: 'shipped', reason: null } as const;

  expect(failuresOf([planned, pack, archived]).archived).toHaveLength(1);
  expect(failuresOf([planned, pack, retried, archived]).archived).toEqual([]);
});
