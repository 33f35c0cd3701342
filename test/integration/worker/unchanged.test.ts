/** `when: unchanged` over plans of blocks, and what is looked at before a call is paid. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const page = 'docs/guide/page-01.md';

/** The second paragraph is good as it is. */
const script = packScript({
  answer: ({ text }) => (text.startsWith('Paragraph 2') ? text : `${text} Once.`),
});

async function states(world: World): Promise<readonly string[]> {
  const plan = (await world.read('.regen-plan.md')) ?? '';
  return plan.split('\n').flatMap((line) => /^- \[.\] page-01#\d+/.exec(line)?.[0] ?? []);
}

it('knows blocks that were shipped or left as they were, wherever they stand, until something else is asked', async () => {
  const skip = ', { when: unchanged }';
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig({ skip }),
    script,
  });
  await world.regen(['plan', 'guide']);
  await world.regen(['--json']);
  await world.regen(['--json']);
  await world.repository.git('fetch', '--quiet', 'origin');
  await world.repository.git('merge', '--quiet', '--ff-only', 'origin/regen/guide/pack-1');
  const shipped = (await world.read(page)) ?? '';
  await world.repository.commit({ files: { [page]: shipped.replace('\n\n', '\n\nNew.\n\n') } });
  await world.repository.git('push', '--quiet', 'origin', 'HEAD:main');

  await world.regen(['plan', 'guide']);
  const moved = await states(world);
  await world.regen(['abandon']);
  await world.write({
    'regen.yaml': guideConfig({ skip, more: 'routing: { models: [opus], classify: never }\n' }),
  });
  await world.regen(['plan', 'guide']);
  const routed = await states(world);

  expect(moved).toEqual(['- [ ] page-01#1', '- [-] page-01#2', '- [-] page-01#3', '- [-] page-01#4']);
  expect(routed).toEqual(['- [ ] page-01#1', '- [ ] page-01#2', '- [ ] page-01#3', '- [ ] page-01#4']);
});

it('knows blocks whose results came to nothing', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig({
      skip: ', { when: unchanged }',
      checks: "  run: [{ name: undo, run: 'git checkout --quiet docs' }]",
    }),
    script,
  });
  await world.regen(['plan', 'guide']);
  await world.regen([]);
  const over = await world.regen(['--json']);

  await world.regen(['plan', 'guide', '--explain']);

  expect(over.document).toMatchObject({ outcome: 'archived' });
  expect(await states(world)).toEqual(['- [-] page-01#1', '- [-] page-01#2']);
  expect(world.model.bill).toHaveLength(1);
});

it.each(['realtime', 'batch'])('asks no model while a tool is missing: mode %s', async (mode) => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig({ worker: `mode: ${mode}`, checks: "  tools: { regen-nowhere: '*' }" }),
    script,
  });
  await world.regen(['plan', 'guide']);

  const stopped = await world.regen([]);

  expect(stopped.exitCode).toBe(3);
  expect(stopped.stderr).toContain('checks.tools: regen-nowhere is not there: ');
  expect(world.model.bill).toEqual([]);
  expect(world.model.batches()).toEqual([]);
  expect(await states(world)).toEqual(['- [ ] page-01#1', '- [ ] page-01#2']);
});
