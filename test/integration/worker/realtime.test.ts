/** Many small items in one call: the built program, real git, and the provider's own client against a scripted endpoint. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const shorter = ({ text }: { readonly text: string }): string => text.replace(/, in more words.*$/, '.');

it('asks about all paragraphs of a target in two calls, and ships each pack', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 3, paragraphs: 8 }),
    config: guideConfig({ worker: 'count: 12' }),
    script: packScript({ answer: shorter }),
  });

  const planned = await world.regen(['--json']);
  const first = await world.regen(['--json']);
  const second = await world.regen(['--json']);
  const third = await world.regen(['--json']);

  expect(planned.stderr + planned.stdout).toContain('planned');
  expect(first.document).toMatchObject({ outcome: 'shipped', item: 'pack-1', remaining: 12 });
  expect(second.document).toMatchObject({ outcome: 'shipped', item: 'pack-2', remaining: 0 });
  expect(third.document).toMatchObject({ outcome: 'archived' });
  expect(world.model.bill).toHaveLength(2);
  await world.repository.git('fetch', '--quiet', 'origin');
  const page = await world.repository.git('show', 'origin/regen/guide/pack-1:docs/guide/page-01.md');
  expect(page).toContain(paragraphText(1, 1).replace(/, in more words.*$/, '.'));
});

it('asks about several packs at once', async () => {
  let atOnce = 0;
  let most = 0;
  const answer = packScript({ answer: shorter });
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 9 }),
    config: guideConfig({ worker: 'count: 3' }).replace('docs/style.md', 'docs/short.md'),
    script: async (request) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      atOnce -= 1;
      return answer(request);
    },
  });
  await world.regen(['plan', 'guide']);

  const run = await world.regen(['run', '--jobs', '3', '--json']);

  expect(run).toMatchObject({ exitCode: 0, document: { counts: { shipped: 9 } } });
  expect(most).toBeGreaterThan(1);
});

it.each(['pack', 'target'])(
  'works at several packs side by side, shipping per %s, and writes the prefix once',
  async (per) => {
    await using world = await makeWorld({
      files: guideFiles({ pages: 2, paragraphs: 9 }),
      config: guideConfig({ worker: 'count: 3', ship: `{ to: branch, per: ${per} }` }),
      script: packScript({ answer: shorter }),
    });
    await world.regen(['plan', 'guide']);

    const run = await world.regen(['run', '--jobs', '3', '--json']);

    const written = world.model.bill.filter(({ tokens }) => tokens.cacheWrite5m > 0);
    const plan = await world.repository.git('ls-remote', 'origin', 'refs/heads/regen/*');
    expect(run).toMatchObject({ exitCode: 0, document: { counts: { shipped: 18 } } });
    expect(world.model.bill).toHaveLength(6);
    expect(written).toHaveLength(1);
    expect(plan.trim().split('\n')).toHaveLength(per === 'pack' ? 6 : 1);
  },
  60_000,
);

it('a run has failed when an item is marked so by somebody else, or by a step that was killed', async () => {
  const held: { world: World | null } = { world: null };
  const answer = packScript({ answer: shorter });
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig({ worker: 'count: 1, prewarm: false' }),
    script: async (request) => {
      const plan = await held.world?.read('.regen-plan.md');
      if (plan != null)
        await held.world?.write({ '.regen-plan.md': plan.replace('- [ ] page-01#2', '- [!] page-01#2') });
      return answer(request);
    },
  });
  held.world = world;
  await world.regen(['plan', 'guide']);

  const run = await world.regen(['run', '--json']);

  expect(run).toMatchObject({
    exitCode: 1,
    document: { stopped: 'done', counts: { shipped: 1, failed: 1, archived: 1 } },
  });
});

it('a step that has paid and marked nothing tells what it paid', async () => {
  const held: { world: World | null; calls: number } = { world: null, calls: 0 };
  const answer = packScript({ answer: shorter });
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig({ worker: 'count: 1, prewarm: false' }).replace('docs/style.md', 'docs/short.md'),
    script: async (request) => {
      held.calls += 1;
      await expect.poll(() => held.calls, { timeout: 20_000 }).toBe(2);
      if (JSON.stringify(request).includes('Paragraph 1 of')) await held.world?.regen(['skip', 'page-01#1']);
      else await delay(6000);
      return answer(request);
    },
  });
  held.world = world;
  await world.regen(['plan', 'guide']);

  const run = await world.regen(['run', '--jobs', '2', '--jsonl']);

  const documents = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
  const told = documents.filter(({ mode }) => mode === 'execute').map(({ usage }) => usage.requests);
  expect(run.exitCode).toBe(0);
  expect(told.reduce((sum, requests) => sum + requests, 0)).toBe(2);
}, 60_000);

interface Told {
  readonly mode?: string;
  readonly usage: { readonly requests: number };
}
