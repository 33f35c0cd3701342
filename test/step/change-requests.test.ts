import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { fittingRequests, strayRequests } from '../../src/step/change-requests.js';

const items = [{ id: 'altair' }, { id: 'plotly' }, { id: 'pygal', skipped: 'no prompt' }];

describe('change requests for a new plan', () => {
  it('are kept when they are for an item that is to be done', () => {
    const given = [
      { item: 'plotly', text: ' choose\n## another\u001b[31m\u202e domain. ' },
      { item: 'plotly', text: 'and another seed.' },
      { item: 'altair', text: 'fewer colors.' },
    ];

    expect(fittingRequests(given, items)).toEqual({
      requests: [
        { item: 'plotly', text: 'choose ## another domain.' },
        { item: 'plotly', text: 'and another seed.' },
        { item: 'altair', text: 'fewer colors.' },
      ],
      warnings: [],
    });
  });

  it('are dropped with a warning when they are for nothing, say nothing, or are there twice', () => {
    const given = [
      { item: 'plotlyy', text: 'x' },
      { item: 'matplotlib', text: 'x' },
      { item: 'pygal', text: 'x' },
      { item: 'altair', text: ' \n' },
      { item: 'altair', text: 'x' },
      { item: 'altair', text: 'x ' },
    ];

    expect(fittingRequests(given, items)).toEqual({
      requests: [{ item: 'altair', text: 'x' }],
      warnings: [
        'the change request for "plotlyy" was dropped: the plan has no such item; "plotly" was meant?',
        'the change request for "matplotlib" was dropped: the plan has no such item',
        'the change request for "pygal" was dropped: the item is skipped (no prompt)',
        'the change request for "altair" was dropped: it says nothing',
        'the change request for "altair" was dropped: it is there twice',
      ],
    });
  });
});

it('names the line of a request in the plan that no step will read', () => {
  const plan: Plan = {
    ...{ target: 't', title: null, updated: null, base: null, created: null, heading: 'Items', log: [] },
    items: [{ id: 'altair', state: 'todo', line: 5, note: '' }],
    changeRequests: [
      { item: 'altair', text: 'x', line: 9 },
      { item: 'altiar', text: 'x', line: 10 },
    ],
  };

  expect(strayRequests(plan)).toEqual([
    '.regen-plan.md:10: the change request for "altiar" is left out: the plan has no such item; "altair" was meant?',
  ]);
});
