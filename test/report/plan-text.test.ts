import { describe, expect, it } from 'vitest';
import type { NewPlanItem } from '../../src/model/plan.js';
import { noUsage } from '../../src/model/usage.js';
import { planDocument, planText } from '../../src/report/plan-text.js';

const usage = { ...noUsage, requests: 2, input: 4000, costUsd: 0.02 };

function decision(items: readonly NewPlanItem[]) {
  const plan = {
    ...{ target: 'guide', title: null, updated: null, base: 'origin/main@1f3c9ab', heading: 'Items' },
    ...{ created: new Date('2026-05-02T13:50:00Z'), changeRequests: [], items },
  };
  const choice = { kind: 'picked', why: 'named', passedOver: [] } as const;
  return { base: { ref: 'origin/main', sha: '1f3c9ab' }, plan, choice, audit: null, usage: noUsage };
}

function lines(made: Parameters<typeof planText>[0]): readonly string[] {
  return planText(made, { dryRun: false, explain: false }).split('\n').slice(1);
}

const open = { id: 'one' };
const skipped = { id: 'two', skipped: 'it is empty' };

describe('a plan that was written', () => {
  it.each([
    [[open], '1 item in .regen-plan.md. Run regen to do the first.'],
    [[open, { id: 'three' }], '2 items in .regen-plan.md. Run regen to do the first.'],
    [[open, skipped], '2 items in .regen-plan.md: 1 to do, 1 skipped. Run regen to do the first.'],
    [
      [skipped],
      '1 item in .regen-plan.md, all skipped (its log says why): nothing is to be done. Run regen to archive the plan.',
    ],
  ])('is counted by what is to be done: %j', (items, text) => {
    expect(lines(decision(items))).toEqual([text]);
  });

  it('has what was paid for it: the audit, and all of it where that is more', () => {
    const audit = { suspects: [], requests: [], warnings: [], usage: { ...usage, requests: 1, input: 1000 } };

    const audited = lines({ ...decision([open]), audit, usage: audit.usage });
    const routed = lines({ ...decision([open]), audit, usage });

    expect(audited.slice(0, -1)).toEqual(['The audit took 1.0k tokens, $0.02.']);
    expect(routed.slice(0, -1)).toEqual([
      'The audit took 1.0k tokens, $0.02.',
      'Planning took 4.0k tokens, $0.02.',
    ]);
    expect(planDocument({ ...decision([open]), usage })).toMatchObject({ audit: null, usage });
  });
});
