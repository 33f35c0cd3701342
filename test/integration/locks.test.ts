import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../src/system/lock.js';
import type { Lock } from '../../src/system/lock.js';
import { gate } from '../support/gate.js';
import { runGit } from '../support/git-repo.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

describe('an item that a living process works on', () => {
  it('is passed over by a step, which waits when there is no other', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen(['plan', 'autumn']);
    const locks = [await hold(world, 'bold'), await hold(world, 'wry')];

    const step = await world.regen(['--json']);
    const next = await world.regen(['--json']);
    const start = await world.regen(['item', 'start', 'bold', '--json']);
    await Promise.all(locks.map(release));

    const holder = `pid ${process.pid} ("regen, by somebody") since 2026-05-02T14:00:00.000Z`;
    expect(step).toMatchObject({ exitCode: 0, document: { item: 'calm', outcome: 'shipped' } });
    expect(next).toMatchObject({
      exitCode: 75,
      document: {
        outcome: 'waiting',
        reason: `every open item is being worked on: ${holder}. Wait for it; "regen status" shows what it does.`,
      },
    });
    expect(start).toMatchObject({
      exitCode: 75,
      document: { error: { code: 'wait', message: `bold is being worked on: ${holder}` } },
    });
  });

  it('keeps its unfinished attempt from being swept, and the plan from being made or archived', async () => {
    const held = gate(1);
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: held.script });
    await world.regen(['plan', 'autumn']);
    const killed = world.regen([]);
    await held.reached;
    await world.killStep();
    await killed;
    held.letGo();
    await world.write({ '.regen-plan.md': null });
    const lock = await hold(world, 'bold');

    const whileHeld = await world.regen(['--json']);
    const open = await readdir(path.join(world.root, '.regen', 'open'));
    await release(lock);
    const afterwards = await world.regen(['--json']);

    expect(whileHeld).toMatchObject({ exitCode: 75, document: { mode: 'plan', outcome: 'waiting' } });
    expect(open).toHaveLength(1);
    expect(afterwards).toMatchObject({ exitCode: 0, document: { outcome: 'planned' } });
    expect(await readdir(path.join(world.root, '.regen', 'open'))).toEqual([]);
    expect(await world.repository.git('worktree', 'list')).not.toContain('.worktrees');
  });
});

describe('two clones with a plan of the same target', () => {
  it('never overwrite each other’s branch; the loser’s item fails, and may be taken over', async () => {
    const held = gate(1);
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: held.script });
    const other = await secondClone(world);
    await world.regen(['plan', 'autumn']);
    await world.regen(['plan', 'autumn', '--cwd', other]);

    // Both find no branch, and the other one is faster.
    const slow = world.regen(['--json']);
    await held.reached;
    const fast = await world.regen(['--json', '--cwd', other]);
    const tip = await tipOf(world, 'bold');
    held.letGo();
    const loser = await slow;

    expect(fast).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped' } });
    expect(loser).toMatchObject({ exitCode: 1, document: { item: 'bold', outcome: 'failed' } });
    expect((loser.document as { reason: string }).reason).toContain('regen/autumn/bold');
    expect(await tipOf(world, 'bold')).toBe(tip);

    // This one finds the branch before it has spent a token.
    await world.regen(['--json', '--cwd', other]);
    const theirs = await tipOf(world, 'calm');
    const requests = world.model.requests.length;
    const refused = await world.regen(['--json']);
    expect(refused).toMatchObject({ exitCode: 1, document: { item: 'calm', outcome: 'failed' } });
    expect((refused.document as { reason: string }).reason).toContain('"regen retry --adopt" takes it over');
    expect(world.model.requests).toHaveLength(requests);
    expect(await tipOf(world, 'calm')).toBe(theirs);
    expect(await world.read('.regen-plan.md')).toMatch(/- \[!\] bold\n- \[!\] calm\n- \[ \] wry\n/);

    await world.regen(['retry', 'calm', '--adopt']);
    const taken = await world.regen(['--json']);
    expect(taken).toMatchObject({ exitCode: 0, document: { item: 'calm', outcome: 'shipped' } });
    expect(await tipOf(world, 'calm')).not.toBe(theirs);
  }, 120_000);
});

function hold(world: World, item: string): Promise<Lock> {
  return acquireLock(path.join(world.root, '.regen', 'leases', `autumn~${item}.lock`), {
    now: () => new Date('2026-05-02T14:00:00Z'),
    command: 'regen, by somebody',
  });
}

async function release(lock: Lock): Promise<void> {
  if (lock.kind === 'held') await lock.release();
}

/** Beside the first one, with its own journals. */
async function secondClone(world: World): Promise<string> {
  const folder = path.join(path.dirname(world.root), 'other');
  await runGit(path.dirname(world.root), ['clone', '--quiet', world.repository.remote, folder]);
  await runGit(folder, ['config', 'user.name', 'Other Person']);
  await runGit(folder, ['config', 'user.email', 'other@example.invalid']);
  await writeFile(path.join(folder, 'regen.yaml'), poemConfig());
  return folder;
}

async function tipOf(world: World, item: string): Promise<string> {
  const line = await world.repository.git('ls-remote', '--heads', 'origin', `regen/autumn/${item}`);
  return line.split('\t')[0] ?? '';
}
