import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runGit } from '../../support/git-repo.js';
import { poemConfig, poemFiles, poet } from '../../support/poems.js';
import { tracesOf, withoutPlan } from '../../support/traces.js';
import type { World } from '../../support/world.js';
import { makeWorld } from '../../support/world.js';

const branch = 'regen/autumn/bold';

/** A branch of that name on the remote, made by somebody; returns its tip. */
async function pushForeign({ repository }: World, message: string): Promise<string> {
  const tip = await repository.git('commit-tree', 'HEAD^{tree}', '-p', 'HEAD', '-m', message);
  await repository.git('push', '--quiet', 'origin', `${tip}:refs/heads/${branch}`);
  return tip;
}

async function tipOf({ repository }: World): Promise<string> {
  return runGit(repository.remote, ['rev-parse', branch]);
}

describe('a branch that is there already and isn’t ours', () => {
  it('fails the item before a token is spent, and stays as it is', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    const tip = await pushForeign(world, 'Somebody’s work');
    await world.regen(['plan', 'autumn']);
    const before = await tracesOf(world);

    const step = await world.regen(['--json']);
    const after = await tracesOf(world);

    const reason = `branch ${branch} is there already (${tip.slice(0, 7)}) and isn't ours: its tip carries no trailers of regen`;
    expect(step).toMatchObject({
      exitCode: 1,
      document: { item: 'bold', outcome: 'failed', reason, pr: null, usage: { requests: 0 }, remaining: 2 },
    });
    expect(await world.read('.regen-plan.md')).toMatch(/- \[!\] bold\n- \[ \] calm\n/);
    expect(await world.read('.regen-plan.md')).toContain(`- bold: FAILED: ${reason}; log .regen/`);
    expect(withoutPlan(after)).toEqual(withoutPlan(before));
  });

  it('is not adopted on anybody’s word: it carries no trailers', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    const tip = await pushForeign(world, 'Somebody’s work');
    await world.regen(['plan', 'autumn']);
    await world.regen([]);

    const retried = await world.regen(['retry', 'bold', '--adopt']);
    const step = await world.regen(['--json']);

    expect(retried.exitCode).toBe(0);
    expect(step).toMatchObject({ exitCode: 1, document: { item: 'bold', outcome: 'failed' } });
    expect(await tipOf(world)).toBe(tip);
    expect(world.model.requests).toEqual([]);
  });

  it('is replaced where it is merged into the base: nothing of it is lost', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.repository.git('push', '--quiet', 'origin', `main:refs/heads/${branch}`);
    await world.regen(['plan', 'autumn']);

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped' } });
  });
});

describe('a branch that another clone of ours made', () => {
  it('is left alone until a person says that it may be taken over', async () => {
    await using world = await makeWorld({
      files: poemFiles,
      config: poemConfig(),
      script: poet({ bold: ['new bold autumn, once more\n'] }),
    });
    const message =
      'regen(autumn): bold\n\nRegen-Target: autumn\nRegen-Item: bold\nRegen-Attempt: 6f1f4a3e-5b0b-4a38-9f0e-0d7f1c7d7a11';
    const tip = await pushForeign(world, message);
    await world.regen(['plan', 'autumn']);

    const first = await world.regen(['--json']);
    const tipBetween = await tipOf(world);
    const requestsBetween = world.model.requests.length;
    const retried = await world.regen(['retry', 'bold', '--adopt', '--json']);
    const second = await world.regen(['--json']);

    expect(first).toMatchObject({ exitCode: 1, document: { item: 'bold', outcome: 'failed' } });
    expect(first.document).toHaveProperty(
      'reason',
      expect.stringMatching(
        /attempt 6f1f4a3e-.* of a clone with other journals; "regen retry --adopt" takes it over$/,
      ),
    );
    expect([tipBetween, requestsBetween]).toEqual([tip, 0]);
    expect(retried).toMatchObject({ exitCode: 0, document: { changed: ['bold'], unchanged: [] } });
    expect(second).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped', attempt: 2 } });
    expect(await runGit(world.repository.remote, ['show', `${branch}:poems/autumn/voices/bold.txt`])).toBe(
      'new bold autumn, once more',
    );
  });

  it('is as foreign when it belongs to another item', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    const message =
      'x\n\nRegen-Target: autumn\nRegen-Item: calm\nRegen-Attempt: 6f1f4a3e-5b0b-4a38-9f0e-0d7f1c7d7a11';
    const tip = await pushForeign(world, message);
    await world.regen(['plan', 'autumn']);

    await world.regen(['retry', 'bold', '--adopt']);
    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 1, document: { item: 'bold', outcome: 'failed' } });
    expect(await tipOf(world)).toBe(tip);
  });
});

describe('a local branch that isn’t ours', () => {
  it('fails the item where nothing is pushed', async () => {
    await using world = await makeWorld({
      files: poemFiles,
      config: poemConfig({ ship: '  to: local' }),
      script: poet(),
    });
    await world.repository.git('checkout', '--quiet', '-b', branch);
    const tip = await world.repository.commit({ files: { 'mine.txt': 'mine\n' } });
    await world.regen(['plan', 'autumn']);

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 1, document: { item: 'bold', outcome: 'failed', pr: null } });
    expect(await world.repository.git('rev-parse', branch)).toBe(tip);
    expect(world.model.requests).toEqual([]);
  });
});

describe('a worktree folder that is gone', () => {
  it('is made again, and the item is done', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen(['plan', 'autumn']);
    await world.regen(['item', 'start']);
    await rm(path.join(world.root, '.worktrees'), { recursive: true });
    await rm(path.join(world.root, '.regen', 'lease.json'));

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped' } });
  });
});
