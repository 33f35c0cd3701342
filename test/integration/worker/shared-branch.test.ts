/** The one branch of a target (`ship.per: target`), with other people at work on it. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const once = ({ text }: { readonly text: string }): string => `${text} Once.`;
const branch = 'regen/guide/all';
const page = 'docs/guide/page-01.md';

async function shippedOnce(): Promise<World> {
  const world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig({ worker: 'count: 2', ship: '{ to: branch, per: target }' }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);
  await world.regen([]);
  await world.repository.git('fetch', '--quiet', 'origin');
  return world;
}

const textOn = ({ repository }: World): Promise<string> => repository.git('show', `origin/${branch}:${page}`);

/** Somebody's commit on top of `from`, pushed as the target's branch. */
async function pushed(world: World, from: string, files: Record<string, string>): Promise<void> {
  const { repository } = world;
  const config = (await world.read('regen.yaml')) ?? '';
  await repository.git('switch', '--quiet', '--detach', from);
  await repository.commit({ files });
  await repository.git('push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
  await repository.git('switch', '--quiet', 'main');
  // The commit took it along, and the switch away again.
  await world.write({ 'regen.yaml': config });
}

it('a commit that a reviewer has added stays, and the next pack comes on top of it', async () => {
  await using world = await shippedOnce();
  const mended = (await textOn(world)).replace('Paragraph 1 of', 'The first paragraph of');
  await pushed(world, `origin/${branch}`, { [page]: `${mended}\n` });

  const step = await world.regen(['--json']);
  await world.repository.git('fetch', '--quiet', 'origin');

  expect(step.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
  const text = await textOn(world);
  expect(text).toContain('The first paragraph of page 1');
  for (const number of [2, 3, 4]) expect(text).toContain(`${paragraphText(1, number)} Once.`);
});

it('a branch that somebody has replaced stops the step before anything is asked', async () => {
  await using world = await shippedOnce();
  await pushed(world, 'main', { 'docs/other.md': 'Somebody else’s.\n' });
  const billed = world.model.bill.length;

  const step = await world.regen([]);

  expect(step.exitCode).toBe(3);
  expect(step.stderr).toContain(`branch ${branch} is there already`);
  expect(world.model.bill).toHaveLength(billed);
  expect((await world.read('.regen-plan.md'))?.match(/^- \[ \] page/gm)).toHaveLength(2);
});
