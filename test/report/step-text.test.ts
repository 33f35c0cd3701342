import { expect, test } from 'vitest';
import type { ItemState, Plan } from '../../src/model/plan.js';
import type { StepResult } from '../../src/model/step-result.js';
import type { TokenRow } from '../../src/model/token-table.js';
import { noUsage } from '../../src/model/usage.js';
import { stepText } from '../../src/report/step-text.js';
import type { Archived } from '../../src/report/step-text.js';

const usage = { ...noUsage, requests: 9, input: 1200, output: 40_000, costUsd: 3.5 };

const result: StepResult = {
  ...{ mode: 'done', target: 'charts', item: null, outcome: 'archived', attempt: null, score: null },
  ...{ reason: 'moved to .regen-history/charts-20260502-140000.md', verdict: null, pr: null, checks: [] },
  ...{ usage, durationMs: 10, remaining: 0, retryAt: null, evidence: null },
};

function row(name: string, change: Partial<TokenRow> = {}): TokenRow {
  return {
    name,
    usage,
    pricedUsd: 0,
    estimated: noUsage,
    sessions: 1,
    peakContext: 0,
    durationMs: 0,
    ...change,
  };
}

/** The items are done but for the last, which failed. */
function archived(count: number): Archived {
  const ids = Array.from({ length: count }, (_, index) => `item-${index + 1}`);
  const states = ids.map((_, index): ItemState => (index === count - 1 ? 'failed' : 'done'));
  const plan = {
    items: ids.map((id, index) => ({ id, state: states[index] ?? 'done' })),
    log: ids.map((item, index) => ({
      item,
      text: `PR https://forge.example/o/r/pull/${index + 1}, score 88`,
    })),
  } as unknown as Plan; // a summary reads nothing else of it
  return {
    plan,
    table: {
      rows: [row('agent', { estimated: { ...noUsage, requests: 1 } }), row('orchestrator')],
      total: row('Total'),
      orchestrator: null,
      outside: { ...noUsage, requests: 2, input: 500, costUsd: 0.01 },
    },
    failed: { ...noUsage, requests: 1, input: 700, costUsd: 0.2 },
  };
}

test('an archived plan is summed up: counts, tokens by stage, money, links and what comes next', () => {
  const text = stepText(result, archived(3));

  expect(text).toBe(`2 done, 1 failed, 0 skipped; 41.2k tokens, $3.50.
  tokens        uncached  output  read  write    cost
  agent             1.2k   40.0k     0      0  ≈$3.50
  orchestrator      1.2k   40.0k     0      0   $3.50
  Total             1.2k   40.0k     0      0   $3.50
  not in it: 500 tokens, $0.01 that sessions said for no item
Failed items took 700 tokens, $0.20 of it.
  https://forge.example/o/r/pull/1
  https://forge.example/o/r/pull/2
  https://forge.example/o/r/pull/3
The plan was moved to .regen-history/charts-20260502-140000.md.
Spec charts complete. Run regen to start the next oldest.`);
});

test('with many pull requests it shows as many as fit into a kilobyte, and counts the others', () => {
  const text = stepText(result, archived(400));

  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1000);
  expect(text).toMatch(
    /pull\/8\n {2}and 392 more pull requests\nThe plan was moved to .*\nSpec charts complete\./,
  );
});

test('of several pull requests the last is named, and the others are counted', () => {
  const pull = (number: number) => ({ number, url: `https://forge.example/o/r/pull/${number}`, branch: 'b' });
  const items = ['one', 'two', 'three'].map((id, index) => {
    const pr = pull(Math.max(1, index));
    return { id, outcome: 'shipped', reason: null, pr } as const;
  });
  const shipped: StepResult = {
    ...result,
    mode: 'execute',
    outcome: 'shipped',
    item: 'pack-1',
    reason: null,
  };

  const both = stepText({ ...shipped, items, pr: pull(2) }, null);
  const one = stepText({ ...shipped, items: items.slice(0, 2), pr: pull(1) }, null);

  expect(both).toContain('pack-1 shipped: https://forge.example/o/r/pull/2 and 1 more pull request\n');
  expect(one).toContain('pack-1 shipped: https://forge.example/o/r/pull/1\n');
});
