/** Another clone pushes a shipment's name after it was chosen: the work is shipped under the next, and nothing is paid again. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { commitElsewhere, killAtPush, shipElsewhere } from '../../support/elsewhere.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const theirs = { 'docs/theirs.md': 'Theirs.\n' };
const draft = 'drafts/theirs';

/** What another clone has, and is about to push as something else; `check` is run on each shipment. */
async function world(check: (remote: string) => string, ship: string, worker = 'count: 2'): Promise<World> {
  const made = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig(),
    script: packScript({ answer: ({ text }) => `${text} Once.` }),
  });
  const { remote } = made.repository;
  const checks = `  run:\n    - name: look\n      run: ${JSON.stringify(check(remote))}`;
  await made.write({ 'regen.yaml': guideConfig({ worker, ship, checks }) });
  await shipElsewhere(made, { branch: draft, item: 'theirs', edits: theirs });
  await made.repository.git('fetch', '--quiet', 'origin');
  await made.regen(['plan', 'guide']);
  return made;
}

async function branches({ repository }: World): Promise<readonly string[]> {
  await repository.git('fetch', '--quiet', '--prune', 'origin');
  const names = await repository.git(
    'branch',
    '--remotes',
    '--list',
    'origin/regen/*',
    '--format=%(refname)',
  );
  return names.split('\n').map((name) => name.replace('refs/remotes/origin/', ''));
}

const seizing =
  (branch: string) =>
  (remote: string): string =>
    `git --git-dir='${remote}' update-ref 'refs/heads/regen/guide/${branch}' refs/heads/${draft}`;

describe('a name that another clone pushes while the checks run', () => {
  it.each([
    ['pack', 'pack-1', 'pack-1-2'],
    ['target', 'all', 'all.1'],
    ['item', 'page-01%231', 'page-01%231.1'],
  ])('is left to it, shipping per %s', async (per, taken, other) => {
    await using own = await world(seizing(taken), `{ to: branch, per: ${per} }`);

    const step = await own.regen(['--json', '--no-wait-state']);
    const next = await own.regen(['--json', '--no-wait-state']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 0 } });
    expect(next).toMatchObject({ exitCode: 0, document: { mode: 'done' } });
    expect(await branches(own)).toEqual(
      expect.arrayContaining([`regen/guide/${taken}`, `regen/guide/${other}`]),
    );
    const text = await own.repository.git('show', `origin/regen/guide/${taken}:docs/theirs.md`);
    expect(text).toBe('Theirs.');
    const page = await own.repository.git('show', `origin/regen/guide/${other}:docs/guide/page-01.md`);
    expect(page).toContain('Once.');
    expect(own.model.bill).toHaveLength(1);
  });

  it('is left to a person as well, whose commit has no trailers', async () => {
    await using own = await world(seizing('pack-1'), '{ to: branch }');
    await own.repository.git('push', '--quiet', 'origin', 'origin/main:refs/heads/plain');
    await commitElsewhere(own, 'plain', theirs);
    const { remote } = own.repository;
    await own.repository.git('--git-dir', remote, 'update-ref', `refs/heads/${draft}`, 'refs/heads/plain');

    const step = await own.regen(['--json', '--no-wait-state']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 0 } });
    expect(await branches(own)).toEqual(['regen/guide/pack-1', 'regen/guide/pack-1-2']);
    expect(own.model.bill).toHaveLength(1);
  });

  it('is left alone also where it says nothing that the base doesn’t', async () => {
    const remote = (at: string): string =>
      `git --git-dir='${at}' update-ref refs/heads/regen/guide/pack-1 refs/heads/main`;
    await using own = await world(remote, '{ to: branch }');
    const local = 'git update-ref refs/heads/regen/guide/pack-1 HEAD';
    await using here = await world(() => local, '{ to: local }');

    const steps = [await own.regen(['--json']), await here.regen(['--json'])];

    for (const step of steps)
      expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 0 } });
    const main = await own.repository.git('rev-parse', 'origin/main');
    expect(await branches(own)).toEqual(['regen/guide/pack-1', 'regen/guide/pack-1-2']);
    expect(await own.repository.git('rev-parse', 'origin/regen/guide/pack-1')).toBe(main);
    expect(await here.repository.git('rev-parse', 'regen/guide/pack-1')).toBe(main);
  });

  it('is left to it where branches are made here', async () => {
    const seizing = `git update-ref refs/heads/regen/guide/pack-1 refs/remotes/origin/${draft}`;
    await using own = await world(() => seizing, '{ to: local }');

    const step = await own.regen(['--json', '--no-wait-state']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 0 } });
    const text = await own.repository.git('show', 'regen/guide/pack-1-2:docs/guide/page-01.md');
    expect(text.match(/Once\./g)).toHaveLength(2);
    expect(own.model.bill).toHaveLength(1);
  });

  it.each(['the same', 'an older'])(
    'stops the step where all have one name, and nothing is lost: a branch from %s base',
    async (base) => {
      const ship = '{ to: branch, per: target, branch: "regen/{target}/all" }';
      await using own = await world(seizing('all'), ship);
      if (base === 'an older') await commitElsewhere(own, 'main', { 'docs/newer.md': 'Newer.\n' });

      const stopped = await own.regen(['--json', '--no-wait-state']);
      await own.write({ 'regen.yaml': guideConfig({ worker: 'count: 2', ship }) });
      await own.repository.git('push', '--quiet', 'origin', ':regen/guide/all');
      const after = await own.regen(['--json', '--no-wait-state']);

      expect(stopped.exitCode).toBe(3);
      expect(stopped.stderr).toContain('branch regen/guide/all is there already');
      expect(after).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 0 } });
      expect(own.model.bill).toHaveLength(1);
    },
  );
});

it('each item may have another name as often as another one, shipping per item', async () => {
  await using own = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 7 }),
    config: guideConfig(),
    script: packScript({ answer: ({ text }) => `${text} Once.` }),
  });
  await shipElsewhere(own, { branch: draft, item: 'theirs', edits: theirs });
  const seize = `git --git-dir='${own.repository.remote}' update-ref "refs/heads/regen/guide/page-01%23\${REGEN_ITEM#*\\#}" refs/heads/${draft}`;
  const checks = `  run:\n    - name: look\n      run: ${JSON.stringify(seize)}`;
  await own.write({ 'regen.yaml': guideConfig({ ship: '{ to: branch, per: item }', checks }) });
  await own.regen(['plan', 'guide']);

  const step = await own.regen(['--json']);

  expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 0 } });
  expect(await branches(own)).toHaveLength(14);
});

it('a name that another clone pushes in the very instant is left to it', async () => {
  await using own = await world(() => 'true', '{ to: branch }');
  const hook = path.join(own.repository.remote, 'hooks', 'update');
  const ref = 'refs/heads/regen/guide/pack-1';
  const seize = `[ "$1" != ${ref} ] || git update-ref ${ref} refs/heads/${draft}`;
  await writeFile(hook, `#!/bin/sh\n${seize}\n`, { mode: 0o755 });

  const step = await own.regen(['--json', '--no-wait-state']);

  expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 0 } });
  expect(await branches(own)).toEqual(['regen/guide/pack-1', 'regen/guide/pack-1-2']);
  expect(own.model.bill).toHaveLength(1);
});

it('a kill while the remote refuses the name changes nothing of that', async () => {
  await using own = await world(() => 'true', '{ to: branch }');
  const ref = 'refs/heads/regen/guide/pack-1';
  await killAtPush(own, { hook: 'update', before: `git update-ref ${ref} refs/heads/${draft}` });

  const step = await own.regen(['--json', '--no-wait-state']);

  expect(step).toMatchObject({
    exitCode: 0,
    // What the killed step paid has been told by nobody.
    document: { outcome: 'shipped', remaining: 0, usage: { requests: 1 } },
  });
  expect(await branches(own)).toEqual(['regen/guide/pack-1', 'regen/guide/pack-1-2']);
  expect(own.model.bill).toHaveLength(1);
});

it('what somebody adds to the target’s one branch while the checks run stays, below what comes', async () => {
  const add =
    'git checkout -q regen/guide/all && touch docs/theirs.md && git add docs && git commit -qm Theirs && git push -q';
  await using own = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig(),
    script: packScript({ answer: ({ text }) => `${text} Once.` }),
  });
  const { remote } = own.repository;
  const theirs = path.join(path.dirname(remote), 'theirs');
  const clone = `git clone -q '${remote}' '${theirs}' && cd '${theirs}'`;
  const name = 'git config user.name S && git config user.email s@example.invalid';
  const isSecond = `git --git-dir='${remote}' rev-parse -q --verify refs/heads/regen/guide/all`;
  const look = `if ${isSecond} && [ ! -e '${theirs}' ]; then ${clone} && ${name} && ${add}; fi`;
  const checks = `  run:\n    - name: look\n      run: ${JSON.stringify(look)}`;
  await own.write({
    'regen.yaml': guideConfig({ worker: 'count: 2', ship: '{ to: branch, per: target }', checks }),
  });
  await own.regen(['plan', 'guide']);

  const steps = [await own.regen(['--json']), await own.regen(['--json'])];

  for (const step of steps) expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
  expect(await branches(own)).toEqual(['regen/guide/all']);
  const log = await own.repository.git('log', '--format=%s', 'origin/main..origin/regen/guide/all');
  expect(log.split('\n').map((subject) => subject === 'Theirs')).toEqual([false, true, false]);
  const page = await own.repository.git('show', 'origin/regen/guide/all:docs/guide/page-01.md');
  expect(page.match(/Once\./g)).toHaveLength(4);
  expect(own.model.bill).toHaveLength(2);
});

it('who takes each name in the instant of its push is given up on in the end', async () => {
  await using own = await world(() => 'true', '{ to: branch }');
  const hook = path.join(own.repository.remote, 'hooks', 'update');
  const seize = `git update-ref "$1" refs/heads/${draft}`;
  await writeFile(hook, `#!/bin/sh\n${seize}\n`, { mode: 0o755 });

  const step = await own.regen(['--json', '--no-wait-state']);

  expect(step).toMatchObject({ exitCode: 1, document: { outcome: 'failed' } });
  expect(await branches(own)).toHaveLength(6);
  expect(own.model.bill).toHaveLength(1);
});
