/** A base that moves while items are asked about: ids are places, and what counts is the text. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { startScriptedModel } from '../../../src/demo/model/server.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const once = ({ text }: { readonly text: string }): string => `${text} Once.`;
const page = 'docs/guide/page-01.md';

/** Somebody pushes a paragraph at the top of the page, and rewrites the last one. */
async function move({ repository }: World): Promise<void> {
  const [heading = '', ...rest] = (await repository.git('show', 'HEAD:docs/guide/page-01.md')).split('\n\n');
  const text = [heading, 'A paragraph that is new here, and that nobody was asked about at all.', ...rest]
    .join('\n\n')
    .replace(paragraphText(1, 4), 'The fourth paragraph, as somebody has rewritten it by hand meanwhile.');
  await repository.commit({ files: { [page]: `${text}\n` } });
  await repository.git('push', '--quiet', 'origin', 'main');
}

async function pageOf({ repository }: World, branch: string): Promise<string> {
  await repository.git('fetch', '--quiet', 'origin');
  return repository.git('show', `origin/${branch}:${page}`);
}

it('puts a batch’s answers where their texts stand now, and leaves what somebody has rewritten', async () => {
  const model = await startScriptedModel({
    script: packScript({ answer: once }),
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
    batches: { polls: 1 },
  });
  try {
    await using world = await makeWorld({
      files: guideFiles({ pages: 1, paragraphs: 4 }),
      config: guideConfig({ worker: 'mode: batch, prewarm: false', skip: '' }),
      env: { ANTHROPIC_BASE_URL: model.url },
    });
    await world.regen(['plan', 'guide']);
    await world.regen(['--json']);
    await move(world);

    const collected = await world.regen(['--json']);

    const text = await pageOf(world, 'regen/guide/pack-1');
    expect(collected.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
    expect(text).toContain('A paragraph that is new here, and that nobody was asked about at all.\n');
    for (const number of [1, 2, 3]) expect(text).toContain(`${paragraphText(1, number)} Once.\n`);
    expect(text).toContain('The fourth paragraph, as somebody has rewritten it by hand meanwhile.\n');
    expect(await world.read('.regen-plan.md')).toContain(
      'page-01#4: skipped: its text was changed on the base since the plan was made',
    );
  } finally {
    await model.close();
  }
});

it('goes on with the same paragraphs when they have moved between two packs', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig({ worker: 'count: 2' }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);
  await world.regen(['--json']);
  await world.repository.git('fetch', '--quiet', 'origin');
  await world.repository.git('merge', '--quiet', '--ff-only', 'origin/regen/guide/pack-1');
  await move(world);

  const second = await world.regen(['--json']);

  const text = await pageOf(world, 'regen/guide/pack-2');
  expect(second.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
  expect(text.match(/Once\./g)).toHaveLength(3);
  expect(text).toContain(`${paragraphText(1, 3)} Once.\n`);
});
