/** A kill once the remote has what a pack ships, and before the plan says so. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { commitElsewhere, killAtPush } from '../../support/elsewhere.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const twice = ({ text }: { readonly text: string }): string => `${text} Once.`;
const page = 'docs/guide/page-01.md';

it.each([
  ['pack', 'regen/guide/pack-1'],
  ['target', 'regen/guide/all'],
])('is gone on with, shipping per %s', async (per, branch) => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig({ worker: 'count: 2', ship: `{ to: branch, per: ${per} }` }),
    script: packScript({ answer: twice }),
  });
  await world.regen(['plan']);
  await killAtPush(world);
  // Merged by somebody's automation, before regen came to say that it was shipped.
  if (per === 'pack') {
    await world.repository.git('fetch', '--quiet', 'origin');
    await world.repository.git('merge', '--quiet', '--ff-only', `origin/${branch}`);
    await world.repository.git('push', '--quiet', 'origin', 'main');
  }
  const resumed = await world.regen(['--json']);
  const next = await world.regen(['--json']);

  expect(resumed.document).toMatchObject({ outcome: 'shipped', item: 'pack-1' });
  expect(next.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
  expect((await world.read('.regen-plan.md'))?.match(/^- \[x\] page-01#\d$/gm)).toHaveLength(4);
  expect(world.model.bill).toHaveLength(2);
  await world.repository.git('fetch', '--quiet', 'origin');
  const last = per === 'pack' ? 'regen/guide/pack-2' : branch;
  const text = await world.repository.git('show', `origin/${last}:${page}`);
  for (const number of [1, 2, 3, 4]) expect(text).toContain(`${paragraphText(1, number)} Once.\n`);
});

it.each([
  ['pack', 'regen/guide/pack-1'],
  ['target', 'regen/guide/all'],
  ['item', 'regen/guide/page-01%231'],
])('keeps what somebody has added to the branch meanwhile, shipping per %s', async (per, branch) => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig({ ship: `{ to: branch, per: ${per} }` }),
    script: packScript({ answer: twice }),
  });
  await world.regen(['plan']);
  await killAtPush(world);
  await commitElsewhere(world, branch, { 'docs/review.md': 'Seen.\n' });

  const resumed = await world.regen(['--json']);
  if (per === 'item') await world.regen([]);
  await world.repository.git('fetch', '--quiet', 'origin');

  expect(resumed.document).toMatchObject({ outcome: 'shipped' });
  expect(await world.repository.git('show', `origin/${branch}:docs/review.md`)).toBe('Seen.');
  expect((await world.read('.regen-plan.md'))?.match(/^- \[x\] page-01#\d$/gm)).toHaveLength(2);
  expect(world.model.bill).toHaveLength(1);
});

it('an item whose branch somebody has added to is told before it is asked about again', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig({ ship: '{ to: branch, per: item }' }),
    script: packScript({ answer: twice }),
  });
  await world.regen(['plan']);
  await world.regen([]);
  await commitElsewhere(world, 'regen/guide/page-01%231', { 'docs/review.md': 'Seen.\n' });
  await world.regen(['retry', 'page-01#1', 'page-01#2']);

  const step = await world.regen(['--json']);

  expect(step.exitCode).toBe(1);
  expect(step.document).toMatchObject({
    items: [
      { id: 'page-01#1', outcome: 'failed', reason: expect.stringContaining('is there already') as string },
      { id: 'page-01#2', outcome: 'shipped' },
    ],
  });
  expect(world.model.requests.filter(({ path: route }) => route === '/v1/messages')).toHaveLength(2);
  expect(world.model.bill).toHaveLength(2);
});

it('keeps what was shipped first when a check splits a pack that ships per target', async () => {
  const bad = paragraphText(1, 3);
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig({
      worker: 'count: 4',
      ship: '{ to: branch, per: target }',
      checks: "  run: [{ name: words, run: '! grep -rn forbidden docs/guide' }]",
    }),
    script: packScript({
      answer: ({ text }) => (text === bad ? `${text} A forbidden word.` : `${text} Once.`),
    }),
  });
  await world.regen(['plan']);

  await world.regen(['run', '--max-steps', '3']);

  await world.repository.git('fetch', '--quiet', 'origin');
  const text = await world.repository.git('show', `origin/regen/guide/all:${page}`);
  for (const number of [1, 2, 4]) expect(text).toContain(`${paragraphText(1, number)} Once.\n`);
  expect(text).toContain(`${bad}\n`);
});
