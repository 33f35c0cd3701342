import { describe, expect, it } from 'vitest';
import type { CostAnswer, CostQuestion, CostReport } from '../../src/model/cost.js';
import type { BudgetForecast, Forecast } from '../../src/model/forecast.js';
import type { LedgerGroup, LedgerKey } from '../../src/model/ledger.js';
import { noUsage } from '../../src/model/usage.js';
import type { Usage } from '../../src/model/usage.js';
import { costCsv } from '../../src/report/cost-csv.js';
import { forecastLines } from '../../src/report/cost-forecast.js';
import { costNotes } from '../../src/report/cost-notes.js';
import { costTable } from '../../src/report/cost-table.js';
import { costDocument, costText } from '../../src/report/cost-text.js';

function group(
  key: string | null,
  usage: Partial<Usage> = {},
  change: Partial<LedgerGroup> = {},
): LedgerGroup {
  const all = { ...noUsage, requests: 1, ...usage };
  return {
    key,
    usage: all,
    estimated: noUsage,
    pricedUsd: all.costUsd ?? 0,
    unpricedRequests: 0,
    sessions: 1,
    peakContext: 0,
    durationMs: 0,
    netCacheSavingUsd: 0,
    ...change,
  };
}

const agent = group(
  'agent',
  { requests: 14, input: 120, output: 5400, cacheRead: 180_000, cacheWrite5m: 21_000, costUsd: 0.31 },
  { peakContext: 41_200, durationMs: 93_000, netCacheSavingUsd: 0.2 },
);
const evaluate = group('evaluate', { requests: 2, input: 1_250_000, costUsd: 0.003 });
const total = group(
  null,
  { ...agent.usage, requests: 16, input: 1_250_120, costUsd: 0.313 },
  { sessions: 2, peakContext: 41_200, durationMs: 93_000, netCacheSavingUsd: 0.2 },
);

function report(change: Partial<CostReport> = {}): CostReport {
  return {
    groups: [agent, evaluate],
    total,
    unpriced: [],
    unread: { torn: 0, unknown: 0 },
    differences: {
      runs: 0,
      sum: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 },
      first: [],
    },
    drifts: { runs: 0, last: null },
    ...change,
  };
}

const question: CostQuestion = { by: 'stage', since: null, target: null, plan: null };

describe('the table', () => {
  it('has a row for each group and one for all, numbers flush right', () => {
    expect(costTable(report(), 'stage')).toEqual([
      '                                    cache  write               peak                    cache',
      'stage     requests  input  output    read     5m  sessions  context    time     cost  saving',
      'agent           14    120    5.4k  180.0k  21.0k         1    41.2k  1m 33s    $0.31   $0.20',
      'evaluate         2   1.3M       0       0      0         1        0      0s  $0.0030   $0.00',
      '--------------------------------------------------------------------------------------------',
      'total           16   1.3M    5.4k  180.0k  21.0k         2    41.2k  1m 33s    $0.31   $0.20',
    ]);
  });

  it.each<LedgerKey>(['model', 'session'])('fits a hundred columns by %s, names as they are', (by) => {
    const names = ['claude-sonnet-4-5-20250929', '5640486d-aa68-40d6-87b7-6c958820361a'];
    const counts = { requests: 875_000, input: 999_900_000, output: 999_900_000, cacheRead: 33_315_000_000 };
    const usage = { ...counts, cacheWrite5m: 1_226_600_000, cacheWrite1h: 1e9, costUsd: 11_687.81 };
    const estimated = { ...noUsage, requests: 1, costUsd: 5.06 };
    const sums = { estimated, sessions: 25_000, netCacheSavingUsd: -62_355.7, durationMs: 2e9 };
    const groups = names.map((name) => group(name, usage, sums));

    const lines = costTable({ groups, total: group(null, usage, sums) }, by);

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    for (const name of names) expect(lines.filter((line) => line.startsWith(name))).toHaveLength(1);
  });

  it('leaves a name that is longer than the table whole, on a line of its own', () => {
    const name = 'x'.repeat(120);

    const lines = costTable({ groups: [group(name)], total }, 'item');

    expect(lines).toContain(name);
    expect(lines.filter((line) => line.length > 100)).toEqual([name]);
  });

  it('says "?" for what has no price', () => {
    const partly = { pricedUsd: 1.2, unpricedRequests: 1, netCacheSavingUsd: null };
    const groups = [
      group('partly', { requests: 2, costUsd: null }, partly),
      group('wholly', { requests: 1, costUsd: null }, { ...partly, pricedUsd: 0 }),
    ];

    const lines = costTable({ groups, total }, 'model');

    expect(lines[2]).toMatch(/^partly .* \$1\.20 \+ \? +\?$/);
    expect(lines[3]).toMatch(/^wholly .* {2}\? +\?$/);
  });

  it('keeps a name with a line feed to its row, and names what has no key', () => {
    const lines = costTable({ groups: [group('a\nb'), group(null)], total }, 'item');

    expect(lines[2]).toMatch(/^a\uFFFDb /);
    expect(lines[3]).toMatch(/^\(no item\) /);
  });
});

describe('the CSV file', () => {
  it('has a header and plain numbers; what is unknown is empty', () => {
    const unknown = group(
      'x',
      { costUsd: null, cacheRead: 1 },
      { unpricedRequests: 1, netCacheSavingUsd: null },
    );
    const tiny = group('y', { costUsd: 3e-7 });

    expect(costCsv({ groups: [agent, unknown, tiny] }, 'model')).toEqual([
      'model,requests,input,output,cacheRead,cacheWrite5m,cacheWrite1h,costUsd,pricedUsd,unpricedRequests,' +
        'sessions,peakContext,durationMs,netCacheSavingUsd,estimatedRequests,estimatedInput,estimatedOutput,' +
        'estimatedCacheRead,estimatedCacheWrite5m,estimatedCacheWrite1h,estimatedCostUsd',
      'agent,14,120,5400,180000,21000,0,0.31,0.31,0,1,41200,93000,0.2,0,0,0,0,0,0,0',
      'x,1,0,0,1,0,0,,0,1,1,0,0,,0,0,0,0,0,0,0',
      'y,1,0,0,0,0,0,0.0000003,0.0000003,0,1,0,0,0,0,0,0,0,0,0,0',
    ]);
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', `"'=1+1"`],
    ['@scope/name', `"'@scope/name"`],
    ['-', `"'-"`],
    ['+', `"'+"`],
    ['a=b', 'a=b'],
    [null, ''],
  ])('writes the id %j as %s: no spreadsheet takes it for a formula', (key, cell) => {
    const [, record] = costCsv({ groups: [group(key)] }, 'item');

    expect(record?.slice(0, record.indexOf(',1,0,0'))).toBe(cell);
  });

  it('leaves a loss a number', () => {
    const [, record] = costCsv({ groups: [group('a', {}, { netCacheSavingUsd: -0.5 })] }, 'item');

    expect(record).toContain(',-0.5,');
  });
});

describe('beside the sums', () => {
  it('nothing is said when nothing is wrong', () => {
    expect(costNotes(report())).toEqual([]);
  });

  it('estimates, models without a price, lines that can’t be read and mismatches are told', () => {
    const estimated = { ...noUsage, requests: 2, output: 1200, costUsd: 0.04 };
    const difference = { input: 12, output: -300, cacheRead: 0, cacheWrite: 0, costUsd: -0.01 };
    const place = { target: 'alpha', stage: 'agent', session: 's', run: 'agent-0-s' };
    const first = [
      { ...place, item: 'one', difference },
      { ...place, item: null, difference: { ...difference, input: 0, costUsd: null } },
      ...Array.from({ length: 4 }, () => ({ ...place, item: 'two', difference })),
    ];

    const notes = costNotes(
      report({
        total: { ...total, estimated },
        unpriced: [{ model: 'qwen3:32b', requests: 1 }],
        unread: { torn: 1, unknown: 2 },
        differences: { runs: 6, sum: difference, first },
        drifts: { runs: 2, last: 'tool Bash is gone' },
      }),
    );

    expect(notes).toEqual([
      'Of which estimated: 2 requests, 1.2k tokens, $0.04: answers in flight when a run was killed or its stream broke off.',
      'Price unknown for 1 request of model qwen3:32b, which no sum of money holds. Add it to "prices:" in regen.yaml for what is booked from then on.',
      'Lines of .regen/ledger.jsonl that no sum holds: 1 cut off by a crash, 2 not written by this version of regen.',
      'Claude Code’s own sums differ from what was booked for 6 runs: +12 input, -300 output, -$0.01.',
      '  alpha/one, run agent-0-s: +12 input, -300 output, -$0.01',
      '  alpha, run agent-0-s: -300 output',
      '  alpha/two, run agent-0-s: +12 input, -300 output, -$0.01',
      '  alpha/two, run agent-0-s: +12 input, -300 output, -$0.01',
      '  alpha/two, run agent-0-s: +12 input, -300 output, -$0.01',
      '  … and 1 more',
      'Prefix drifted in 2 runs: written again although it should have been in the cache. The last time: tool Bash is gone.',
    ]);
  });
});

const forecast: Forecast = {
  target: 'alpha',
  items: 40,
  remaining: 17,
  basis: { plan: 3, target: 4, others: 0 },
  perItem: { costUsd: { p50: 0.24, p90: 0.5 }, durationMs: { p50: 90_000, p90: 200_000 } },
  toEnd: { costUsd: { p50: 4.1, p90: 4.95 }, durationMs: { p50: 3_840_000, p90: 4_800_000 } },
  budgets: [],
};

describe('the forecast', () => {
  it('tells cost and time to the end and what they are drawn from', () => {
    expect(forecastLines(forecast)).toEqual([
      'Forecast for alpha: 17 of 40 items to do; drawn from finished items: 3 of this plan, 4 of the target’s earlier plans',
      '  cost to the end  $4.10 (P50), $4.95 (P90); an item $0.24 (P50), $0.50 (P90)',
      '  time to the end  1 h 04 m (P50), 1 h 20 m (P90); an item 90 s (P50), 3 m 20 s (P90)',
    ]);
  });

  it('says so where there is nothing to go by, or nothing to do', () => {
    const none = { costUsd: null, durationMs: null };
    const basis = { plan: 0, target: 0, others: 0 };

    expect(forecastLines({ ...forecast, basis, perItem: none, toEnd: none })).toEqual([
      'Forecast for alpha: 17 of 40 items to do',
      '  cost to the end  no figure yet',
      '  time to the end  no figure yet',
    ]);
    expect(forecastLines({ ...forecast, remaining: 0 })).toEqual([
      'Forecast for alpha: none of its 40 items is left to do.',
    ]);
  });

  const plotly = { item: 'plotly', position: 23 };
  const pygal = { item: 'pygal', position: 21 };
  const target = { budget: 'targetUsd', limit: 15, spentUsd: 9.2, probability: 0.9 } as const;
  const day = { budget: 'dayUsd', limit: 50, spentUsd: 1.2, probability: 0 } as const;
  const item = { budget: 'itemUsd', limit: 2, spentUsd: 0, runsOutAt: null, earliestAt: null } as const;

  it.each<[BudgetForecast, string]>([
    [
      { ...target, runsOutAt: plotly, earliestAt: pygal },
      'targetUsd $15.00 ($9.20 spent) lasts to about item 23 of 40 (plotly), in one case of ten only to item 21 of 40 (pygal)',
    ],
    [
      { ...target, runsOutAt: plotly, earliestAt: plotly },
      'targetUsd $15.00 ($9.20 spent) lasts to about item 23 of 40 (plotly)',
    ],
    [
      { ...target, runsOutAt: null, earliestAt: pygal },
      'targetUsd $15.00 ($9.20 spent) lasts to the end of the plan, in one case of ten only to item 21 of 40 (pygal)',
    ],
    [
      { ...target, runsOutAt: null, earliestAt: null },
      'targetUsd $15.00 ($9.20 spent) lasts to the end of the plan',
    ],
    [{ ...target, spentUsd: 15, runsOutAt: plotly, earliestAt: plotly }, 'targetUsd $15.00 is used up'],
    [
      { ...target, probability: null, runsOutAt: null, earliestAt: null },
      'targetUsd $15.00 ($9.20 spent): no figure yet',
    ],
    [
      { ...target, spentUsd: null, probability: null, runsOutAt: null, earliestAt: null },
      'targetUsd $15.00 can’t be watched: a model without a price took part',
    ],
    [
      { ...day, runsOutAt: null, earliestAt: null },
      'dayUsd $50.00 ($1.20 spent today) lasts for today (UTC)',
    ],
    [
      { ...day, spentUsd: 50, runsOutAt: plotly, earliestAt: plotly },
      'dayUsd $50.00 is used up for today (UTC)',
    ],
    [{ ...item, probability: 0.2 }, 'itemUsd $2.00: about 3 of the 17 items reach it'],
    [{ ...item, probability: 0.01 }, 'itemUsd $2.00: no item is likely to reach it'],
    [{ ...item, probability: null }, 'itemUsd $2.00: no figure yet'],
  ])('of a budget: %j', (budget, line) => {
    expect(forecastLines({ ...forecast, budgets: [budget] }).at(-1)).toBe(`  ${line}`);
  });
});

describe('regen cost', () => {
  const answer: CostAnswer = { report: report(), forecast, known: { targets: ['alpha'], plans: ['p'] } };

  it('says what was asked for, then table, notes and forecast', () => {
    const asked = { ...question, target: 'alpha', plan: 'p', since: new Date('2026-11-13T00:00:00Z') };

    const text = costText({ ...answer, report: report({ unread: { torn: 1, unknown: 0 } }) }, asked);

    const [table, notes, forecasted] = text.split('\n\n');
    expect(table).toMatch(/^Cost by stage, target alpha, plan p, since 2026-11-13T00:00:00Z\n[^]*\ntotal /);
    expect(notes).toMatch(/^Lines of/);
    expect(forecasted).toMatch(/^Forecast for alpha/);
  });

  it('tells an empty selection from a ledger that isn’t there', () => {
    const empty = { ...answer, forecast: null, report: report({ groups: [] }) };

    expect(costText(empty, question)).toBe('Cost by stage\nNothing was booked.');
    expect(costText({ ...empty, known: { targets: [], plans: [] } }, question)).toBe(
      'No ledger yet: .regen/ledger.jsonl has no row, so nothing was paid for here.',
    );
    const foreign = report({ groups: [], unread: { torn: 0, unknown: 1 } });
    expect(costText({ ...empty, report: foreign, known: { targets: [], plans: [] } }, question)).toBe(
      `No line of .regen/ledger.jsonl can be read.

Lines of .regen/ledger.jsonl that no sum holds: 1 not written by this version of regen.`,
    );
  });

  it('as a document has the question and plain numbers', () => {
    const since = new Date('2026-11-13T00:00:00Z');

    expect(costDocument(answer, { ...question, since })).toEqual({
      ...{ by: 'stage', since: '2026-11-13T00:00:00.000Z', target: null, plan: null },
      ...report(),
      forecast,
    });
  });
});
