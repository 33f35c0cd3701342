/** A plan of a target while what the last one shipped waits to be merged. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const page = 'docs/guide/page-01.md';

/** What each branch of ours adds to the base, by its name. */
async function branches({ repository }: World): Promise<Record<string, readonly string[]>> {
  await repository.git('fetch', '--quiet', '--prune', 'origin');
  const names = await repository.git('branch', '--remotes', '--format=%(refname:lstrip=2)');
  const found = names
    .split('\n')
    .filter((name) => name.includes('/regen/'))
    .map(async (name) => {
      const diff = await repository.git('diff', `origin/main...${name}`);
      const added = [...diff.matchAll(/^\+((?:New|Paragraph \d).*)/gm)].map(([, text = '']) => text);
      expect(added.every((text) => text.endsWith('Once.'))).toBe(true);
      const key = name.replace('origin/regen/guide/', '');
      return [key, added.map((text) => text.replace(/ (of|text) .*/, ''))] as const;
    });
  return Object.fromEntries(await Promise.all(found));
}

async function states(world: World): Promise<readonly string[]> {
  return (await world.read('.regen-plan.md'))?.match(/^- \[.\] page-01#[1-5]$/gm) ?? [];
}

it.each([
  {
    per: 'pack',
    before: { 'pack-1': ['Paragraph 1', 'Paragraph 2'], 'pack-2': ['Paragraph 3'] },
    added: { 'pack-3': ['New'] },
  },
  {
    per: 'target',
    before: { all: ['Paragraph 1', 'Paragraph 2', 'Paragraph 3'] },
    added: { 'all.3': ['New'] },
  },
  {
    per: 'item',
    before: {
      'page-01%231': ['Paragraph 1'],
      'page-01%232': ['Paragraph 2'],
      'page-01%233': ['Paragraph 3'],
    },
    added: { 'page-01%231.3': ['New'] },
  },
])('leaves the branches of the last one alone, shipping per $per', async ({ per, before, added }) => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig({
      worker: 'count: 2',
      skip: ', { when: unchanged }',
      ship: `{ to: branch, per: ${per} }`,
      // A check knows an item by its own id, whatever its branch is called.
      checks: per === 'item' ? '  run: [{ name: id, run: \'echo {item} | grep -q "#[0-9]$"\' }]' : '',
    }),
    script: packScript({ answer: ({ text }) => `${text} Once.` }),
  });
  await world.regen(['plan', 'guide']);
  for (let step = 0; step < 3; step += 1) await world.regen([]);
  const shipped = await branches(world);
  const text = ((await world.read(page)) ?? '').replace('\n\n', '\n\nNew text for a guide.\n\n');
  await world.repository.commit({ files: { [page]: text } });
  await world.repository.git('push', '--quiet', 'origin', 'HEAD:main');

  await world.regen(['plan', 'guide']);
  const planned = await states(world);
  const step = await world.regen(['--json']);
  const after = await branches(world);
  await world.regen(['abandon']);
  await rm(path.join(world.root, '.regen', 'good', 'guide'), { recursive: true });
  await world.regen(['plan', 'guide']);

  expect(shipped).toEqual(before);
  expect(planned).toEqual(['- [ ] page-01#1', '- [-] page-01#2', '- [-] page-01#3', '- [-] page-01#4']);
  expect(step.document).toMatchObject({ outcome: 'shipped', item: 'page-01#1', remaining: 0 });
  expect(after).toEqual({ ...before, ...added });
  // Without its notes nothing is known of what was shipped.
  expect((await states(world)).every((line) => line.startsWith('- [ ]'))).toBe(true);
});

it.each([
  ['pack', ['pack-1', 'pack-2', 'pack-3']],
  ['target', ['all', 'all.1']],
  ['item', ['page-01%231', 'page-01%231.1', 'page-01%232', 'page-01%232.1', 'page-01%233', 'page-01%233.2']],
])('leaves the branches of a clone with other journals alone, shipping per %s', async (per, names) => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig({ worker: 'count: 2', ship: `{ to: branch, per: ${per} }` }),
    script: packScript({ answer: ({ text }) => text.replace(/, in more words.*$/, '. Once.') }),
  });
  await world.regen(['plan', 'guide']);
  await world.regen([]);
  if (per === 'item') await world.regen([]);
  const before = await branches(world);
  // Another clone has neither plan nor journals.
  await rm(path.join(world.repository.root, '.regen'), { recursive: true });
  await rm(path.join(world.repository.root, '.regen-plan.md'));

  await world.regen(['plan', 'guide']);
  const first = await world.regen([]);
  const second = await world.regen([]);

  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  const after = await branches(world);
  expect(Object.keys(after).sort()).toEqual(names);
  expect(after).toMatchObject(before);
});
