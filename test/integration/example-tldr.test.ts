import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { formatUsage } from '../../src/model/format.js';
import type { StepResult } from '../../src/model/step-result.js';
import { exampleConfig } from '../support/example-files.js';
import { startForge } from '../support/forge.js';
import type { TestForge } from '../support/forge.js';
import { runGit } from '../support/git-repo.js';
import { makeWorld } from '../support/world.js';
import type { World } from '../support/world.js';
import { tokenBlockIn } from '../support/token-block.js';

const tldrLint = fileURLToPath(new URL('../../node_modules/.bin/tldr-lint', import.meta.url));

describe('examples/tldr: pages by platform, their age from the history', () => {
  const cleanups: (() => PromiseLike<void>)[] = [];
  let world: World;
  let forge: TestForge;
  let steps: StepResult[] = [];

  beforeAll(async () => {
    const config = await exampleConfig('tldr');
    world = await makeWorld({ files: tree, config, script: editor });
    cleanups.push(() => world[Symbol.asyncDispose]());
    const { repository, root } = world;
    for (const { file, date } of laterCommits) {
      const text = page(path.basename(file, '.md'), 'Do it again');
      await repository.commit({ files: { [file]: text }, date });
    }
    await repository.git('push', '--quiet');
    // What `npm ci` in the checkout would leave there.
    await mkdir(path.join(root, 'node_modules', '.bin'), { recursive: true });
    await symlink(tldrLint, path.join(root, 'node_modules', '.bin', 'tldr-lint'));
    forge = await startForge({ owner: 'tldr-pages', repo: 'tldr', remote: repository.remote });
    cleanups.push(() => forge.stop());
    for (const exitCode of [0, 0, 0, 0, 0, 0, 0]) {
      const run = await world.regen(['--json'], { GITHUB_API_URL: forge.apiUrl, GITHUB_TOKEN: forge.token });
      expect(run).toMatchObject({ exitCode });
      steps = [...steps, run.document as StepResult]; // its parts are compared below
    }
  }, 180_000);

  afterAll(async () => {
    for (const cleanUp of cleanups.reverse()) await cleanUp();
  });

  test('the platform that was left alone the longest has its turn, page by page', () => {
    expect(steps.map(({ target, item, outcome, reason }) => ({ target, item, outcome, reason }))).toEqual([
      {
        target: 'common',
        item: null,
        outcome: 'planned',
        reason: 'the oldest: last updated 2025-02-03T10:00:00Z',
      },
      { target: 'common', item: '!', outcome: 'unchanged', reason: 'the agent left the item as it was' },
      ...['.', '[', '[[', '^', 'mkfs.ext4'].map((item) => ({
        target: 'common',
        item,
        outcome: 'shipped',
        reason: null,
      })),
    ]);
  });

  test('the plan names every page as it is', async () => {
    const plan = (await world.read('.regen-plan.md')) ?? '';
    const base = await world.repository.git('rev-parse', '--short=7', 'origin/main');
    const [created = '', ...instants] = plan.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g)?.slice(1) ?? [];
    const entry = ({ item, pr, usage }: StepResult) =>
      pr === null
        ? `- ${item ?? ''}: unchanged: the agent left the item as it was, ${formatUsage(usage)}`
        : `- ${item ?? ''}: PR ${pr.url}, label page edit, ${formatUsage(usage)}`;

    expect(plan).toBe(`# Regen plan: common

- Target: \`common\`
- Last updated: \`2025-02-03T10:00:00Z\`
- Base: \`origin/main@${base}\`
- Plan created: \`${created}\`

## Pages

- [-] !
- [x] .
- [x] [
- [x] [[
- [x] ^
- [x] mkfs.ext4

## Log

${steps
  .slice(1)
  .map((step, index) => `${entry(step)} (${instants[index] ?? ''})\n`)
  .join('')}`);
  });

  test('names are encoded where a branch or a comment would trip over them', async () => {
    const pullRequests = await forge.pullRequests();

    const expected = [
      { title: '.', encoded: '%2E', markdown: '.' },
      { title: '[', encoded: '%5B', markdown: '\\[' },
      { title: '[[', encoded: '%5B%5B', markdown: '\\[\\[' },
      { title: '^', encoded: '%5E', markdown: '\\^' },
      { title: 'mkfs.ext4', encoded: 'mkfs.ext4', markdown: 'mkfs.ext4' },
    ].map(({ title, encoded, markdown }, index) => ({
      number: index + 1,
      title: `${title}: refresh page`,
      branch: `refresh/common/${encoded}`,
      body: `The page **${markdown}** of **common**, reviewed against the style guide.

${tokenBlockIn(pullRequests[index]?.body)}

<!-- regen: attempt=${attemptIn(pullRequests[index]?.body)} target=common item=${encoded} -->
`,
      state: 'open',
      labels: ['page edit'],
    }));
    expect(pullRequests).toEqual(expected);
  });

  test('what tldr-lint finds goes back to the agent, and the page that is shipped passes', async () => {
    const { remote } = world.repository;
    const repairs = new Set(
      world.model.requests.flatMap(({ scripted }) => scripted?.request.prompts.slice(1) ?? []),
    );
    const shipped = await runGit(remote, ['show', 'refresh/common/%5B:pages/common/[.md']);
    const changed = await runGit(remote, ['diff', '--name-only', 'main...refresh/common/%5B']);

    expect(repairs.size).toBe(1);
    expect([...repairs][0]).toContain(
      'pages/common/[.md:6: TLDR005 Example descriptions should end in a colon',
    );
    expect(`${shipped}\n`).toBe(page('[', 'Show what it does'));
    expect(changed).toBe('pages/common/[.md');
  });
});

/** `!` is good as it is; the page of `[` forgets a colon, and gets it when the linter misses it. */
function editor(request: ScriptedRequest): ScriptedReply {
  const [file = '', name = ''] = /pages\/common\/(\S+)\.md/.exec(request.firstMessage) ?? [];
  if (name === '!') return say('The page is good as it is.');
  if (request.turnOfPrompt === 1) return use({ name: 'Read', input: { file_path: file } });
  if (request.turnOfPrompt > 2) return say('Done.');
  const isFirstOfBracket = name === '[' && request.prompts.length === 1;
  const content = page(name, 'Show what it does');
  return use({
    name: 'Write',
    input: { file_path: file, content: isFirstOfBracket ? content.replace('does:', 'does') : content },
  });
}

function page(name: string, example: string): string {
  return `# ${name}

> A command of the sample.
> More information: <https://example.invalid/${encodeURIComponent(name)}>.

- ${example}:

\`${name} {{path/to/file}}\`
`;
}

function attemptIn(body = ''): string {
  return /attempt=([0-9a-f-]{36})/.exec(body)?.[1] ?? '';
}

/** The age of a platform is its last commit's: common, linux, osx. A translation says nothing about it. */
const laterCommits = [
  { file: 'pages/common/mkfs.ext4.md', date: '2025-02-03T10:00:00Z' },
  { file: 'pages/linux/ip.md', date: '2025-03-01T08:00:00+02:00' },
  { file: 'pages/osx/pbcopy.md', date: '2025-04-01T08:00:00Z' },
  { file: 'pages.de/common/[.md', date: '2025-05-01T08:00:00Z' },
];

const names = [
  'common/!',
  'common/.',
  'common/[',
  'common/[[',
  'common/^',
  'common/mkfs.ext4',
  'linux/ip',
  'osx/pbcopy',
];

const tree = {
  '.gitignore': 'node_modules\n',
  'contributing-guides/style-guide.md': '# Style guide\n\nShort, snappy, current.\n',
  ...Object.fromEntries(names.map((name) => [`pages/${name}.md`, page(path.basename(name), 'Do it')])),
  'pages.de/common/[.md': page('[', 'Mach es'),
};
