/** `examples/guide`, as it stands. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { exampleConfig, exampleFiles } from '../../support/example-files.js';
import { makeWorld } from '../../support/world.js';

it('rewrites the paragraphs of the example guide in one call', async () => {
  const [config, files] = await Promise.all([exampleConfig('guide'), exampleFiles('guide')]);
  await using world = await makeWorld({
    files,
    config,
    script: packScript({ answer: ({ text }) => text.replace('really very easy', 'easy').replace('!', '.') }),
  });

  const planned = await world.regen(['plan', '--json']);
  const step = await world.regen(['--json']);

  await world.repository.git('fetch', '--quiet', 'origin');
  const page = await world.repository.git('show', 'origin/guide/guide:docs/guide/install.md');
  const before = String(files['docs/guide/install.md']);
  expect(planned.document).toMatchObject({ target: 'guide', skipped: { length: 5 } });
  expect(step.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
  expect(`${page}\n`).toBe(before.replace('really very easy', 'easy').replace('!', '.'));
  expect(world.model.bill).toHaveLength(1);
});
