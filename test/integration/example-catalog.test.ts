import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatUsage } from '../../src/model/format.js';
import type { StepResult } from '../../src/model/step-result.js';
import { exampleConfig, exampleFiles, replaceOnce } from '../support/example-files.js';
import { startForge } from '../support/forge.js';
import type { TestForge } from '../support/forge.js';
import { runGit, writeFiles } from '../support/git-repo.js';
import { isJudge, judgedBy } from '../support/judge.js';
import { makeScratch } from '../support/scratch.js';
import { makeWorld } from '../support/world.js';
import type { World } from '../support/world.js';
import { tokenBlockIn } from '../support/token-block.js';
import { catalogAuthor, finished } from './catalog-author.js';
import { answers, qualities, reviewOf } from './catalog-judge.js';

const scatter = 'plots/scatter-basic';
const previews = 'https://images.example.invalid';

describe('examples/catalog: a plan, an implementation, and one that needs a repair', () => {
  const cleanups: (() => PromiseLike<void>)[] = [];
  let world: World;
  let forge: TestForge;
  let staging = '';
  let plans: (string | null)[] = [];
  let steps: StepResult[] = [];

  beforeAll(async () => {
    // Downstream of this forge nothing is started by a label.
    const config = replaceOnce(await exampleConfig('catalog'), 'labelDelay: 8s', 'labelDelay: 10ms');
    const files = await exampleFiles('catalog');
    world = await makeWorld({ files, config, script: judgedBy(answers, catalogAuthor) });
    cleanups.push(() => world[Symbol.asyncDispose]());
    const scratch = await makeScratch();
    cleanups.push(() => scratch[Symbol.asyncDispose]());
    staging = scratch.folder;
    forge = await startForge({ owner: 'sample', repo: 'catalog', remote: world.repository.remote });
    cleanups.push(() => forge.stop());
    for (const exitCode of [0, 0, 0]) {
      const run = await world.regen(['--json'], {
        CATALOG_STAGING: staging,
        GITHUB_API_URL: forge.apiUrl,
        GITHUB_TOKEN: forge.token,
      });
      expect(run).toMatchObject({ exitCode });
      steps = [...steps, run.document as StepResult]; // its parts are compared below
      plans = [...plans, await world.read('.regen-plan.md')];
    }
  });

  afterAll(async () => {
    for (const cleanUp of cleanups.reverse()) await cleanUp();
  });

  test('the oldest specification is planned, and each invocation does one library', () => {
    expect(steps.map(({ mode, item, outcome, remaining }) => ({ mode, item, outcome, remaining }))).toEqual([
      { mode: 'plan', item: null, outcome: 'planned', remaining: 3 },
      { mode: 'execute', item: 'altair', outcome: 'shipped', remaining: 2 },
      { mode: 'execute', item: 'highcharts', outcome: 'shipped', remaining: 1 },
    ]);
  });

  test('the plan is ticked and logged, and every other byte stays', async () => {
    const base = await world.repository.git('rev-parse', '--short=7', 'origin/main');
    const created = instantIn(plans[0], /Plan created: `(.*)`/);
    const plan = (items: readonly string[], log: readonly string[]) => `# Regen plan: scatter-basic

- Target: \`scatter-basic\`
- Title: \`Basic Scatter Plot\`
- Last updated: \`2025-01-20T18:05:00Z\`
- Base: \`origin/main@${base}\`
- Plan created: \`${created}\`

## Libraries

${items.map((item) => `${item}\n`).join('')}
## Log
${log.map((line, index) => `${index === 0 ? '\n' : ''}${line}\n`).join('')}`;
    const entries = steps.slice(1).map(({ item, pr, score, usage }) => {
      const at = instantIn(plans[2], new RegExp(`- ${item ?? ''}: .*\\((.*)\\)`));
      const labels = `spec:scatter-basic library:${item ?? ''} quality:${score ?? ''} ai-approved`;
      return `- ${item ?? ''}: PR ${pr?.url ?? ''}, score ${score ?? ''}, label ${labels}, verdict APPROVED, ${formatUsage(usage)} (${at})`;
    });

    expect(plans).toEqual([
      plan(['- [ ] altair', '- [ ] highcharts', '- [ ] matplotlib'], []),
      plan(['- [x] altair', '- [ ] highcharts', '- [ ] matplotlib'], entries.slice(0, 1)),
      plan(['- [x] altair', '- [x] highcharts', '- [ ] matplotlib'], entries),
    ]);
  });

  test('each pull request has title, body with parent issue, and labels in order', async () => {
    const pullRequests = await forge.pullRequests();

    expect(pullRequests).toEqual(
      ['altair', 'highcharts'].map((item, index) => ({
        number: index + 1,
        title: `regen(scatter-basic): ${item}`,
        branch: `implementation/scatter-basic/${item}`,
        body: `Regenerated **${item}** for **scatter-basic**.

Quality: ${qualities[index] ?? ''}

Both themes are staged: [light](${previews}/staging/scatter-basic/javascript/${item}/plot-light.png), [dark](${previews}/staging/scatter-basic/javascript/${item}/plot-dark.png).

**Parent Issue:** #1042

${tokenBlockIn(pullRequests[index]?.body)}

<!-- regen: attempt=${attemptIn(pullRequests[index]?.body)} target=scatter-basic item=${item} -->
`,
        state: 'open',
        labels: ['spec:scatter-basic', `library:${item}`, `quality:${[90, 92][index] ?? ''}`, 'ai-approved'],
      })),
    );
  });

  test('a commit holds the implementation with its dated header, the metadata, and nothing else', async () => {
    const files = await changedFiles('altair');

    const implementation = `${scatter}/implementations/javascript/altair.mjs`;
    const metadata = `${scatter}/metadata/javascript/altair.yaml`;
    const updated = instantIn(files[metadata], /updated: '(.*)'/);
    expect(files).toEqual({
      [implementation]: replaceOnce(
        finished['altair'] ?? '',
        'Updated: 2024-11-02',
        `Quality: 90/100 | Updated: ${updated.slice(0, 10)}`,
      ),
      [metadata]: `library: altair
specification_id: scatter-basic
created: 2024-08-19T10:12:00+00:00
updated: '${updated}'
issue: 1042
library_version: 5.5.0
preview_url_light: ${previews}/plots/scatter-basic/javascript/altair/plot-light.png
preview_url_dark: ${previews}/plots/scatter-basic/javascript/altair/plot-dark.png
preview_html_light: none
preview_html_dark: none
impl_tags: # kept by hand
  techniques: []
quality_score: 90
${reviewOf('altair')}generated_by: claude-sonnet-5
`,
    });
  });

  test('an interactive library names its pages, and what was repaired is what is shipped', async () => {
    const files = await changedFiles('highcharts');

    expect(files[`${scatter}/metadata/javascript/highcharts.yaml`]).toContain(`library_version: 12.1.2
preview_url_light: ${previews}/plots/scatter-basic/javascript/highcharts/plot-light.png
preview_url_dark: ${previews}/plots/scatter-basic/javascript/highcharts/plot-dark.png
preview_html_light: ${previews}/plots/scatter-basic/javascript/highcharts/plot-light.html
preview_html_dark: ${previews}/plots/scatter-basic/javascript/highcharts/plot-dark.html
`);
    expect(files[`${scatter}/implementations/javascript/highcharts.mjs`]).toContain('themes[theme]');
    expect(steps.map(({ usage }) => usage.requests)).toEqual([0, 5, 7]); // two of them are the judge’s
  });

  test('the agent of highcharts was told what the dark theme lacks', () => {
    const prompts = new Set(
      world.model.requests.flatMap(({ scripted }) => scripted?.request.prompts.slice(1) ?? []),
    );

    expect([...prompts]).toEqual([
      expect.stringContaining('plot-dark.png: the paper is #ffffff, it should be #16161d'),
    ]);
  });

  test('the judge opened both pictures of each implementation', () => {
    const opened = world.model.requests
      .flatMap(({ scripted }) => (scripted !== null && isJudge(scripted.request) ? [scripted.request] : []))
      .flatMap(({ toolResults }) => toolResults);

    // Claude Code runs the two calls of a message side by side.
    const names = opened.map(({ input }) => /[^/]*(?="\}$)/.exec(JSON.stringify(input))?.[0]).sort();
    expect(names).toEqual(['plot-dark.png', 'plot-dark.png', 'plot-light.png', 'plot-light.png']);
    expect(opened.filter(({ isError }) => isError)).toEqual([]);
  });

  test('pictures are staged for every theme, pages where the library makes them', async () => {
    const staged = await readdir(path.join(staging, 'scatter-basic', 'javascript'), { recursive: true });

    expect(staged.filter((name) => name.includes('.')).sort()).toEqual([
      'altair/plot-dark.png',
      'altair/plot-light.png',
      'highcharts/plot-dark.html',
      'highcharts/plot-dark.png',
      'highcharts/plot-light.html',
      'highcharts/plot-light.png',
    ]);
  });

  /** What the item's branch changes on the remote, path to text. */
  async function changedFiles(item: string): Promise<Record<string, string>> {
    const { remote } = world.repository;
    const branch = `implementation/scatter-basic/${item}`;
    const names = await runGit(remote, ['diff', '--name-only', `main...${branch}`]);
    const texts = names
      .split('\n')
      .map(async (name) => [name, `${await runGit(remote, ['show', `${branch}:${name}`])}\n`] as const);
    return Object.fromEntries(await Promise.all(texts));
  }
});

describe('an implementation that is named like its library', () => {
  test.each([
    { flags: ['-P'], code: 0, says: /^$/ },
    { flags: [], code: 1, says: /The requested module 'altair' does not provide an export named 'Chart'/ },
  ])('run in place with the flags $flags ends with $code', async ({ flags, code, says }) => {
    await using scratch = await makeScratch();
    await writeFiles(scratch.folder, await exampleFiles('catalog'));
    const script = `${scatter}/implementations/javascript/altair.mjs`;

    const ended = await new Promise<{ code: number; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        ['tools/run.mjs', ...flags, script],
        { cwd: scratch.folder, env: { REGEN_THEME: 'light' } },
        (error, _stdout, stderr) => {
          resolve({ code: Number(error?.code ?? 0), stderr });
        },
      );
    });

    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(says);
  });
});

function instantIn(text: string | null | undefined, pattern: RegExp): string {
  const instant = pattern.exec(text ?? '')?.[1] ?? '';
  expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  return instant;
}

function attemptIn(body = ''): string {
  return /attempt=([0-9a-f-]{36})/.exec(body)?.[1] ?? '';
}
