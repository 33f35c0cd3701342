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
    // The age of a platform is its last commit's: common, linux, osx. A translation says nothing about it.
    const { repository } = world;
    for (const [name, date] of [
      ['pages/common/mkfs.ext4.md', '2025-02-03T10:00:00Z'],
      ['pages/linux/ip.md', '2025-03-01T08:00:00+02:00'],
      ['pages/osx/pbcopy.md', '2025-04-01T08:00:00Z'],
      ['pages.de/common/[.md', '2025-05-01T08:00:00Z'],
    ] as const) {
      await repository.commit({ files: { [name]: page(path.basename(name, '.md'), 'Do it again') }, date });
    }
    await repository.git('push', '--quiet');
    await mkdir(path.join(world.root, 'node_modules', '.bin'), { recursive: true });
    await symlink(tldrLint, path.join(world.root, 'node_modules', '.bin', 'tldr-lint'));
    forge = await startForge({ owner: 'tldr-pages', repo: 'tldr', remote: repository.remote });
    cleanups.push(() => forge.stop());
    for (const _ of ['plan', '!', '.', '[', '[[', '^', 'mkfs.ext4', 'done']) {
      const run = await world.regen(['--json'], { GITHUB_API_URL: forge.apiUrl, GITHUB_TOKEN: forge.token });
      console.log(run.stderr, run.stdout, await world.read('.regen-plan.md'));
      steps = [...steps, run.document as StepResult]; // its parts are compared below
    }
  }, 120_000);

  afterAll(async () => {
    for (const cleanUp of cleanups.reverse()) await cleanUp();
  });
  test('x', async () => {
    console.log(JSON.stringify(await forge.pullRequests(), null, 1));
    console.log(await world.repository.git('log', '--format=%H %cI %s'));
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

const names = ['common/!', 'common/.', 'common/[', 'common/[[', 'common/^', 'common/mkfs.ext4', 'linux/ip', 'osx/pbcopy'];

const tree = {
  '.gitignore': 'node_modules\n',
  'contributing-guides/style-guide.md': '# Style guide\n\nShort, snappy, current.\n',
  ...Object.fromEntries(
    names.map((name) => [`pages/${name}.md`, page(path.basename(name), 'Do it')]),
  ),
  'pages.de/common/[.md': page('[', 'Mach es'),
};
