import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { reportDocument } from '../../../src/report/page/document.js';
import { reportPage } from '../../../src/report/page/page.js';
import { emptyPage, group, hostilePage, item, largePage, planOf, samplePage, spent } from './sample.js';

describe('the page as a file', () => {
  it('loads nothing and runs nothing: the policy allows its own style sheet alone', () => {
    const page = reportPage(samplePage);

    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|base|form)\b| style=| on\w+="|@import|url\((?!#)/,
    );
  });

  it('is the same for the same data', () => {
    expect(reportPage(samplePage) === reportPage(samplePage)).toBe(true);
  });

  it('stays small with a thousand items, a year of days and forty plans', () => {
    const page = reportPage(largePage(1000));

    expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
    expect(page.match(/<circle|<path/g)?.length).toBeLessThan(1500);
  });

  it('has every id once', () => {
    const ids = [...reportPage(samplePage).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);

    expect(ids.length).toBeGreaterThan(50);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('texts of strangers', () => {
  const page = reportPage(hostilePage);
  const tags = new Set([...page.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, name]) => name?.toLowerCase()));

  it('make no element, no attribute and no address', () => {
    expect([...tags].filter((name) => ['script', 'img', 'iframe'].includes(name ?? ''))).toEqual([]);
    expect(page.includes('<h1>taken')).toBe(false);
    expect(/href="(?!#|https?:)/.test(page)).toBe(false);
    expect(page.replace(/<[^>]*>/g, '')).toContain('&#60;script&#62;');
  });

  it('neither turn the line around nor steer a terminal', () => {
    expect(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/u.test(page)).toBe(false);
    expect(/\p{Cc}/u.test(page.replaceAll('\n', ''))).toBe(false);
    expect(Buffer.from(page).toString('utf8') === page).toBe(true);
  });

  it('keep a direction of their own', () => {
    expect(page).toContain('<bdi>مثال-على-نص</bdi>');
  });

  it('link to the web alone', () => {
    const links = [
      'https://forge.example/pull/1',
      'http://[::1]:3000/pull/2',
      'javascript:alert(3)',
      'no address',
    ];
    const items = links.map((url, index) => item(`item-${index}`, 'done', { pr: { number: index, url } }));

    const page = reportPage({ ...emptyPage, plan: planOf('alpha', items) });

    expect([...page.matchAll(/<td>(<[^>]+>#\d<\/\w+>)/g)].map(([, cell]) => cell)).toEqual([
      '<a href="https://forge.example/pull/1" rel="noopener noreferrer">#0</a>',
      '<a href="http://[::1]:3000/pull/2" rel="noopener noreferrer">#1</a>',
      '<span>#2</span>',
      '<span>#3</span>',
    ]);
  });
});

describe('what is not there yet', () => {
  it('is said in a sentence, section by section', () => {
    const page = reportPage(emptyPage);

    const said = [...page.matchAll(/<p class="empty">([\s\S]*?)<\/p>/g)].map(([, text]) =>
      (text ?? '')
        .replace(/<[^>]+>/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
    expect(said).toEqual([
      'No plan is at work. regen picks the next target and writes one.',
      'Nothing to forecast without a plan.',
      'Nothing has failed.',
      'Nothing has been spent yet: the ledger has no message.',
      'No tokens yet: the ledger has no message.',
      'No item has sent a prompt yet.',
      'No item has both a score and a known cost yet. Scores come with an evaluate section in regen.yaml.',
      'No stage has come to its end yet.',
      'No model has been asked yet.',
      'Nothing was booked yet.',
      'No plan has been archived yet. One that is done goes to .regen-history/.',
    ]);
    expect(page).not.toContain('<svg class="plot"');
  });

  it('without a booking the cost is not known, rather than nothing', () => {
    const done = planOf('alpha', [item('one', 'done')]);

    const tiles = reportPage({ ...emptyPage, plan: done })
      .replace(/<main[\s\S]*?<dl/, '<dl')
      .replace(/<\/dl>[\s\S]*/, '')
      .replace(/[\s\S]*<dl/, '<dl')
      .replace(/<[^>]+>/g, '')
      .replace(/\s+/g, ' ');

    expect(tiles.trim()).toBe(
      'Items done 1 of 1 0 failed, 0 to go Cost in all – nothing is booked Cost of this plan – nothing is booked Tokens – nothing is booked Prompt from cache – nothing is booked',
    );
  });

  it('the times of stages are missing where no journal can be read', () => {
    const page = reportPage({ ...emptyPage, stages: { ...emptyPage.stages, unread: 2 } });

    expect(page).toContain('No time is known: 2 journals could not be read.');
  });

  it('a plan that nothing was spent on has its states, and no chart of money', () => {
    const page = reportPage({ ...emptyPage, plan: planOf('alpha', [item('one', 'todo')]) });

    expect(page).toContain('Of 1 item: 1 to do.');
    expect([...page.matchAll(/<figure id="(\w+)"/g)].map(([, id]) => id)).toEqual(['states']);
  });
});

it('a cost that is not known at all is no chart of nothing', () => {
  const day = group('2026-11-20', { usd: null });

  const page = reportPage({ ...emptyPage, spending: { ...emptyPage.spending, days: [day] } });

  expect(page).toContain('No model that took part has a price: the cost is unknown.');
  expect(page).toContain('<td class="n">price unknown</td>');
  expect(page.includes('<figure id="cost"')).toBe(false);
});

it('a long reason is cut in the list of items, and whole among the failures', () => {
  const reason = `check "render" failed: ${'x'.repeat(400)} end`;
  const failed = planOf('alpha', [item('one', 'failed', { reason })]);
  const failure = {
    at: null,
    target: 'alpha',
    item: 'one',
    reason,
    log: null,
    state: 'failed',
    isArchived: false,
  } as const;

  const page = reportPage({ ...emptyPage, plan: failed, failures: [failure] });

  const [, list = ''] = /<section id="progress"([\s\S]*?)<\/section>/.exec(page) ?? [];
  const [, failures = ''] = /<section id="failures"([\s\S]*?)<\/section>/.exec(page) ?? [];
  expect(/x+… <a href="#failures">more<\/a>/.exec(list)?.[0].length).toBeLessThan(200);
  expect(failures).toContain(`${'x'.repeat(400)} end`);
});

describe('what is not exact', () => {
  const page = reportPage(samplePage)
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ');

  it('is said: estimates, unknown prices, mismatches, lines that could not be read', () => {
    expect(page).toContain('3 requests unpriced, $0.38 estimated, 1 mismatch');
    expect(page).toMatch(/Estimated: 1 answer with [\d,]+ tokens, \$0\.38\./);
    expect(page).toContain('Unknown prices: local/mixtral-8x22b (3 requests).');
    expect(page).toContain('Mismatches: 1 run of the agent reported other sums');
    expect(page).toContain('.regen/ledger.jsonl: lines left out of the sums: 1 cut off by a crash');
  });

  it('is marked where it stands', () => {
    expect(page).toContain('$0.92 est.');
    expect(page).toContain('$0.40 + unknown');
  });

  it('is denied where all is exact', () => {
    const exact = reportPage({
      ...emptyPage,
      spending: { ...emptyPage.spending, all: { ...emptyPage.spending.all, ...spent({}) } },
    });

    expect(exact).toContain('Every figure is booked exactly and has a price');
  });
});

it('the document has the sums of the page', () => {
  const document = reportDocument(samplePage, { file: '/r/report.html', bytes: 5 });

  expect(document).toMatchObject({
    file: '/r/report.html',
    bytes: 5,
    generatedAt: '2026-11-21T10:00:00.000Z',
    repository: 'catalog',
    plan: { target: 'scatter-basic', counts: { done: 3, failed: 1, skipped: 1, waiting: 0, todo: 4 } },
    archivedPlans: 4,
    pullRequests: 23,
    failures: 6,
    pricedUsd: 16.37,
    unpricedRequests: 3,
    mismatches: 1,
    forecast: { remaining: 4 },
    gaps: ['.regen/ledger.jsonl: lines left out of the sums: 1 cut off by a crash'],
  });
});
