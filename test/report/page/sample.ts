/** Pages of every kind: nothing at all, an ordinary repository, a large one. */
import type { Forecast } from '../../../src/model/forecast.js';
import type { LedgerGroup } from '../../../src/model/ledger.js';
import { countStates } from '../../../src/model/plan.js';
import type { ItemState } from '../../../src/model/plan.js';
import type { ReportedItem, ReportedPlan, ReportPage } from '../../../src/model/report-page.js';
import { addSpending, noSpending } from '../../../src/model/spending.js';
import type { Spending } from '../../../src/model/spending.js';

export const emptyPage: ReportPage = {
  generatedAt: '2026-11-21T10:00:00.000Z',
  repository: 'catalog',
  plan: null,
  archives: [],
  running: [],
  waiting: null,
  spending: {
    all: group(null, {}, noSpending),
    days: [],
    stages: [],
    models: [],
    mismatches: [],
    mismatchCount: 0,
    unread: [],
  },
  stages: { stages: [], slowest: [], interrupted: 0, unread: 0 },
  failures: [],
  forecast: null,
  gaps: [],
};

interface SpendingLiteral {
  readonly scale?: number;
  readonly usd?: number | null;
  readonly estimatedUsd?: number;
  readonly requests?: number;
  /** Of the usual cache reads. */
  readonly cached?: number;
}

/** Tokens in the proportions of a real run; `scale` 1 is one item. */
export function spent({
  scale = 1,
  usd = 0.31,
  estimatedUsd = 0,
  requests = 14,
  cached = 1,
}: SpendingLiteral): Spending {
  const usage = {
    requests,
    input: Math.round(120 * scale),
    output: Math.round(5400 * scale),
    cacheRead: Math.round(180_000 * scale * cached),
    cacheWrite5m: Math.round(21_000 * scale),
    cacheWrite1h: Math.round(3100 * scale),
    costUsd: usd,
  };
  const isEstimated = estimatedUsd > 0;
  return {
    usage,
    estimated: isEstimated
      ? { ...usage, requests: 1, output: 300, cacheRead: 9000, costUsd: estimatedUsd }
      : noSpending.usage,
    pricedUsd: usd ?? 0,
    unpricedRequests: usd === null ? requests : 0,
    netCacheSavingUsd: 0.4 * scale,
    peakContext: 48_213,
  };
}

/** A group of the ledger. */
export function group(
  key: string | null,
  literal: SpendingLiteral,
  spending: Spending = spent(literal),
): LedgerGroup {
  return { key, ...spending, sessions: 3, durationMs: 600_000 };
}

export function item(id: string, state: ItemState, facts: Partial<ReportedItem> = {}): ReportedItem {
  return { id, state, pr: null, score: null, reason: null, spending: noSpending, ...facts };
}

export function planOf(
  target: string,
  items: readonly ReportedItem[],
  archived: ReportedPlan['archived'] = null,
): ReportedPlan {
  return {
    target,
    title: 'Basic Scatter Plot',
    created: '2026-11-20T08:00:00Z',
    archived,
    counts: countStates(items),
    items,
    spending: items.reduce<Spending>((sum, { spending }) => addSpending(sum, spending), noSpending),
  };
}

const pr = (number: number) => ({ number, url: `https://forge.example/o/r/pull/${number}` });

const plan = planOf('scatter-basic', [
  item('altair', 'done', { pr: pr(12), score: 92, spending: spent({ cached: 0.3 }) }),
  item('bokeh', 'done', { pr: pr(13), score: 88, spending: spent({ scale: 1.6, usd: 0.55, cached: 1.4 }) }),
  item('matplotlib', 'done', {
    pr: pr(14),
    score: 97,
    spending: spent({ scale: 0.7, usd: 0.19, cached: 0.8 }),
  }),
  item('highcharts', 'failed', {
    reason: 'check "render (theme=dark)" failed: plot-dark.png was not produced',
    score: 54,
    spending: spent({ scale: 2.3, usd: 0.92, estimatedUsd: 0.08 }),
  }),
  item('plotly', 'skipped', { reason: 'not this time' }),
  item('letsplot', 'todo', { spending: spent({ scale: 0.4, usd: 0.1, cached: 0.5 }) }),
  item('plotnine', 'todo'),
  item('pygal', 'todo'),
  item('seaborn', 'todo'),
]);

const archives = ['heatmap-annotated', 'bar-grouped', 'line-multi', 'violin-split'].map((target, index) =>
  planOf(
    target,
    ['altair', 'bokeh', 'matplotlib', 'highcharts', 'plotly', 'plotnine'].map((id, place) =>
      item(id, (place + index) % 5 === 4 ? 'failed' : 'done', {
        pr: (place + index) % 5 === 4 ? null : pr(100 + index * 10 + place),
        score: 70 + ((place * 13 + index * 7) % 29),
        reason: (place + index) % 5 === 4 ? 'out of time: no end after 30 m' : null,
        spending: spent({ scale: 0.6 + place * 0.3, usd: 0.18 + place * 0.11 + index * 0.02 }),
      }),
    ),
    {
      at: `2026-11-${String(18 - index * 3).padStart(2, '0')}T16:20:00.000Z`,
      file: `.regen-history/${target}-202611${String(18 - index * 3).padStart(2, '0')}-162000.md`,
      isAbandoned: index === 3,
    },
  ),
);

const days: readonly LedgerGroup[] = [
  ['2026-11-08', 1.9, 0],
  ['2026-11-09', 2.4, 0],
  ['2026-11-12', 3.2, 0.3],
  ['2026-11-15', 2.8, 0],
  ['2026-11-17', 0.4, 0],
  ['2026-11-18', 3.6, 0],
  ['2026-11-20', 1.7, 0.08],
  ['2026-11-21', 0.37, 0],
].map(([key, usd, estimatedUsd], index) => ({
  ...group(String(key), { scale: Number(usd) * 3, usd: Number(usd), estimatedUsd: Number(estimatedUsd) }),
  ...(index === 4 ? { unpricedRequests: 3 } : {}),
}));

const forecast: Forecast = {
  target: 'scatter-basic',
  items: 9,
  remaining: 4,
  basis: { plan: 4, target: 0, others: 24 },
  perItem: { costUsd: { p50: 0.42, p90: 0.9 }, durationMs: { p50: 240_000, p90: 610_000 } },
  toEnd: { costUsd: { p50: 1.8, p90: 2.9 }, durationMs: { p50: 1_100_000, p90: 1_900_000 } },
  budgets: [
    { budget: 'itemUsd', limit: 2, spentUsd: 0, probability: 0.02, runsOutAt: null, earliestAt: null },
    {
      budget: 'targetUsd',
      limit: 4,
      spentUsd: 2.07,
      probability: 0.41,
      runsOutAt: null,
      earliestAt: { item: 'seaborn', position: 9 },
    },
  ],
};

/** An ordinary repository, with everything that can be told on it. */
export const samplePage: ReportPage = {
  ...emptyPage,
  plan,
  archives,
  running: [{ item: 'letsplot', stage: 'agent', pid: 4711, since: '2026-11-21T09:58:12.000Z' }],
  spending: {
    all: {
      ...group(null, { scale: 60, usd: 16.37, estimatedUsd: 0.38, requests: 812 }),
      unpricedRequests: 3,
    },
    days,
    stages: [
      group('agent', { scale: 48, usd: 13.2, estimatedUsd: 0.38, requests: 600 }),
      group('evaluate', { scale: 9, usd: 2.6, requests: 180 }),
      group('plan', { scale: 3, usd: 0.57, requests: 32 }),
    ],
    models: [
      group('claude-sonnet-5-5', { scale: 50, usd: 14.1, requests: 640 }),
      group('claude-haiku-5-5', { scale: 9, usd: 2.27, requests: 169 }),
      group('local/mixtral-8x22b', { scale: 1, usd: null, requests: 3 }),
    ],
    mismatches: [
      {
        at: '2026-11-20T09:12:00.000Z',
        target: 'scatter-basic',
        item: 'highcharts',
        stage: 'agent',
        run: 'agent/1',
        difference: { input: 0, output: 812, cacheRead: 0, cacheWrite: -40, costUsd: 0.0121 },
      },
    ],
    mismatchCount: 1,
    unread: [],
  },
  stages: {
    stages: [
      { stage: 'agent', runs: 31, totalMs: 7_800_000, medianMs: 240_000, p90Ms: 611_000, maxMs: 1_800_000 },
      { stage: 'evaluate', runs: 27, totalMs: 1_100_000, medianMs: 38_000, p90Ms: 61_000, maxMs: 90_000 },
      { stage: 'check', runs: 40, totalMs: 410_000, medianMs: 9300, p90Ms: 22_000, maxMs: 31_000 },
      { stage: 'ship', runs: 22, totalMs: 90_000, medianMs: 3900, p90Ms: 5100, maxMs: 12_000 },
      { stage: 'prepare', runs: 33, totalMs: 31_000, medianMs: 900, p90Ms: 1500, maxMs: 2100 },
      { stage: 'record', runs: 22, totalMs: 4000, medianMs: 150, p90Ms: 310, maxMs: 400 },
    ],
    slowest: [
      {
        at: '2026-11-12T10:00:00.000Z',
        target: 'line-multi',
        item: 'highcharts',
        stage: 'agent',
        round: 0,
        durationMs: 1_800_000,
      },
      {
        at: '2026-11-20T09:00:00.000Z',
        target: 'scatter-basic',
        item: 'highcharts',
        stage: 'agent',
        round: 1,
        durationMs: 804_000,
      },
    ],
    interrupted: 2,
    unread: 0,
  },
  failures: [
    {
      at: '2026-11-20T09:20:00.000Z',
      target: 'scatter-basic',
      item: 'highcharts',
      reason: 'check "render (theme=dark)" failed: plot-dark.png was not produced',
      log: '.regen/runs/20261120T080000Z/scatter-basic/highcharts/2/checks/1/render.log',
      state: 'failed',
      isArchived: false,
    },
    {
      at: '2026-11-20T08:40:00.000Z',
      target: 'scatter-basic',
      item: 'bokeh',
      reason: 'out of time: no end after 30 m',
      log: null,
      state: 'done',
      isArchived: false,
    },
    ...archives.map((archive) => ({
      at: '2026-11-12T08:40:00.000Z',
      target: archive.target,
      item: 'plotly',
      reason: 'out of time: no end after 30 m',
      log: null,
      state: 'failed' as const,
      isArchived: true,
    })),
  ],
  forecast,
  gaps: ['.regen/ledger.jsonl: lines left out of the sums: 1 cut off by a crash'],
};

/** A plan of that many items, half a year of days, and forty archived plans. */
export function largePage(size: number): ReportPage {
  const items = Array.from({ length: size }, (_none, index) =>
    item(
      `implementation-of-the-library-number-${index}`,
      index % 3 === 2 ? 'todo' : index % 17 === 0 ? 'failed' : 'done',
      {
        ...(index % 3 === 2
          ? {}
          : {
              pr: pr(index),
              score: 55 + ((index * 7919) % 45),
              spending: spent({
                scale: 0.5 + ((index * 31) % 20) / 10,
                usd: 0.1 + ((index * 37) % 90) / 100,
              }),
            }),
        ...(index % 17 === 0 ? { reason: `check "render" failed: exit code ${index % 5}` } : {}),
      },
    ),
  );
  const large = planOf('catalog-of-everything', items);
  return {
    ...samplePage,
    plan: large,
    archives: Array.from({ length: 40 }, (_none, index) => ({
      ...(archives[index % archives.length] ?? large),
      target: `target-${index}`,
    })),
    spending: {
      ...samplePage.spending,
      days: Array.from({ length: 180 }, (_none, index) =>
        group(new Date(Date.UTC(2026, 4, 1 + index)).toISOString().slice(0, 10), {
          scale: 3,
          usd: 0.5 + ((index * 13) % 7),
        }),
      ),
      stages: Array.from({ length: 14 }, (_none, index) =>
        group(`stage-${index}`, { scale: 20 - index, usd: 2 }),
      ),
    },
    failures: items
      .filter(({ state }) => state === 'failed')
      .map(({ id, reason }) => ({
        at: '2026-11-20T09:20:00.000Z',
        target: large.target,
        item: id,
        reason: reason ?? '',
        log: `.regen/runs/20261120T080000Z/catalog/${id}/1/checks/1/render.log`,
        state: 'failed' as const,
        isArchived: false,
      })),
  };
}

/** What a stranger could have written wherever a name or a reason stands. */
const hostileTexts = [
  '<script>document.title="taken"</script>',
  '"><img src=x onerror="document.title=1">',
  "' onfocus='document.title=1' autofocus='",
  '</title></style></svg></table><h1>taken</h1>',
  '](javascript:alert(1))',
  '\u202Eredro esrever\u2066 \u200Fmarks\u0007\u001B[31m',
  'مثال-على-نص',
  'x'.repeat(600),
  '${7*7} {{7*7}} &lt; &#60; \uD800',
] as const;

/** Every text of the page is one of those. */
export const hostilePage: ReportPage = hostileOf(samplePage);

function hostileOf(page: ReportPage): ReportPage {
  let index = 0;
  const text = (): string => hostileTexts[(index += 1) % hostileTexts.length] ?? '';
  const bad = (one: ReportedPlan): ReportedPlan => ({
    ...one,
    target: text(),
    title: text(),
    items: one.items.map((each) => ({
      ...each,
      id: text(),
      reason: text(),
      pr: each.pr === null ? null : { ...each.pr, url: `javascript:alert(${each.pr.number})` },
    })),
    archived: one.archived === null ? null : { ...one.archived, file: text() },
  });
  const { spending } = page;
  return {
    ...page,
    repository: text(),
    plan: page.plan === null ? null : bad(page.plan),
    archives: page.archives.map(bad),
    running: page.running.map((one) => ({ ...one, item: text(), stage: text() })),
    waiting: { kind: 'network', reason: text(), retryAt: text(), since: text() },
    spending: {
      ...spending,
      stages: spending.stages.map((one) => ({ ...one, key: text() })),
      models: spending.models.map((one) => ({ ...one, key: text() })),
      mismatches: spending.mismatches.map((one) => ({ ...one, item: text(), stage: text(), at: text() })),
    },
    stages: {
      ...page.stages,
      stages: page.stages.stages.map((one) => ({ ...one, stage: text() })),
      slowest: page.stages.slowest.map((one) => ({ ...one, stage: text(), item: text(), target: text() })),
    },
    failures: page.failures.map((one) => ({
      ...one,
      item: text(),
      target: text(),
      reason: text(),
      log: text(),
    })),
    gaps: hostileTexts,
  };
}
