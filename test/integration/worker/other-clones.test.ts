/** Another clone ships for the same target while this one does: nothing is written over, and nothing is paid for in vain. */
import { describe, expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { batchWorld } from '../../support/batch-world.js';
import { commitElsewhere, killAtPush, shipElsewhere, trailersOf } from '../../support/elsewhere.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const twice = ({ text }: { readonly text: string }): string => `${text} Once.`;
const theirs = { 'docs/theirs.md': 'Theirs.\n' };

async function world(ship: string, paragraphs = 4, skip = ''): Promise<World> {
  const made = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs }),
    config: guideConfig({ worker: 'count: 2', ship, skip }),
    script: packScript({ answer: twice }),
  });
  await made.regen(['plan', 'guide']);
  return made;
}

async function branches({ repository }: World): Promise<readonly string[]> {
  await repository.git('fetch', '--quiet', '--prune', 'origin');
  const names = await repository.git('branch', '--remotes', '--format=%(refname:lstrip=3)');
  return names.split('\n').filter((name) => name !== 'main' && name !== 'HEAD');
}

async function marks(from: World): Promise<string> {
  const plan = (await from.read('.regen-plan.md')) ?? '';
  return [...plan.matchAll(/^- \[(.)\] page-01#\d$/gm)].map(([, mark]) => mark).join('');
}

const textOf = ({ repository }: World, branch: string, file: string): Promise<string> =>
  repository.git('show', `origin/${branch}:${file}`);

describe('a name that another clone has taken', () => {
  it('since a batch was submitted is left to it: the packs are shipped under others', async () => {
    await using both = await batchWorld({ polls: 1 });
    const { world: own, model } = both;
    await own.regen([]);
    await shipElsewhere(own, { branch: 'regen/guide/pack-1', item: 'pack-1', edits: theirs });

    const first = await own.regen(['--json', '--no-wait-state']);
    const second = await own.regen(['--json', '--no-wait-state']);

    expect([first, second]).toMatchObject([
      { exitCode: 0, document: { outcome: 'shipped' } },
      { exitCode: 0, document: { outcome: 'shipped', remaining: 0 } },
    ]);
    expect(await branches(own)).toEqual(['regen/guide/pack-1', 'regen/guide/pack-1-2', 'regen/guide/pack-2']);
    expect(await textOf(own, 'regen/guide/pack-1', 'docs/theirs.md')).toBe('Theirs.');
    expect(model.bill).toHaveLength(2);
  });

  it.each([
    ['pack', 'pack-1', 'pack-1-2'],
    ['target', 'all', 'all.1'],
    ['item', 'page-01%231', 'page-01%231.1'],
  ])('while the model answers is left to it, shipping per %s', async (per, taken, other) => {
    const held: { world: World | null } = { world: null };
    const answer = packScript({ answer: twice });
    await using own = await makeWorld({
      files: guideFiles({ pages: 1, paragraphs: 2 }),
      config: guideConfig({ worker: 'prewarm: false', ship: `{ to: branch, per: ${per} }` }),
      script: async (request) => {
        const item = decodeURIComponent(taken);
        if (held.world !== null)
          await shipElsewhere(held.world, { branch: `regen/guide/${taken}`, item, edits: theirs });
        return answer(request);
      },
    });
    held.world = own;
    await own.regen(['plan', 'guide']);

    const step = await own.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 0 } });
    expect(await branches(own)).toEqual(
      expect.arrayContaining([`regen/guide/${taken}`, `regen/guide/${other}`]),
    );
    expect(await textOf(own, `regen/guide/${taken}`, 'docs/theirs.md')).toBe('Theirs.');
  });

  it.each([
    ['the target’s', 'target', 'regen/guide/all', 'regen/guide/all.2'],
    ['an item’s', 'item', 'regen/guide/page-01%231', 'regen/guide/page-01%231.2'],
  ])('after %s branch was deleted is left to it', async (_, per, branch, other) => {
    await using own = await world(`{ to: branch, per: ${per} }`);
    await own.regen([]);
    await own.repository.git('push', '--quiet', 'origin', `:${branch}`);
    const item = per === 'item' ? 'page-01#1' : 'all';
    await shipElsewhere(own, { branch, item, edits: theirs });
    if (per === 'item') await own.regen(['retry', 'page-01#1']);

    const step = await own.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
    expect(await branches(own)).toContain(other);
    expect(await textOf(own, branch, 'docs/theirs.md')).toBe('Theirs.');
  });
});

describe('a target’s one branch, whatever is shipped to it', () => {
  const ship = '{ to: branch, per: target, branch: "docs-refresh/{target}" }';

  it('takes every pack', async () => {
    await using own = await world(ship);

    const steps = [await own.regen([]), await own.regen([])];

    expect(steps.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await branches(own)).toEqual(['docs-refresh/guide']);
    const text = await textOf(own, 'docs-refresh/guide', 'docs/guide/page-01.md');
    expect(text.match(/Once\./g)).toHaveLength(4);
  });

  it('stops the step before anything is asked while an earlier plan’s is unmerged', async () => {
    await using own = await world(ship, 2);
    await own.regen([]);
    await own.regen([]);
    await own.regen(['plan', 'guide']);
    const billed = own.model.bill.length;

    const step = await own.regen([]);

    expect(step.exitCode).toBe(3);
    expect(step.stderr).toContain('branch docs-refresh/guide is there already');
    expect(own.model.bill).toHaveLength(billed);
  });

  it('stops the step before anything is asked when another clone has it', async () => {
    await using own = await world(ship);
    await shipElsewhere(own, { branch: 'docs-refresh/guide', item: 'all', edits: theirs });

    const step = await own.regen([]);

    expect(step.exitCode).toBe(3);
    expect(step.stderr).toContain('branch docs-refresh/guide is there already');
    expect(own.model.bill).toEqual([]);
  });
});

it.each(['pack', 'target'])(
  'a mark made after a kill at the push stops nothing, shipping per %s',
  async (per) => {
    await using own = await world(`{ to: branch, per: ${per} }`, 4, ', { when: unchanged }');
    await killAtPush(own);
    await own.regen(['skip', 'page-01#1']);

    const resumed = await own.regen(['--json']);
    await own.regen([]);
    const plan = (await own.read('.regen-plan.md')) ?? '';

    expect(resumed).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', item: 'pack-1' } });
    expect(await marks(own)).toBe('-xxx');
    expect(plan.match(/^- page-01#1: branch /gm)).toHaveLength(1);
    expect(own.model.bill).toHaveLength(2);
    expect(await branches(own)).toEqual(
      per === 'pack' ? ['regen/guide/pack-1', 'regen/guide/pack-2'] : ['regen/guide/all'],
    );
    // Everything waits to be merged: there is nothing left to ask about.
    await own.regen([]);
    expect((await own.regen(['plan', 'guide', '--json'])).document).toMatchObject({
      skipped: ['page-01#page-1', 'page-01#1', 'page-01#2', 'page-01#3', 'page-01#4', 'page-01#code-1'].map(
        (id) => expect.objectContaining({ id }) as unknown,
      ),
    });
  },
);

it('an item’s branch that another clone went on with is told before it is asked about again', async () => {
  await using own = await world('{ to: branch, per: item }', 2);
  await own.regen([]);
  const branch = 'regen/guide/page-01%231';
  await commitElsewhere(own, branch, theirs, trailersOf('page-01#1'));
  await own.regen(['retry', 'page-01#1']);
  const billed = own.model.bill.length;

  const step = await own.regen([]);

  expect(step.exitCode).toBe(1);
  expect(step.stdout).toContain('is there already');
  expect(own.model.bill).toHaveLength(billed);
});

it('a target goes on with the name that it had to take', async () => {
  await using both = await batchWorld({ polls: 1 }, { ship: '{ to: branch, per: target }' });
  const { world: own } = both;
  await own.regen([]);
  for (const item of ['all', 'all.1'])
    await shipElsewhere(own, { branch: `regen/guide/${item}`, item, edits: theirs });

  await own.regen(['--no-wait-state']);
  await own.regen(['--no-wait-state']);

  expect(await branches(own)).toEqual(['regen/guide/all', 'regen/guide/all.1', 'regen/guide/all.1-2']);
  const text = await textOf(own, 'regen/guide/all.1-2', 'docs/guide/page-02.md');
  expect(text).not.toContain('in more words');
});

it('what was pushed goes on under its name, whatever ship.branch says by now', async () => {
  await using own = await world('{ to: branch }', 2);
  await killAtPush(own);
  await own.write({
    'regen.yaml': guideConfig({
      worker: 'count: 2',
      ship: '{ to: branch, branch: "other/{target}/{item}" }',
    }),
  });

  await own.regen([]);

  expect(await branches(own)).toEqual(['regen/guide/pack-1']);
  expect(await marks(own)).toBe('xx');
});

it('a push that was refused is told with a way that works', async () => {
  await using own = await world('{ to: branch }', 2);
  await commitElsewhere(own, 'main', { 'docs/other.md': 'Other.\n' });
  await own.repository.git('push', '--quiet', 'origin', 'main:refs/heads/regen/guide/pack-1/deeper');

  const failed = await own.regen([]);

  expect(failed.exitCode).toBe(1);
  expect(failed.stdout).toContain('"regen retry --failed" sets it back.');
});
