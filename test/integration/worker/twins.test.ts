/** Blocks of one file that say the same: each gets its own answer, whatever of them was shipped before. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import type { AskScript } from '../../../src/demo/model/conversation.js';
import { startScriptedModel } from '../../../src/demo/model/server.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const names = ['a', 'b', 'c', 'd'];
const file = 'src/lib/m.py';

const files = {
  'docs/style.md': '# Style\n',
  [file]: names
    .map((name) => `def ${name}():\n    """Returns the value of the thing."""\n    return 1\n`)
    .join('\n\n'),
};

const config = (worker: string, per: string): string => `version: 1
engine: worker
targets: { glob: 'src/{target}/*.py', minAge: 0s }
items:
  glob: 'src/{target}/{item}.py'
  blocks: { code: docs }
prompt: { static: [docs/style.md], task: Name the function. }
worker: { count: 1, poll: 1s, prewarm: false, ${worker} }
ship: { to: branch, per: ${per} }
`;

/** The answer names the function that it was asked about. */
const naming: AskScript = (request) => {
  const [, name = '?'] = / in="def (\w+)/.exec(request.lastMessage) ?? [];
  return packScript({ answer: () => `Returns what ${name} is worth.` })(request);
};

async function docsOn({ repository }: World, branch: string): Promise<readonly string[]> {
  await repository.git('fetch', '--quiet', 'origin');
  const text = await repository.git('show', `origin/${branch}:${file}`);
  return [...text.matchAll(/def (\w+)\(\):\n {4}"""(.*)"""/g)].map(([, name, doc]) => `${name}: ${doc}`);
}

const each = names.map((name) => `${name}: Returns what ${name} is worth.`);

it('on a branch that grows by each of them', async () => {
  await using world = await makeWorld({ files, config: config('', 'target'), script: naming });
  await world.regen(['plan', 'lib']);

  await world.regen(['run', '--max-steps', '4']);

  expect(await docsOn(world, 'regen/lib/all')).toEqual(each);
  expect((await world.read('.regen-plan.md'))?.match(/^- \[x\] /gm)).toHaveLength(4);
});

it('on a base that has some of them already, also while a batch is at work', async () => {
  const model = await startScriptedModel({
    script: naming,
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
    batches: { polls: 1 },
  });
  try {
    const env = { ANTHROPIC_BASE_URL: model.url };
    await using world = await makeWorld({ files, config: config('mode: batch', 'pack'), env });
    await world.regen(['plan', 'lib']);
    await world.regen([]);
    await world.regen(['--no-wait-state']);

    for (const pack of ['pack-1', 'pack-2', 'pack-3']) {
      await world.repository.git('fetch', '--quiet', 'origin');
      await world.repository.git('merge', '--quiet', '--no-edit', `origin/regen/lib/${pack}`);
      await world.repository.git('push', '--quiet', 'origin', 'main');
      await world.regen(['--no-wait-state']);
    }

    expect(await docsOn(world, 'regen/lib/pack-4')).toEqual(each);
    expect((await world.read('.regen-plan.md'))?.match(/^- \[x\] /gm)).toHaveLength(4);
  } finally {
    await model.close();
  }
});
