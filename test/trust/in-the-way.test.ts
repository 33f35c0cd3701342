import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import { makeWorld } from '../support/world.js';
import { attack, intruder } from './intruder.js';

describe('a branch of the remote that makes ours impossible', () => {
  it('fails the item with both names before a token is spent', async () => {
    await using scene = await attack(intruder(), {
      arrange: ({ repository }) =>
        repository.git('push', '--quiet', 'origin', 'main:refs/heads/regen/autumn'),
    });
    const { run, world } = scene;

    expect(run).toMatchObject({ exitCode: 1, document: { outcome: 'failed', item: 'bold', pr: null } });
    expect((run.document as { reason: string }).reason).toBe(
      "branch regen/autumn/bold can't be made beside regen/autumn: remove or rename that one, or set ship.branch",
    );
    expect(await world.read('.regen-plan.md')).toContain('- [!] bold');
    expect(world.model.requests).toEqual([]);
  });
});

describe('what is no file on the base', () => {
  it('is left out of the plan with a word', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await symlink('bold.txt', path.join(world.root, `poems/autumn/voices/${name}.txt`));
    }
    await world.repository.commit({ files: {} });
    await world.repository.git('push', '--quiet', 'origin', 'main');

    const planned = await world.regen(['plan', 'autumn', '--json']);

    expect(planned.document).toMatchObject({ items: ['bold', 'calm', 'wry'] });
    expect(planned.stderr).toContain(
      'warning: symlinks and submodules on the base are left out of the items of autumn: ' +
        '"poems/autumn/voices/a.txt", "poems/autumn/voices/b.txt", "poems/autumn/voices/c.txt", ' +
        '"poems/autumn/voices/d.txt", "poems/autumn/voices/e.txt" and 1 more',
    );
  });
});

describe('a plan that git tracks', () => {
  it.each([[['skip', 'bold']], [['retry', 'bold']]])(
    'is not edited by %j, and status still shows it',
    async (args) => {
      await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
      await world.regen(['plan', 'autumn']);
      await world.repository.git('add', '--force', '.regen-plan.md');
      const before = await world.read('.regen-plan.md');

      const edited = await world.regen([...args, '--json']);
      const status = await world.regen(['status', '--json']);

      expect(edited).toMatchObject({
        exitCode: 2,
        document: {
          error: {
            code: 'plan',
            message: '.regen-plan.md is tracked by git, so a commit would carry it',
            hint: 'git rm --cached .regen-plan.md && git commit, then run regen again.',
          },
        },
      });
      expect(await world.read('.regen-plan.md')).toBe(before);
      expect(status).toMatchObject({ exitCode: 0, document: { target: 'autumn' } });
    },
  );
});
