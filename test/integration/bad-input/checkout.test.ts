import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runGit, writeFiles } from '../../support/git-repo.js';
import { poemConfig, poemFiles, poet } from '../../support/poems.js';
import { tracesOf, withoutPlan } from '../../support/traces.js';
import type { World } from '../../support/world.js';
import { makeWorld } from '../../support/world.js';

/** Somebody else's clone moves the base on. */
async function pushFromElsewhere({ repository }: World): Promise<void> {
  const clone = path.join(path.dirname(repository.root), 'elsewhere');
  await runGit(path.dirname(clone), ['clone', '--quiet', repository.remote, clone]);
  await writeFiles(clone, { 'poems/autumn/voices/bold.txt': 'stale and pushed elsewhere\n' });
  const who = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.invalid'];
  await runGit(clone, [...who, 'commit', '--quiet', '--all', '-m', 'Elsewhere']);
  await runGit(clone, ['push', '--quiet']);
}

describe('the working copy is never looked at and never touched', () => {
  it.each([
    {
      name: 'a detached HEAD',
      mess: async ({ repository }: World) => {
        await repository.git('checkout', '--quiet', '--detach');
        await repository.commit({ files: { 'poems/autumn/voices/bold.txt': 'on no branch\n' } });
      },
    },
    {
      name: 'changes of every kind, in the item’s own file too',
      mess: async (world: World) => {
        const { repository, root } = world;
        await world.write({
          'poems/autumn/voices/bold.txt': 'mine, unstaged\n',
          'poems/autumn/voices/calm.txt': 'mine, staged\n',
          'prompts/rules.md': null,
          'staged.txt': 'staged\n',
          'un tracked\n.txt': 'untracked\n',
          '.gitignore': 'ignored.txt\n',
          'ignored.txt': 'ignored\n',
        });
        await repository.git('add', 'poems/autumn/voices/calm.txt', 'staged.txt');
        await rm(path.join(root, 'poems/autumn/voices/wry.txt'));
      },
    },
    {
      name: 'a merge with conflicts',
      mess: async ({ repository }: World) => {
        await repository.git('checkout', '--quiet', '-b', 'side');
        await repository.commit({ files: { 'poems/autumn/voices/bold.txt': 'side\n' } });
        await repository.git('checkout', '--quiet', 'main');
        await repository.commit({ files: { 'poems/autumn/voices/bold.txt': 'main\n' } });
        await expect(repository.git('merge', 'side')).rejects.toThrow();
      },
    },
    {
      name: 'a main that is behind and ahead of its remote',
      mess: async (world: World) => {
        await world.repository.commit({ files: { 'poems/autumn/voices/bold.txt': 'unpushed\n' } });
        await pushFromElsewhere(world);
      },
    },
    {
      name: 'a branch without any commit',
      mess: ({ repository }: World) => repository.git('checkout', '--quiet', '--orphan', 'nothing-yet'),
    },
  ])('$name', async ({ mess }) => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    const { repository } = world;
    await mess(world);
    const before = await tracesOf(world);

    const planned = await world.regen(['plan', 'autumn']);
    const stepped = await world.regen(['--json']);

    const after = await tracesOf(world);
    expect(planned.exitCode).toBe(0);
    expect(stepped).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped' } });
    expect(withoutPlan(after).files).toEqual(before.files);
    expect(after.git).toEqual(before.git);
    expect(after.refs.replace(/^.*\trefs\/regen\/.*\n?/gm, '').trimEnd()).toEqual(before.refs);
    expect(after.worktrees).toEqual(before.worktrees);
    const shipped = await runGit(repository.remote, [
      'log',
      '--format=%s',
      '--name-only',
      'main..regen/autumn/bold',
    ]);
    expect(shipped).toBe('regen(autumn): bold\n\npoems/autumn/voices/bold.txt');
    expect(await repository.git('rev-parse', 'origin/main')).toBe(
      await runGit(repository.remote, ['rev-parse', 'main']),
    );
    expect(await runGit(repository.remote, ['merge-base', 'main', 'regen/autumn/bold'])).toBe(
      await runGit(repository.remote, ['rev-parse', 'main']),
    );
  });
});
