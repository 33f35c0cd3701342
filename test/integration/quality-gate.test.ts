import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { formatUsage } from '../../src/model/format.js';
import type { StepResult } from '../../src/model/step-result.js';
import { startForge } from '../support/forge.js';
import type { TestForge } from '../support/forge.js';
import { runGit } from '../support/git-repo.js';
import { isJudge } from '../support/judge.js';
import { makeScratch } from '../support/scratch.js';
import { tokenBlockIn } from '../support/token-block.js';
import { makeWorld } from '../support/world.js';
import type { CommandRun, World } from '../support/world.js';
import { qualityOf, reviewBlock, scoreOf } from './catalog-judge.js';
import type { Opinion } from './catalog-judge.js';
import { drafts, galleryConfig, galleryFiles, implementationOf, metadataOf, opinions } from './gallery.js';
import { changeRequest, galleryScript, isAuditor } from './gallery-script.js';

const previews = 'https://images.example.invalid';

/** What is expected of each library: the review that counts, what follows from it, and facts of the library. */
const libraries = [
  { item: 'altair', round: 2, verdict: 'APPROVED', label: 'ai-approved', version: '5.5.0', page: false },
  { item: 'highcharts', round: 0, verdict: 'APPROVED', label: 'ai-approved', version: '12.1.2', page: true },
  {
    item: 'matplotlib',
    round: 2,
    verdict: 'REJECTED',
    label: 'quality-poor',
    version: '3.10.0',
    page: false,
  },
] as const;

type Library = (typeof libraries)[number];

/** A picture that the judge was shown, and the file that the check had rendered. */
interface Exhibit {
  readonly item: string;
  readonly name: string;
  readonly shown: Buffer;
  readonly rendered: Buffer;
}

describe('the quality gate on a catalog whose pictures are rendered', () => {
  const cleanups: (() => PromiseLike<void>)[] = [];
  const exhibits: Exhibit[] = [];
  const plans: (string | null)[] = [];
  const steps: StepResult[] = [];
  let world: World;
  let forge: TestForge;
  let planning: CommandRun;

  beforeAll(async () => {
    const scratch = await makeScratch();
    cleanups.push(() => scratch[Symbol.asyncDispose]());
    const script = galleryScript();
    world = await makeWorld({
      files: await galleryFiles(),
      config: await galleryConfig(),
      script: async (asked) => {
        if (isJudge(asked) && !isAuditor(asked)) exhibits.push(...(await shownIn(asked)));
        return script(asked);
      },
      env: {
        SHARP_URL: import.meta.resolve('sharp'),
        CATALOG_STAGING: scratch.folder,
        GITHUB_TOKEN: 'forge-token',
      },
    });
    cleanups.push(() => world[Symbol.asyncDispose]());
    forge = await startForge({ owner: 'sample', repo: 'catalog', remote: world.repository.remote });
    cleanups.push(() => forge.stop());
    planning = await step();
    while (steps.at(-1)?.remaining !== 0) await step();
  }, 120_000);

  afterAll(async () => {
    for (const cleanUp of cleanups.reverse()) await cleanUp();
  });

  it('asks the later one of two copies for a change, before anything is made', () => {
    const [auditing, ...others] = asked(isAuditor);

    expect(others).toEqual([]);
    expect(auditing?.tools).toEqual(['Read', 'StructuredOutput']);
    expect(auditing?.firstMessage).toContain("Items, in the plan's order: `altair`, `highcharts`\n");
    expect(auditing?.firstMessage).not.toContain('createFigure');
    expect(planning.stderr).toContain('audit: "C2" is no cluster: the entry was dropped');
    expect(steps[0]).toMatchObject({
      mode: 'plan',
      outcome: 'planned',
      reason: 'the oldest: last updated 2025-01-20T18:05:00Z; a change is requested of highcharts',
      usage: { requests: 1 },
    });
  });

  it('accepts at the third threshold, at once, and never', () => {
    expect(
      steps.slice(1).map(({ item, outcome, score, verdict, attempt }) => ({
        ...{ item, outcome, score, verdict, attempt },
        judged: asked(isJudge).filter((each) => itemOf(each) === item && each.turn === 1).length,
      })),
    ).toEqual([
      { item: 'altair', outcome: 'shipped', score: 79, verdict: 'APPROVED', attempt: 1, judged: 3 },
      { item: 'highcharts', outcome: 'shipped', score: 92, verdict: 'APPROVED', attempt: 1, judged: 1 },
      { item: 'matplotlib', outcome: 'shipped', score: 34, verdict: 'REJECTED', attempt: 1, judged: 3 },
    ]);
    expect(opinions['altair']?.map(scoreOf)).toEqual([69, 75, 79]); // below 90, below 80, at least 70
  });

  it('writes the plan with its request, ticks it, and leaves every other byte', async () => {
    const base = await world.repository.git('rev-parse', '--short=7', 'origin/main');
    const created = instantIn(plans[0], /Plan created: `(.*)`/);
    const entries = libraries.map(({ item, label, verdict }, index) => {
      const { pr, score, usage } = steps[index + 1] ?? {};
      const at = instantIn(plans[3], new RegExp(`- ${item}: PR .*\\((.*)\\)`));
      const labels = `spec:scatter-basic library:${item} quality:${score ?? ''} ${label}`;
      const used = usage === undefined ? '' : formatUsage(usage);
      return `- ${item}: PR ${pr?.url ?? ''}, score ${score ?? ''}, label ${labels}, verdict ${verdict}, ${used} (${at})\n`;
    });

    const plan = (done: number) => `# Regen plan: scatter-basic

- Target: \`scatter-basic\`
- Title: \`Basic Scatter Plot\`
- Last updated: \`2025-01-20T18:05:00Z\`
- Base: \`origin/main@${base}\`
- Plan created: \`${created}\`

## Libraries

${libraries.map(({ item }, index) => `- [${index < done ? 'x' : ' '}] ${item}\n`).join('')}
## Change Requests

- highcharts: ${changeRequest}

## Log
${done === 0 ? '' : '\n'}${entries.slice(0, done).join('')}`;
    expect(plans).toEqual([plan(0), plan(1), plan(2), plan(3)]);
  });

  it('has the one item obey the request, and nobody else told of it', () => {
    const told = asked(({ firstMessage }) => firstMessage.includes(changeRequest)).map(
      (each) => `${isJudge(each) ? 'judge' : 'author'} of ${itemOf(each)}`,
    );
    const author = asked((each) => !isJudge(each) && itemOf(each) === 'highcharts')[0];

    expect(new Set(told)).toEqual(new Set(['author of highcharts', 'judge of highcharts']));
    expect(author?.firstMessage).toContain(`# Change request

This is a hard requirement: it stands above everything else that you are told here, and work that does not meet it is not
accepted.

- ${changeRequest}
`);
  });

  it('sends the work back with what lost most, each time with another digest', () => {
    const [first, second] =
      asked((each) => !isJudge(each) && itemOf(each) === 'altair')
        .at(-1)
        ?.prompts.slice(1) ?? [];

    expect(first).toContain(`A reviewer gave it 69 of 100. Most was lost here:

- DE-01, A look of its own: 2 of 8. There is more in it.
- DE-02, Restraint: 2 of 6. There is more in it.
- DE-03, The eye is led to what matters: 2 of 6. There is more in it.
`);
    expect(second).toContain('A reviewer gave it 75 of 100.');
  });

  it('shows the judge the very pictures that the check rendered', async () => {
    const themes = ['plot-dark.png', 'plot-light.png'];
    const sizes = exhibits.map(async ({ shown }) => sharp(shown).metadata());
    const papers = exhibits.map(async ({ shown }) =>
      (await sharp(shown).removeAlpha().raw().toBuffer()).toString('hex', 0, 3),
    );

    expect(exhibits.map(({ item, name }) => `${item} ${name}`).sort()).toEqual(
      libraries
        .flatMap(({ item, round }) =>
          themes.flatMap((name) => Array.from({ length: round + 1 }, () => `${item} ${name}`)),
        )
        .sort(),
    );
    expect(exhibits.filter(({ shown, rendered }) => !shown.equals(rendered))).toEqual([]);
    expect(new Set(exhibits.map(({ shown }) => shown.toString('base64'))).size).toBe(exhibits.length);
    expect(await Promise.all(sizes)).toEqual(
      exhibits.map(() => expect.objectContaining({ format: 'png', width: 640, height: 360 }) as unknown),
    );
    expect(await Promise.all(papers)).toEqual(
      exhibits.map(({ name }) => (name === 'plot-dark.png' ? '16161d' : 'ffffff')),
    );
  });

  it('opens pull requests whose bodies and labels tell score and request', async () => {
    const pullRequests = await forge.pullRequests();

    expect(pullRequests).toEqual(
      libraries.map((library, index) => ({
        number: index + 1,
        title: `regen(scatter-basic): ${library.item}`,
        branch: branchOf(library),
        body: `Regenerated **${library.item}** for **scatter-basic**.

Quality: ${qualityOf(opinionOf(library))}

Both themes are staged: [light](${previews}/staging/scatter-basic/javascript/${library.item}/plot-light.png), [dark](${previews}/staging/scatter-basic/javascript/${library.item}/plot-dark.png).

**Parent Issue:** #1042
${library.item === 'highcharts' ? `\n**Change requests** taken up:\n\n- ${changeRequest}\n` : ''}
${tokenBlockIn(pullRequests[index]?.body)}

<!-- regen: attempt=${attemptIn(pullRequests[index]?.body)} target=scatter-basic item=${library.item} -->
`,
        state: 'open',
        labels: [
          'spec:scatter-basic',
          `library:${library.item}`,
          `quality:${scoreOf(opinionOf(library))}`,
          library.label,
        ],
      })),
    );
  });

  it.each(libraries)('commits $item with its header and its metadata, and nothing else', async (library) => {
    const { item, version, page, verdict } = library;
    const files = await changedFiles(library);
    const score = scoreOf(opinionOf(library));
    const updated = instantIn(files[metadataOf(item)], /updated: '(.*)'/);
    const preview = `${previews}/plots/scatter-basic/javascript/${item}/plot`;
    const html = (theme: string) => (page ? `${preview}-${theme}.html` : 'none');

    expect(files).toEqual({
      [implementationOf(item)]: (drafts[item]?.[library.round] ?? '').replace(
        / \* Updated: [\d-]+/,
        ` * Quality: ${score}/100 | Updated: ${updated.slice(0, 10)}`,
      ),
      [metadataOf(item)]: `library: ${item}
specification_id: scatter-basic
created: 2024-08-19T10:12:00+00:00
updated: '${updated}'
issue: 1042
library_version: ${version}
preview_url_light: ${preview}-light.png
preview_url_dark: ${preview}-dark.png
preview_html_light: ${html('light')}
preview_html_dark: ${html('dark')}
impl_tags: # kept by hand
  techniques: []
quality_score: ${score}
${reviewBlock(opinionOf(library), verdict)}generated_by: claude-sonnet-5
`,
    });
  });

  it('tells one score everywhere', async () => {
    const pullRequests = await forge.pullRequests();
    const status = (await world.regen(['status', '--json'])).document as {
      readonly items: readonly { readonly score: number }[];
    };

    for (const [index, library] of libraries.entries()) {
      const files = await changedFiles(library);
      const told = {
        document: steps[index + 1]?.score,
        status: status.items[index]?.score,
        plan: numberIn(plans[3], new RegExp(`- ${library.item}: PR .*, score (\\d+),`)),
        body: numberIn(pullRequests[index]?.body, /Quality: (\d+)\/100/),
        label: numberIn(pullRequests[index]?.labels.join(' '), /quality:(\d+)/),
        metadata: numberIn(files[metadataOf(library.item)], /quality_score: (\d+)/),
        header: numberIn(files[implementationOf(library.item)], /Quality: (\d+)\/100/),
      };
      expect(new Set(Object.values(told))).toEqual(new Set([scoreOf(opinionOf(library))]));
    }
  });

  it('tells the next plan’s author what was praised and what was missed, and finds no copies any more', async () => {
    for (const { number, branch } of await forge.pullRequests()) {
      await world.repository.git('fetch', '--quiet', 'origin', branch);
      await world.repository.git('merge', '--quiet', '--no-edit', 'FETCH_HEAD');
      await forge.merge(number);
    }
    await world.repository.git('push', '--quiet', 'origin', 'main');

    const archived = await step();
    const planned = await step('plan', 'scatter-basic');
    const before = world.model.requests.length;
    const again = await step();

    expect([archived, planned, again]).toMatchObject([
      { document: { mode: 'done', outcome: 'archived' } },
      { document: { target: 'scatter-basic', items: ['altair', 'highcharts', 'matplotlib'] } },
      { document: { item: 'altair', outcome: 'unchanged' } },
    ]);
    expect(planned.stderr).toContain('scatter-basic: audit: no two items look alike');
    expect(plans.at(-2)).not.toContain('## Change Requests');
    const [author] = world.model.requests.slice(before).flatMap(({ scripted }) => scripted?.request ?? []);
    expect(/<review [^]*<\/review>/.exec(author?.firstMessage ?? '')?.[0])
      .toBe(`<review path="${metadataOf('altair')}">
Score: 79 of 100
Verdict: APPROVED

Weaknesses, to be mended:
- The defaults show.

Strengths, to be kept:
- Both themes are alike.
</review>`);
  });

  /** One invocation; what it printed and the plan that it left are kept. */
  async function step(...args: readonly string[]): Promise<CommandRun> {
    const run = await world.regen([...args, '--json'], { GITHUB_API_URL: forge.apiUrl });
    expect(run).toMatchObject({ exitCode: 0 });
    steps.push(run.document as StepResult); // its parts are compared above
    plans.push(await world.read('.regen-plan.md'));
    return run;
  }

  function asked(which: (each: ScriptedRequest) => boolean): ScriptedRequest[] {
    return world.model.requests.flatMap(({ scripted }) =>
      scripted !== null && which(scripted.request) ? [scripted.request] : [],
    );
  }

  /** What the item's branch changes on the remote, path to text. */
  async function changedFiles(library: Library): Promise<Record<string, string>> {
    const { remote } = world.repository;
    const branch = branchOf(library);
    const base = await runGit(remote, ['rev-parse', `${branch}~1`]);
    const names = await runGit(remote, ['diff', '--name-only', base, branch]);
    const texts = names
      .split('\n')
      .map(async (name) => [name, `${await runGit(remote, ['show', `${branch}:${name}`])}\n`] as const);
    return Object.fromEntries(await Promise.all(texts));
  }
});

function branchOf({ item }: Pick<Library, 'item'>): string {
  return `implementation/scatter-basic/${item}`;
}

function opinionOf({ item, round }: Pick<Library, 'item' | 'round'>): Opinion {
  const opinion = opinions[item]?.[round];
  if (opinion === undefined) throw new Error(`nobody judges ${item} in round ${round}`);
  return opinion;
}

function itemOf({ firstMessage }: ScriptedRequest): string {
  return /- Item: `(.*)`/.exec(firstMessage)?.[1] ?? '';
}

/** The pictures that came with the request, with the files as they are while the judge looks at them. */
async function shownIn(asked: ScriptedRequest): Promise<Exhibit[]> {
  if (asked.turnOfPrompt !== 2) return [];
  const results = asked.body.messages
    .flatMap(({ content }) => content)
    .filter(({ type }) => type === 'tool_result');
  const shown = results.flatMap(({ tool_use_id: id, content }) =>
    (content as readonly Picture[]).map(({ source }) => ({ id, data: source.data })),
  );
  return Promise.all(
    shown.map(async ({ id, data }) => {
      const call = asked.toolResults.find((result) => result.id === id);
      const { file_path: file } = call?.input as { readonly file_path: string };
      return {
        item: itemOf(asked),
        name: path.basename(file),
        shown: Buffer.from(data, 'base64'),
        rendered: await readFile(file),
      };
    }),
  );
}

interface Picture {
  readonly source: { readonly data: string };
}

function instantIn(text: string | null | undefined, pattern: RegExp): string {
  const instant = pattern.exec(text ?? '')?.[1] ?? '';
  expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  return instant;
}

function numberIn(text: string | null | undefined, pattern: RegExp): number {
  return Number(pattern.exec(text ?? '')?.[1]);
}

function attemptIn(body = ''): string {
  return /attempt=([0-9a-f-]{36})/.exec(body)?.[1] ?? '';
}
