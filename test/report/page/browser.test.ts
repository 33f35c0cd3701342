import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportPage } from '../../../src/model/report-page.js';
import { reportPage } from '../../../src/report/page/page.js';
import { isBrowserOff, readProbe, startBrowser } from '../../support/browser.js';
import { makeScratch } from '../../support/scratch.js';
import type { Scratch } from '../../support/scratch.js';
import { emptyPage, hostilePage, largePage, samplePage } from './sample.js';

/** For a person who wants to look: a folder that is kept. */
const shots = process.env['REGEN_SCREENSHOTS'];

const pages: Readonly<Record<string, ReportPage>> = {
  empty: emptyPage,
  sample: samplePage,
  hostile: hostilePage,
  large: largePage(300),
};

const openAll = 'document.querySelectorAll("details").forEach((one) => { one.open = true; })';

const phone = { width: 360, height: 740 };
const desktop = { width: 1000, height: 900 };

let browser: Browser;
let scratch: Scratch;
let probe: string;

describe.skipIf(isBrowserOff)('the report page in a browser', () => {
  beforeAll(async () => {
    scratch = await makeScratch();
    for (const [name, page] of Object.entries(pages)) {
      await writeFile(scratch.in(`${name}.html`), reportPage(page));
    }
    probe = await readProbe();
    browser = await startBrowser();
  });

  afterAll(async () => {
    // Both are missing when there is no browser.
    await (browser as Browser | undefined)?.close();
    await (scratch as Scratch | undefined)?.[Symbol.asyncDispose]();
  });

  interface Opened extends AsyncDisposable {
    readonly page: Page;
    readonly requests: readonly string[];
    readonly messages: readonly string[];
    ask<T>(expression: string): Promise<T>;
  }

  async function open(
    name: keyof typeof pages,
    {
      colorScheme = 'light',
      viewport = desktop,
    }: { colorScheme?: 'light' | 'dark'; viewport?: typeof phone } = {},
  ): Promise<Opened> {
    const page = await browser.newPage({ colorScheme, viewport, reducedMotion: 'reduce' });
    const requests: string[] = [];
    const messages: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(pathToFileURL(scratch.in(`${name}.html`)).href);
    await page.evaluate(probe);
    return {
      page,
      requests,
      messages,
      ask: (expression) => page.evaluate(expression),
      [Symbol.asyncDispose]: () => page.close(),
    };
  }

  it.each(Object.keys(pages))(
    '%s: asks for nothing but itself, nothing goes wrong, a phone never scrolls it sideways',
    async (name) => {
      await using opened = await open(name, { viewport: phone });

      await opened.ask(openAll);

      expect(await opened.ask('probe.overflowing()')).toEqual([]);
      expect(await opened.ask('document.documentElement.scrollWidth')).toBe(phone.width);
      expect(opened.requests).toEqual([pathToFileURL(scratch.in(`${name}.html`)).href]);
      expect(opened.messages).toEqual([]);
      expect(await opened.ask('[document.scripts.length, document.title === "taken"]')).toEqual([0, false]);
    },
  );

  it.each([phone.width, 700, desktop.width])(
    'charts have readable texts that lie apart, at %i px',
    async (width) => {
      await using opened = await open('sample', { viewport: { width, height: 900 } });

      const charts = await opened.ask<readonly Chart[]>('probe.charts()');

      expect(charts.map(({ title }) => title)).toEqual(chartTitles);
      for (const { title, description, overlaps, outside, smallest } of charts) {
        expect({ title, overlaps, outside }).toEqual({ title, overlaps: [], outside: [] });
        expect(description).toMatch(/\.$/);
        expect(smallest).toBeGreaterThan(11);
      }
    },
  );

  it.each(['light', 'dark'] as const)('texts have enough contrast in the %s scheme', async (colorScheme) => {
    await using opened = await open('sample', { colorScheme });

    await opened.ask(openAll);
    const colours = await opened.ask<Record<string, number>>('probe.colours()');

    expect(Object.keys(colours).length).toBeGreaterThan(8);
    expect(Object.entries(colours).filter(([, contrast]) => contrast < 4.5)).toEqual([]);
  });

  it.each([
    { name: 'sample', colorScheme: 'light', viewport: desktop },
    { name: 'hostile', colorScheme: 'dark', viewport: phone },
  ] as const)('axe has nothing against $name in $colorScheme', async ({ name, colorScheme, viewport }) => {
    await using opened = await open(name, { colorScheme, viewport });

    await opened.ask(openAll);
    await opened.page.evaluate(axe);
    // Colours have a test of their own, which sees charts as well.
    const violations = await opened.ask<readonly unknown[]>(
      'axe.run({ resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } } }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
    );

    expect(violations).toEqual([]);
  });

  it('the tabulator goes to every link, table and summary in turn, each one outlined', async () => {
    await using opened = await open('sample');
    const expected = await opened.ask<number>(
      '[...document.querySelectorAll("a, summary, .frame")].filter((one) => one.checkVisibility()).length',
    );

    const seen: Focused[] = [];
    for (let index = 0; index < expected; index += 1) {
      await opened.page.keyboard.press('Tab');
      seen.push(await opened.ask<Focused>('probe.focused()'));
    }

    expect(seen.filter(({ isOutlined, isOnScreen }) => !isOutlined || !isOnScreen)).toEqual([]);
    expect(new Set(seen.map(({ name }) => name)).size).toBe(seen.length);
    expect(seen.slice(0, 3).map(({ name }) => name)).toEqual([
      'a Skip to the report',
      'a Overview',
      'a Progress',
    ]);
  });

  it('the skip link leads past the navigation, and Enter opens a table', async () => {
    await using opened = await open('sample');

    await opened.page.keyboard.press('Tab');
    await opened.page.keyboard.press('Enter');
    const reached = await opened.ask('document.activeElement.id');
    await opened.page.getByText('Table: Cost by day').focus();
    await opened.page.keyboard.press('Enter');

    expect(reached).toBe('main');
    expect(await opened.page.getByRole('table', { name: 'Cost by day' }).isVisible()).toBe(true);
  });

  it('a screen reader is told landmarks, headings, charts and tables', async () => {
    await using opened = await open('sample');

    const tree = await opened.page.locator('body').ariaSnapshot();
    // A name with a colon is quoted.
    const lines = tree.split('\n').map((line) => line.trim().replace(/^- '(.*)'(?=:|$)/, '- $1'));

    expect(lines.filter((line) => /^- (?:banner|navigation|main|contentinfo|heading)/.test(line))).toEqual([
      '- banner:',
      '- heading "regen report: scatter-basic" [level=1]',
      '- navigation "Sections":',
      '- main:',
      ...headings.map((heading) =>
        heading === 'The slowest runs'
          ? `- heading "${heading}" [level=3]`
          : `- heading "${heading}" [level=2]`,
      ),
      '- contentinfo:',
    ]);
    expect(lines.flatMap((line) => /^- img "([^"]+)"/.exec(line)?.[1] ?? [])).toEqual(chartTitles);
    expect(lines.filter((line) => line.startsWith('- table'))).toEqual(
      openTables.map((caption) => `- table "${caption}":`),
    );
    expect(tree).toContain('columnheader "Pull request"');
    expect(tree).toContain('rowheader "altair"');
  });

  it.each([
    { name: 'light', colorScheme: 'light', viewport: desktop },
    { name: 'dark', colorScheme: 'dark', viewport: desktop },
    { name: 'phone', colorScheme: 'light', viewport: phone },
  ] as const)('is drawn from top to bottom: $name', async ({ name, colorScheme, viewport }) => {
    await using opened = await open('sample', { colorScheme, viewport });
    const folder = shots ?? scratch.folder;
    await mkdir(folder, { recursive: true });

    const picture = await opened.page.screenshot({ fullPage: true, path: path.join(folder, `${name}.png`) });

    // A picture of one colour would be a few kilobytes.
    expect(picture.length).toBeGreaterThan(100_000);
  });
});

interface Chart {
  readonly title: string;
  readonly description: string;
  readonly overlaps: readonly string[];
  readonly outside: readonly string[];
  readonly smallest: number;
}

interface Focused {
  readonly name: string;
  readonly isOutlined: boolean;
  readonly isOnScreen: boolean;
}

const headings = [
  'Overview',
  'Progress',
  'Forecast',
  'Failures',
  'Cost over time',
  'Tokens by stage and kind',
  'Cache hit rate',
  'Cost against score',
  'Slowest stages',
  'The slowest runs',
  'Models',
  'How exact this is',
  'Archived plans',
];

const chartTitles = [
  'Items of scatter-basic by state',
  'Cost of the plan at its end',
  'Cost by day',
  'Tokens by stage and kind',
  'Cache hit rate per item',
  'Cost per item against score',
  'Time of each stage',
  'Archived plans, their items by state',
];

const openTables = [
  'Items of scatter-basic; est.: estimated in part',
  'Budgets',
  'Items that are failed now',
  'Causes of all 6 failures',
  'The longest runs of any stage, the longest first',
  'Models, the dearest first',
  'What runs reported beyond (+) or short of (−) what was booked',
];
