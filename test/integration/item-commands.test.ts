import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poemConfig, poemFiles } from '../support/poems.js';
import type { World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

interface Started {
  readonly item: string;
  readonly token: string;
  readonly worktree: string;
  readonly prompt: { readonly message: string };
}

describe('a session that does the work itself', () => {
  let world: World;
  let started: Started;

  beforeAll(async () => {
    world = await makeWorld({ files: poemFiles, config: poemConfig() });
    await world.regen(['plan', 'autumn']);
    started = (await world.regen(['item', 'start', '--json'])).document as Started; // asserted below
  }, 60_000);

  afterAll(() => world[Symbol.asyncDispose]());

  it('gets the next item, a worktree without its siblings, and the prompt', async () => {
    expect(started).toMatchObject({
      target: 'autumn',
      item: 'bold',
      attempt: 1,
      worktree: '.worktrees/autumn/bold',
      branch: 'regen/autumn/bold',
      writes: ['poems/autumn/voices/bold.txt'],
    });
    expect(started.prompt.message).toContain('Write poems/autumn/voices/bold.txt anew.');
    expect(await world.read('.worktrees/autumn/bold/poems/autumn/voices/bold.txt')).toBe(
      'stale bold autumn\n',
    );
    expect(await world.read('.worktrees/autumn/bold/poems/autumn/voices/calm.txt')).toBeNull();
  });

  it('keeps everybody else waiting', async () => {
    const step = await world.regen(['--json']);
    const other = await world.regen(['item', 'check', '--token', 'another', '--json']);

    expect(step).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
    expect(step.document).toHaveProperty('retryAt', expect.stringMatching(/^20/));
    expect(other.exitCode).toBe(75);
  });

  it('keeps a new plan waiting, also when the old one was taken away', async () => {
    const plan = await world.read('.regen-plan.md');
    await world.write({ '.regen-plan.md': null });

    const planned = await world.regen(['plan', '--json']);

    expect(planned).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
    expect(await world.read('.regen-plan.md')).toBeNull();
    await world.write({ '.regen-plan.md': plan });
  });

  it('can’t ship before the checks have passed', async () => {
    const shipped = await world.regen(['item', 'ship', '--token', started.token, '--json']);

    expect(shipped).toMatchObject({ exitCode: 2, document: { error: { code: 'usage' }, exit: 2 } });
  });

  it('gets the digest of a failed check and another turn', async () => {
    await world.write({ [`${started.worktree}/poems/autumn/voices/bold.txt`]: 'still stale\n' });

    const checked = await world.regen(['item', 'check', '--token', started.token]);

    expect(checked.exitCode).toBe(1);
    expect(checked.stdout).toMatch(/check "new" failed:[\s\S]*mend it, then run: regen item check/);
  });

  it('ships what passes and gives the item back', async () => {
    await world.write({ [`${started.worktree}/poems/autumn/voices/bold.txt`]: 'new bold autumn\n' });

    const checked = await world.regen(['item', 'check', 'bold', '--json']);
    const shipped = await world.regen(['item', 'ship', 'bold', '--json']);

    expect(checked).toMatchObject({ exitCode: 0, document: { ok: true, next: 'regen item record' } });
    expect(shipped).toMatchObject({
      exitCode: 0,
      document: { ok: true, step: { outcome: 'shipped', remaining: 2 } },
    });
    expect(await world.read('.regen-plan.md')).toMatch(
      /- \[x\] bold\n[\s\S]*- bold: branch regen\/autumn\/bold at /,
    );
    expect(await world.repository.git('ls-remote', '--heads', 'origin')).toContain(
      'refs/heads/regen/autumn/bold',
    );
    expect(world.model.requests).toEqual([]);
  });

  it('gives an item up with its reason', async () => {
    const start = await world.regen(['item', 'start', 'wry', '--json']);
    const failed = await world.regen(['item', 'fail', 'wry', 'no rhyme for wry', '--json']);

    expect(start.document).toMatchObject({ item: 'wry' });
    expect(failed).toMatchObject({
      exitCode: 1,
      document: { outcome: 'failed', reason: 'no rhyme for wry' },
    });
    expect(await world.read('.regen-plan.md')).toMatch(
      /- \[!\] wry\n[\s\S]*- wry: FAILED: no rhyme for wry; log \.regen\/runs\/\S+\/wry\/1\/journal\.jsonl; next: regen retry wry \(/,
    );
  });
});
