/** What a pack ships: a pull request for all of it, one for each item, or one for the whole target; and what a check makes of it. */
import { afterAll, describe, expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { startForge } from '../../support/forge.js';
import type { TestForge } from '../../support/forge.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import type { GuideConfig } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const once = ({ text }: { readonly text: string }): string => `${text} Once.`;

const open: { readonly close: () => Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open) await one.close();
});

async function forgeWorld(per: string): Promise<{ readonly world: World; readonly forge: TestForge }> {
  const world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig({
      worker: 'count: 2',
      ship: `{ to: github, repository: o/r, per: ${per}, labels: [small], labelDelay: 0s }`,
    }),
    script: packScript({ answer: once }),
  });
  const remote = await world.repository.git('remote', 'get-url', 'origin');
  const forge = await startForge({ owner: 'o', repo: 'r', remote: remote.trim() });
  open.push({
    close: async () => {
      await forge.stop();
      await world[Symbol.asyncDispose]();
    },
  });
  await world.regen(['plan', 'guide'], forgeEnv(forge));
  return { world, forge };
}

function forgeEnv(forge: TestForge) {
  return { GITHUB_TOKEN: forge.token, GITHUB_API_URL: forge.apiUrl };
}

describe('a pack', () => {
  it('becomes one pull request that lists its items, what they took, and its label', async () => {
    const { world, forge } = await forgeWorld('pack');

    const step = await world.regen(['--json'], forgeEnv(forge));

    const pulls = await forge.pullRequests();
    expect(step.document).toMatchObject({ outcome: 'shipped', item: 'pack-1', pr: { number: 1 } });
    expect(pulls).toHaveLength(1);
    expect(pulls[0]?.body).toContain('**Items:**\n\n- `page-01#1`\n- `page-01#2`\n');
    expect(pulls[0]?.body).toMatch(/\| worker \|/);
    expect(pulls[0]?.labels).toEqual(['small']);
  });

  it('becomes a pull request for each item when so configured', async () => {
    const { world, forge } = await forgeWorld('item');

    const step = await world.regen(['--json'], forgeEnv(forge));

    const pulls = await forge.pullRequests();
    expect(step.document).toMatchObject({
      ...{ outcome: 'shipped', remaining: 2, pr: { number: 2 } },
      items: [
        { id: 'page-01#1', pr: { number: 1, branch: 'regen/guide/page-01%231' } },
        { id: 'page-01#2', pr: { number: 2, branch: 'regen/guide/page-01%232' } },
      ],
    });
    expect(pulls.map(({ title }) => title).sort()).toEqual([
      'regen(guide): page-01#1',
      'regen(guide): page-01#2',
    ]);
  });

  it('and a run lists all of them', async () => {
    const { world, forge } = await forgeWorld('item');

    const run = await world.regen(['run', '--max-steps', '2'], forgeEnv(forge));

    const urls = (await forge.pullRequests()).map(({ number }) => `/o/r/pull/${number}`);
    expect(urls).toHaveLength(4);
    for (const url of urls) expect(run.stdout).toContain(url);
  });

  it('of which the model left a part as it was says how many', async () => {
    const kept = paragraphText(1, 1);
    await using world = await makeWorld({
      files: guideFiles({ pages: 1, paragraphs: 3 }),
      config: guideConfig(),
      script: packScript({ answer: ({ text }) => (text === kept ? text : `${text} Once.`) }),
    });
    await world.regen(['plan', 'guide']);

    const step = await world.regen(['--json']);

    expect(step.document).toMatchObject({
      ...{ outcome: 'shipped', reason: '2 shipped, 1 unchanged' },
      items: expect.arrayContaining([
        { id: 'page-01#1', outcome: 'unchanged', reason: 'the model left it as it was', pr: null },
      ]) as unknown,
    });
  });

  it('adds to the one pull request of its target', async () => {
    const { world, forge } = await forgeWorld('target');

    await world.regen(['--json'], forgeEnv(forge));
    const second = await world.regen(['--json'], forgeEnv(forge));

    const pulls = await forge.pullRequests();
    await world.repository.git('fetch', '--quiet', 'origin');
    const page = await world.repository.git('show', 'origin/regen/guide/all:docs/guide/page-01.md');
    expect(second.document).toMatchObject({ outcome: 'shipped', remaining: 0, pr: { number: 1 } });
    expect(pulls).toHaveLength(1);
    expect(page.match(/Once\./g)).toHaveLength(4);
    expect(pulls[0]?.body).toContain('- `page-01#1`\n- `page-01#2`\n- `page-01#3`\n- `page-01#4`\n');
  });

  it('lists nothing that is merged already', async () => {
    const { world, forge } = await forgeWorld('target');
    await world.regen(['--json'], forgeEnv(forge));
    await world.repository.git('fetch', '--quiet', 'origin');
    await world.repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'origin/regen/guide/all');
    await world.repository.git('push', '--quiet', 'origin', 'main');

    const second = await world.regen(['--json'], forgeEnv(forge));

    const body = (await forge.pullRequests()).at(-1)?.body;
    expect(second.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
    expect(body).toContain('**Items:**\n\n- `page-01#3`\n- `page-01#4`\n');
  });
});

const withCheck: GuideConfig = {
  worker: 'count: 8',
  checks: "  run: [{ name: words, run: '! grep -rn forbidden docs/guide' }]",
};

describe('a check that fails', () => {
  it('is narrowed down to the one item that it fails on, which is asked anew with what the check said', async () => {
    const bad = paragraphText(1, 3);
    let asked = 0;
    await using world = await makeWorld({
      files: guideFiles({ pages: 1, paragraphs: 8 }),
      config: guideConfig(withCheck),
      script: packScript({
        answer: (block) => {
          if (block.text !== bad) return once(block);
          asked += 1;
          return asked === 1 ? `${block.text} forbidden` : once(block);
        },
      }),
    });
    await world.regen(['plan', 'guide']);

    const first = await world.regen(['--json']);
    const second = await world.regen(['--json']);

    expect(first.document).toMatchObject({ outcome: 'shipped', remaining: 1 });
    expect(second.document).toMatchObject({ outcome: 'shipped', item: 'page-01#3', remaining: 0 });
    expect(world.model.bill).toHaveLength(2);
    expect(world.model.requests.at(-1)?.scripted?.request.lastMessage).toContain('Your last result failed:');
  });

  it('fails an item whose second result is no better', async () => {
    const bad = paragraphText(1, 2);
    await using world = await makeWorld({
      files: guideFiles({ pages: 1, paragraphs: 3 }),
      config: guideConfig(withCheck),
      script: packScript({ answer: (block) => (block.text === bad ? 'forbidden' : once(block)) }),
    });
    await world.regen(['plan', 'guide']);

    await world.regen(['--json']);
    const second = await world.regen(['--json']);
    const third = await world.regen(['--json']);

    expect(second).toMatchObject({ exitCode: 1, document: { outcome: 'failed', item: 'page-01#2' } });
    expect(third.document).toMatchObject({ outcome: 'archived' });
  });
});
